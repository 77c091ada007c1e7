import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// F ≈ Ā ⊗ Ē for one block of parameters, and its damped inverse.
///
///     Ā = E[āāᵀ],     Ē = 4 E[eeᵀ]        (the 4 of the Fisher metric is folded into Ē)
///
/// Were activities and sensitivities independent, it would be 4 E[O Oᵀ] exactly. Factors are not centred, since a
/// Kronecker product cannot have a rank-one matrix taken off; the mean of O, which only changes ψ by a factor, is in
/// them, and where it is large (the orbitals) so is the product.
///
/// - Source: Martens and Grosse, arXiv:1503.05671.
public struct KroneckerFactors: Sendable {
  /// Ā, [inputs (+ 1), inputs (+ 1)].
  public var activities: Matrix
  /// Ē, [outputs, outputs].
  public var sensitivities: Matrix

  /// Factors as they are; shapes are not checked.
  public init(activities: Matrix, sensitivities: Matrix) {
    self.activities = activities
    self.sensitivities = sensitivities
  }

  /// (Ā + γπ)⁻¹ ⊗ (Ē + γ/π)⁻¹ applied to a gradient, π² = (tr Ā · dim Ē)/(tr Ē · dim Ā).
  ///
  /// Tikhonov's λ on a Kronecker product would couple the factors; this splits γ² so that it is all there is where the
  /// factors vanish, and chooses π so that the cross terms γ (π ē + ā/π) are least for the mean eigenvalues ā and ē.
  /// Nil where even the damped factors are not positive.
  ///
  /// - Parameters:
  ///   - v: [outputs, inputs (+ 1)], the layer's gradient with the bias as its last column.
  ///   - gamma: γ > 0.
  /// - Returns: the same shape.
  /// - Complexity: O(n³ + m³ + n m (n + m)) for factors of n and m rows.
  public func solve(_ v: Matrix, damping gamma: Double) -> Matrix? {
    let (n, m) = (activities.rows, sensitivities.rows)
    let ratio = activities.trace * Double(m) / (sensitivities.trace * Double(n))
    // Either factor may vanish (a layer that does nothing): then γ alone remains.
    let pi = ratio.isFinite && ratio > 0 ? ratio.squareRoot() : 1
    var (a, e) = (activities, sensitivities)
    for i in 0..<n { a[i, i] += gamma * pi }
    for i in 0..<m { e[i, i] += gamma / pi }
    guard let left = Cholesky(e)?.solve(v), let right = Cholesky(a)?.solve(left.transposed()) else { return nil }
    return right.transposed()
  }
}

// What optimisers with Kronecker products share.

extension KroneckerFactors {
  /// Mixes in those of another sample, with weight `past` on what was.
  package mutating func average(_ present: KroneckerFactors, past: Double) {
    activities = past * activities + (1 - past) * present.activities
    sensitivities = past * sensitivities + (1 - past) * present.sensitivities
  }
}

extension ParameterGroup {
  /// The group's part of a vector that begins with parameter `first`, as a matrix [outputs, inputs (+ 1)] with the bias as
  /// its last column.
  package func matrix(_ v: [Double], from first: Int = 0) -> Matrix {
    Matrix(rows: layout.outputs, columns: layout.width) { v[place($0, $1) - first] }
  }

  /// Writes such a matrix into the vector.
  package func write(_ matrix: Matrix, into v: inout [Double], from first: Int = 0) {
    for row in 0..<layout.outputs {
      for column in 0..<layout.width { v[place(row, column) - first] = matrix[row, column] }
    }
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    start + (column < layout.columns ? row * layout.columns + column : layout.biasStart + row)
  }
}

extension OptimizerState {
  /// Appends Ā and Ē.
  package mutating func append(_ name: String, _ factors: KroneckerFactors) {
    append(name + ".activities", factors.activities)
    append(name + ".sensitivities", factors.sensitivities)
  }
}

extension StateReader {
  /// Ā and Ē of a group.
  package mutating func factors(
    _ name: String, of group: ParameterGroup
  ) throws(OptimizerStateError) -> KroneckerFactors {
    let (width, outputs) = (group.layout.width, group.layout.outputs)
    return KroneckerFactors(
      activities: try matrix(name + ".activities", rows: width, columns: width),
      sensitivities: try matrix(name + ".sensitivities", rows: outputs, columns: outputs))
  }
}
