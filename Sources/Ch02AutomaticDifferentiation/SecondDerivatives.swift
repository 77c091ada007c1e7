// Second derivatives need no rule of their own: one mode is run over the other.

/// H v with H_ij = ∂²f/∂x_i∂x_j, forward over reverse.
///
/// The gradient, computed in reverse mode with dual numbers in place of plain ones, is itself differentiated along v:
///
///     ∇f(x + v ε) = ∇f(x) + H v ε
///
/// - Parameters:
///   - f: a function of n variables.
///   - x: shape [n].
///   - vector: v, shape [n]; another length stops the program.
/// - Returns: shape [n].
/// - Complexity: a fixed number of evaluations of f, whatever n is; H itself is never formed.
@inlinable
public func hessianVectorProduct<Base: DifferentiableScalar>(
  of f: ([Adjoint<Dual<Base>>]) -> Adjoint<Dual<Base>>, at x: [Base], along vector: [Base]
) -> [Base] {
  gradient(of: f, at: seeded(x, along: vector)).map(\.tangent)
}

/// H_ij = ∂²f/∂x_i∂x_j, forward over reverse, a row at a time.
///
/// Every element is computed, so its symmetry is a result and can be tested.
///
/// - Returns: shape [n][n].
/// - Complexity: n products of the Hessian with a vector.
@inlinable
public func hessian<Base: DifferentiableScalar>(
  of f: ([Adjoint<Dual<Base>>]) -> Adjoint<Dual<Base>>, at x: [Base]
) -> [[Base]] {
  x.indices.map { i in gradient(of: f, at: seeded(x, alongCoordinate: i)).map(\.tangent) }
}

/// ∇²f = Σ_i ∂²f/∂x_i², forward over forward.
///
/// A dual number over dual numbers, both seeded along coordinate i, carries ∂_i²f in `tangent.tangent`.
///
/// - Parameters:
///   - f: a function of n variables.
///   - x: shape [n].
/// - Complexity: n evaluations with nested dual numbers, four numbers for every one of f's. The jets of this chapter's
///   second half carry (f, ∇f, ∇²f) through a single evaluation instead, n + 2 numbers for every one of f's. Unlike a
///   gradient, a Laplacian is not known to come at a fixed number of evaluations: the trace of a Hessian needs its n
///   directions, or random ones and an average.
@inlinable
public func laplacian<Base: DifferentiableScalar>(
  of f: ([Dual<Dual<Base>>]) -> Dual<Dual<Base>>, at x: [Base]
) -> Base {
  var sum: Base = 0
  for i in x.indices {
    var point = x.map { Dual(constant: Dual(constant: $0)) }
    point[i] = Dual(Dual(x[i], tangent: 1), tangent: 1)
    sum += f(point).tangent.tangent
  }
  return sum
}
