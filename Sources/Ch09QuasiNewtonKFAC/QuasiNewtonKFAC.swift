import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC

/// QN-KFAC: KFAC whose quadratic model is the energy's, the quasi-Hessian.
///
///     Δ = -(Kronecker approximation of F)⁻¹ g          as KFAC
///     δ = α Δ + μ δ_prev                               α and μ by ½ δᵀ(H_Q + λ)δ + gᵀδ
///     λ                                                by Levenberg and Marquardt
///
/// - Source: M. Drissi et al., arXiv:2401.17550.
public struct QuasiNewtonKFAC: SecondOrderSettings {
  /// The name on the command line.
  public static let name = "qn-kfac"
  /// The name in words.
  public static let title = "quasi-Newton KFAC"
  /// Where lists put it.
  public static let family = OptimizerFamily.hessian
  /// Steps of a run unless it is told otherwise.
  public static let defaultSteps = 200
  /// λ at the first step.
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  /// λ and its adaptation.
  public var damping = LevenbergMarquardt()
  /// Δ, with H_Q as the model by which γ is chosen.
  public var direction = KroneckerDirection(model: QuasiHessian())

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
      name: Self.name, direction: direction, damping: damping, length: QuadraticModel(QuasiHessian()),
      judge: ReductionRatio())
  }
}
