/// f′(x) of a function of one variable, by forward mode.
///
///     derivative(of: { exp(2 * $0) }, at: 0)                     // 2
///
/// It nests for higher derivatives, since the inner one is an ordinary function of its own argument:
///
///     derivative(of: { derivative(of: sin, at: $0) }, at: 1)     // -sin 1
///
/// - Parameters:
///   - f: typed on the dual number over `x`'s type; a generic function, or a closure, fits without annotation.
///   - x: where.
/// - Complexity: one evaluation of f with dual numbers.
@inlinable
public func derivative<Base: DifferentiableScalar>(of f: (Dual<Base>) -> Dual<Base>, at x: Base) -> Base {
  f(Dual(x, tangent: 1)).tangent
}

/// v · ∇f(x), by one pass of forward mode.
///
/// - Parameters:
///   - f: a function of n variables.
///   - x: shape [n].
///   - direction: v, shape [n], not normalised; another length stops the program.
/// - Complexity: one evaluation of f with dual numbers, whatever n is.
@inlinable
public func directionalDerivative<Base: DifferentiableScalar>(
  of f: ([Dual<Base>]) -> Dual<Base>, at x: [Base], along direction: [Base]
) -> Base {
  f(seeded(x, along: direction)).tangent
}

/// x + v ε.
@inlinable
func seeded<Base: DifferentiableScalar>(_ x: [Base], along direction: [Base]) -> [Dual<Base>] {
  precondition(x.count == direction.count, "a direction of \(direction.count) components at a point of \(x.count)")
  return zip(x, direction).map { Dual($0, tangent: $1) }
}

/// x + e_i ε.
@inlinable
func seeded<Base: DifferentiableScalar>(_ x: [Base], alongCoordinate i: Int) -> [Dual<Base>] {
  var point = x.map { Dual(constant: $0) }
  point[i].tangent = 1
  return point
}
