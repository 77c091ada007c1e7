import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// G = Σ_i E[M_i M_iᵀ], M_i = ∂_θ ∂_i ℓ: the decision metric of variational Monte Carlo.
///
/// ½ δᵀGδ is, to second order, the divergence E_θ[E_L,θ - E_L,θ+δ] that the local energy induces when it is read as a
/// scoring rule (chapter 11): an energy, in ħω. Constants in x do not matter to it, so nothing has to be centred.
///
/// - Source: M. Drissi et al., arXiv:2401.17550.
public struct DecisionMetric: ParameterMetric {
  /// Of products alone: diagonals and forms are always in double precision.
  public var precision: ParameterDerivatives.Precision

  /// - Parameter precision: `.single` where an equation is solved to a few digits, in half of the time.
  public init(precision: ParameterDerivatives.Precision = .double) { self.precision = precision }

  public var order: JetOrder { .gradient }

  public func product(_ v: [Double], block: Int?, _ sample: inout Sample) -> [Double] {
    let factor = 1 / Double(sample.walkers.count)
    return sample.derivatives.mixedGram(v, group: block, precision: precision).map { factor * $0 }
  }

  public func diagonal(_ sample: inout Sample) -> [Double] {
    let factor = 1 / Double(sample.walkers.count)
    return sample.derivatives.mixedSquares().map { factor * $0 }
  }

  public func forms(_ vectors: [[Double]], _ sample: inout Sample) -> Matrix {
    let products = vectors.map { sample.derivatives.mixedDerivatives(along: $0) }
    let factor = 1 / Double(sample.walkers.count)
    return Matrix(rows: vectors.count, columns: vectors.count) { factor * dot(products[$0], products[$1]) }
  }
}
