/// ∇f(x), by reverse mode.
///
///     gradient(of: { x in x[0] * x[0] * x[1] }, at: [2, 3])      // [12, 4]
///
/// - Parameters:
///   - f: a function of n variables.
///   - x: shape [n].
/// - Returns: ∂f/∂x_i, shape [n].
/// - Complexity: a fixed number of evaluations of f, whatever n is; memory in proportion to its operations.
@inlinable
public func gradient<Base: DifferentiableScalar>(of f: ([Adjoint<Base>]) -> Adjoint<Base>, at x: [Base]) -> [Base] {
  valueAndGradient(of: f, at: x).gradient
}

/// f(x) and ∇f(x), by one evaluation in reverse mode.
/// - Returns: the value, and ∂f/∂x_i, shape [n].
/// - Complexity: a fixed number of evaluations of f, whatever n is; memory in proportion to its operations.
@inlinable
public func valueAndGradient<Base: DifferentiableScalar>(
  of f: ([Adjoint<Base>]) -> Adjoint<Base>, at x: [Base]
) -> (value: Base, gradient: [Base]) {
  let tape = Tape<Base>()
  let variables = x.map(tape.variable)
  let output = f(variables)
  return (output.primal, tape.gradient(of: output, by: variables))
}

/// ∇f(x), by forward mode: n passes, one a coordinate.
///
/// The second route to the gradient, without a tape: slower beyond a few variables, and a check on the first.
///
/// - Returns: ∂f/∂x_i, shape [n].
/// - Complexity: n evaluations with dual numbers; no memory beyond that of f.
@inlinable
public func gradientForward<Base: DifferentiableScalar>(of f: ([Dual<Base>]) -> Dual<Base>, at x: [Base]) -> [Base] {
  x.indices.map { i in f(seeded(x, alongCoordinate: i)).tangent }
}
