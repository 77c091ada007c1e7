import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// NGD: natural gradient with the exact Fisher metric of each layer, by MINRES.
///
///     (F_gg + λ) Δ_g = -g_g           each group g by MINRES, from ζ δ_prev
///     δ = α Δ + μ δ_prev              α and μ by ½ δᵀ(F + λ)δ + gᵀδ with the whole of F
///     λ                               by Levenberg and Marquardt
public struct NaturalGradient: SecondOrderSettings {
  /// The name on the command line.
  public static let name = "ngd"
  /// The name in words.
  public static let title = "natural gradient by MINRES"
  /// Where lists put it.
  public static let family = OptimizerFamily.fisher
  /// Steps of a run unless it is told otherwise.
  public static let defaultSteps = 200
  /// λ at the first step.
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  /// λ and its adaptation.
  public var damping = LevenbergMarquardt()
  /// MINRES: 50 iterations, 1e-8, unless set.
  public var solver = MinimumResidual()

  /// λ = 10 at the start.
  public init() {}

  /// λ = 1000 at the start, without an error bar in its adaptation.
  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    return settings
  }

  /// The optimiser, at its first step.
  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: MetricDirection.minres(FisherMetric(), solver: solver), damping: damping,
      length: QuadraticModel(FisherMetric()), judge: ReductionRatio())
  }
}
