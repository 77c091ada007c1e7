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
  public static let name = "kfac"
  public static let title = "KFAC"
  public static let defaultSteps = 200
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  public var damping = LevenbergMarquardt()
  public var direction = KroneckerDirection(model: FisherMetric())

  public init() {}

  public init(lambda: Double) { damping.lambda = lambda }

  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    settings.direction.foldsFisherFactor = false
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: direction, damping: damping, length: QuadraticModel(FisherMetric()),
      judge: ReductionRatio())
  }
}
