import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// G + β F, the decision metric with a share of Fisher's, and β = c σ(E_L): what is left of the energies' spread.
///
/// PI-DGD's gradient is made of O and its metric of M: the part of g that no row of M sees is divided by λ alone. With
/// rows of O in the metric as well, -g is a combination of its own rows, as it is in SPRING, and λ only has to hold what
/// no row determines. β is an energy; where it is ½ (Ē - τ), G + β F is the matrix of projected inverse iteration with the
/// shift τ below the ground state (arXiv:2606.07825), without its part that is not positive. σ(E_L) bounds how far Ē lies
/// above a level (Weinstein), and goes away by itself as ψ becomes an eigenstate.
public struct ShiftedDecisionMetric: ParameterMetric {
  /// c.
  public var share: Double

  /// A negative share stops the program.
  public init(_ share: Double = 0.5) {
    precondition(share >= 0, "the share of Fisher's metric must not be negative")
    self.share = share
  }

  public var order: JetOrder { .gradient }

  /// β, in ħω: of clipped energies, as they enter the gradient.
  public func shift(_ sample: Sample) -> Double {
    share * WeightedMean(sample.clippedEnergies, weights: sample.weights).variance.squareRoot()
  }

  // F v = 4 [E[O Oᵀ v] - ō (ō·v)]: OᵀO goes along with MᵀM, in one pass over the factors.
  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let weight = 4 * shift(sample)
    let factor = 1 / Double(sample.walkers.count)
    var product = sample.derivatives.gram(v, valueWeight: weight, precision: precision).map { factor * $0 }
    let mean = sample.derivatives.meanLogDerivatives
    add(-weight * dot(mean, v), mean, to: &product)
    return product
  }

  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix {
    DecisionMetric().forms(vectors, sample) + shift(sample) * FisherMetric().forms(vectors, sample)
  }
}
