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
public struct DecisionMetric: BlockMetric {
  /// Nothing to set: walkers and derivatives are the sample's.
  public init() {}

  public var order: JetOrder { .gradient }

  // `mixedGram` is Σ_w Mᵀ M v (chapter 4, ParameterDerivatives+Products.swift).
  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    mean(sample.derivatives.mixedGram(v, precision: precision), sample)
  }

  public func product(
    _ v: [Double], group: Int, _ sample: Sample, precision: ParameterDerivatives.Precision
  ) -> [Double] {
    mean(sample.derivatives.mixedGram(v, group: group, precision: precision), sample)
  }

  public func diagonal(_ sample: Sample) -> [Double] { mean(sample.derivatives.mixedSquares(), sample) }

  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix {
    let products = vectors.map { sample.derivatives.mixedDerivatives(along: $0) }
    let averaging = products.map { sample.averaging($0) }
    return Matrix(rows: vectors.count, columns: vectors.count) { dot(averaging[$0], products[$1]) }
  }

  /// A sum over walkers with their weights, divided by their number.
  private func mean(_ sum: [Double], _ sample: Sample) -> [Double] {
    let factor = 1 / Double(sample.walkers.count)
    return sum.map { factor * $0 }
  }
}
