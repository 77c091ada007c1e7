import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// T = Ō Ōᵀ, one row and column a walker: Fisher's metric seen from the other side.
///
///     Ō_b = √(w_b/n) (O_b - ō),     ε̄_b = √(w_b/n) (E_L,b - Ē),     S = ŌᵀŌ,     F = 4S,     g = 2 Ōᵀε̄
///
/// With fewer walkers than parameters T is the smaller matrix, and (S + λ)⁻¹Ōᵀ = Ōᵀ(T + λ)⁻¹: a step needs T alone.
///
/// - Source: Chen and Heyl, arXiv:2302.01941; Rende et al., arXiv:2310.05715.
public struct WalkerKernel: Sendable {
  /// T, [walkers, walkers].
  public let matrix: Matrix
  /// √(w_b/n), [walkers]: T's null vector, since rows are centred.
  public let roots: [Double]
  private let sample: Sample
  private let derivatives: ParameterDerivatives
  private let group: Int?

  /// T of all parameters, or of those of a group.
  ///
  /// - Parameters:
  ///   - sample: the walkers, with their weights.
  ///   - derivatives: O of another ψ at the same walkers, which keep the weights they have; nil for the sample's own.
  ///   - group: an index into `Sample.parameterGroups`; nil for all.
  /// - Complexity: that of `ParameterDerivatives.kernel`.
  public init(_ sample: Sample, of derivatives: ParameterDerivatives? = nil, group: Int? = nil) {
    (self.sample, self.group) = (sample, group)
    self.derivatives = derivatives ?? sample.derivatives
    let count = sample.walkers.count
    let weights = sample.weights ?? [Double](repeating: 1, count: count)
    roots = weights.map { ($0 / Double(count)).squareRoot() }
    let plain = self.derivatives.kernel(group: group)
    // (O_b - ō)·(O_c - ō) with ō = Σ w O/n.
    let means = (plain * weights).map { $0 / Double(count) }
    let mean = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    let roots = roots
    matrix = Matrix(rows: count, columns: count) { row, column in
      roots[row] * roots[column] * (plain[row, column] - means[row] - means[column] + mean)
    }
  }

  /// √(w_b/n) (x_b - x̄), [walkers]: a number a walker, as the rows of Ō are made of O.
  public func centred(_ values: [Double]) -> [Double] { zip(roots, sample.centred(values)).map { $0 * $1 } }

  /// Bytes of the matrix, and of what a solution makes of it: four matrices of n rows, and three more with eigenvectors.
  static func estimatedBytes(walkers: Int, hasEigenvectors: Bool = false) -> Double {
    8 * (hasEigenvectors ? 7 : 4) * Double(walkers) * Double(walkers)
  }

  /// ε̄, [walkers], in ħω: clipped energies, as they enter the gradient.
  public var energies: [Double] { centred(sample.clippedEnergies) }

  /// Ō v, [walkers].
  public func push(_ v: [Double]) -> [Double] { centred(derivatives.logDerivatives(along: v, group: group)) }

  /// Ōᵀ u, one number a parameter; zeros outside of the group.
  public func pull(_ u: [Double]) -> [Double] {
    let weighted = zip(roots, u).map { $0 * $1 }
    // Σ √(w/n) u (O - ō) = Σ √(w/n) (u - √(w/n) Σ √(w/n) u) O, since √(w/n) is a unit vector.
    let sum = weighted.reduce(0, +)
    return derivatives.logDerivatives(weighted: zip(weighted, roots).map { $0 - $1 * $1 * sum }, group: group)
  }

  /// (T + λ + r rᵀ)⁻¹ u with r = √(w/n), which changes nothing of what Ōᵀ sees of it and keeps the matrix away from
  /// singular; u itself where rounding leaves a matrix that is not positive.
  ///
  /// - Parameters:
  ///   - u: a number a walker.
  ///   - shift: λ.
  /// - Complexity: n³/3 for n walkers.
  public func solve(_ u: [Double], shift: Double) -> [Double] {
    var shifted = matrix
    for row in 0..<shifted.rows {
      for column in 0..<shifted.columns { shifted[row, column] += roots[row] * roots[column] }
      shifted[row, row] += shift
    }
    return Cholesky(shifted)?.solve(u) ?? u
  }
}
