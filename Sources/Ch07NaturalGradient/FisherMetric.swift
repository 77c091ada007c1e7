import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// F = 4 E[O_c O_cᵀ], the Fisher metric of p = |ψ|²; O_c = ∂_θ ℓ minus its mean.
///
/// The 4 is there because ∂_θ ln p = 2 ∂_θ ℓ, the mean comes off because p is normalised and ψ is not. Stochastic
/// reconfiguration uses F/4 and calls it S: the same direction, with four times the learning rate.
///
/// - Source: Amari, Neural Computation 10, 251 (1998); Sorella, Phys. Rev. B 64, 024512 (2001).
public struct FisherMetric: BlockMetric {
  /// Nothing to set: walkers and derivatives are the sample's.
  public init() {}

  public var order: JetOrder { .value }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    product(v, only: nil, sample)
  }

  public func product(
    _ v: [Double], group: Int, _ sample: Sample, precision: ParameterDerivatives.Precision
  ) -> [Double] {
    product(v, only: group, sample)
  }

  private func product(_ v: [Double], only group: Int?, _ sample: Sample) -> [Double] {
    let ov = sample.centred(sample.derivatives.logDerivatives(along: v, group: group))
    // The mean is off one factor already: O need not be centred as well.
    return sample.derivatives.logDerivatives(weighted: sample.averaging(ov).map { 4 * $0 }, group: group)
  }

  public func diagonal(_ sample: Sample) -> [Double] {
    let count = Double(sample.walkers.count)
    let squares = sample.derivatives.logSquares()
    return zip(squares, sample.derivatives.meanLogDerivatives).map { square, mean in
      let variance = square / count - mean * mean
      return variance < 0 ? 0 : 4 * variance
    }
  }

  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix {
    let products = vectors.map { sample.centred(sample.derivatives.logDerivatives(along: $0)) }
    let averaging = products.map { sample.averaging($0) }
    return Matrix(rows: vectors.count, columns: vectors.count) { 4 * dot(averaging[$0], products[$1]) }
  }
}
