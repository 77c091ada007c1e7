import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// Density estimation by the logarithmic score, S(x, p) = -ln p(x), with p_θ = e^{2f}/Z.
///
///     L     = -2 ⟨f⟩ + ln Z,     Z = ∫ e^{2f} dx          (1)
///     ∂_θ L = -2 (⟨O⟩ - E_p[O])                            (2)
///     G     = F = 4 E_p[O_c O_cᵀ]                          (3)
///
/// Each of the three wants an average over the model, here by a sum over the points of a grid: with weights |ψ|² they are a
/// sample of it. In one dimension that is cheap. In two it already takes more points than there are data, and in ten it wants
/// a sampler, run anew at every step.
public struct MaximumLikelihood: FittingProblem {
  /// Equally spaced points that cover the model.
  public let grid: Walkers
  /// The volume of a point.
  public let volume: Double

  /// The rule with its quadrature.
  public init(grid: Walkers, volume: Double) { (self.grid, self.volume) = (grid, volume) }

  public var order: JetOrder { .value }

  /// (1), in nats.
  public func loss(_ sample: Sample) -> Double {
    -2 * sample.mean(sample.derivatives.evaluation.logPsi) + logNormalisation(of: sample.ansatz)
  }

  /// (2).
  public func slope(_ sample: Sample) -> [Double] {
    zip(sample.derivatives.meanLogDerivatives, model(sample).derivatives.meanLogDerivatives).map { -2 * ($0 - $1) }
  }

  /// (3), averaged over the data as it stands. `MetricElsewhere(FisherMetric(), at: model(sample))` is the average over the
  /// model.
  public var metric: any ParameterMetric { FisherMetric() }

  /// ln Z.
  public func logNormalisation(of network: any TrainableWaveFunction) -> Double {
    let f = network.evaluate(grid, order: .value).logPsi
    let largest = f.max() ?? 0
    return 2 * largest + Double.log(f.reduce(0) { $0 + Double.exp(2 * ($1 - largest)) } * volume)
  }

  /// The grid as a sample of p_θ: its points count with weights |ψ|².
  public func model(_ sample: Sample) -> Sample {
    Sample(
      sample.hamiltonian, sample.ansatz, at: grid, order: order, power: 0, clipping: false, threads: sample.threads)
  }
}
