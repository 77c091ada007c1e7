/// J_ij = ∂f_i/∂x_j, by reverse mode: one recording, then one walk back for each output.
///
/// - Parameters:
///   - f: n numbers to m numbers.
///   - x: shape [n].
/// - Returns: shape [m][n], a row for each output.
/// - Complexity: one evaluation of f and m walks; choose `jacobianForward` where n < m.
@inlinable
public func jacobian<Base: DifferentiableScalar>(
  of f: ([Adjoint<Base>]) -> [Adjoint<Base>], at x: [Base]
) -> [[Base]] {
  let tape = Tape<Base>()
  let variables = x.map(tape.variable)
  return f(variables).map { tape.gradient(of: $0, by: variables) }
}

/// J_ij = ∂f_i/∂x_j, by forward mode: one pass for each input, which gives a column.
///
/// - Returns: shape [m][n], a row for each output; empty for n = 0, where forward mode makes no pass that could tell m.
/// - Complexity: n evaluations with dual numbers.
@inlinable
public func jacobianForward<Base: DifferentiableScalar>(
  of f: ([Dual<Base>]) -> [Dual<Base>], at x: [Base]
) -> [[Base]] {
  let columns = x.indices.map { j in f(seeded(x, alongCoordinate: j)).map(\.tangent) }
  guard let outputs = columns.first?.indices else { return [] }
  return outputs.map { i in columns.map { $0[i] } }
}

/// J v, by one pass of forward mode.
///
/// - Parameters:
///   - f: n variables to m values.
///   - x: shape [n].
///   - direction: v, shape [n]; another length stops the program.
/// - Returns: shape [m].
/// - Complexity: one evaluation with dual numbers.
@inlinable
public func jacobianVectorProduct<Base: DifferentiableScalar>(
  of f: ([Dual<Base>]) -> [Dual<Base>], at x: [Base], along direction: [Base]
) -> [Base] {
  f(seeded(x, along: direction)).map(\.tangent)
}
