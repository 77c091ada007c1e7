import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// KFAC: the Kronecker inverse for the direction, Fisher's metric for the length.
///
///     Δ = -(Kronecker approximation of F)⁻¹ g          layer by layer
///     δ = α Δ + μ δ_prev                               α and μ by ½ δᵀ(F + λ)δ + gᵀδ
///     λ                                                by Levenberg and Marquardt
///
/// - Source: Martens and Grosse, arXiv:1503.05671.
public struct KFAC: SecondOrderSettings {
  /// The name on the command line.
  public static let name = "kfac"
  /// The name in words.
  public static let title = "KFAC"
  /// Where lists put it.
  public static let family = OptimizerFamily.fisher
  /// Steps of a run unless it is told otherwise.
  public static let defaultSteps = 200
  /// λ at the first step.
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  /// λ and its adaptation.
  public var damping = LevenbergMarquardt()
  /// Δ, with F as the model by which γ is chosen.
  public var direction = KroneckerDirection(model: FisherMetric())

  /// λ = 10 at the start, *expand*, and the 4 of F in Ē.
  public init() {}

  /// λ = 1000 at the start, without an error bar in its adaptation, and the 4 of F outside Ē.
  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    settings.direction.foldsFisherFactor = false
    return settings
  }

  /// The optimiser, at its first step.
  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: direction, damping: damping, length: QuadraticModel(FisherMetric()),
      judge: ReductionRatio())
  }
}
