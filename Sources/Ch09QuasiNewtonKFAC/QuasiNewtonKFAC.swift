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
  public static let name = "qn-kfac"
  public static let title = "quasi-Newton KFAC"
  public static let defaultSteps = 200
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  public var damping = LevenbergMarquardt()
  public var direction = KroneckerDirection(model: QuasiHessian())

  public init() {}

  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    settings.direction.foldsFisherFactor = false
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: direction, damping: damping, length: QuadraticModel(QuasiHessian()),
      judge: ReductionRatio())
  }
}
