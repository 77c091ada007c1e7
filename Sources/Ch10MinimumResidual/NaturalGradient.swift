import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// NGD: natural gradient with the exact Fisher metric of each layer, by MINRES.
///
///     (F_gg + λ) Δ_g = -g_g           each group g by MINRES, from ζ δ_prev
///     δ = α Δ + μ δ_prev              α and μ by ½ δᵀ(F + λ)δ + gᵀδ with the whole of F
///     λ                               by Levenberg and Marquardt
public struct NaturalGradient: SecondOrderSettings {
  public static let name = "ngd"
  public static let title = "natural gradient by MINRES"
  public static let defaultSteps = 200
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  public var damping = LevenbergMarquardt()
  public var solver = MinimumResidual()

  public init() {}

  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: MetricDirection.minres(FisherMetric(), solver: solver), damping: damping,
      length: QuadraticModel(FisherMetric()), judge: ReductionRatio())
  }
}
