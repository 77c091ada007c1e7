import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch09QuasiNewtonKFAC

/// QN-MR-KFAC: the exact Fisher metric of each layer, from the Kronecker inverse, and the quasi-Hessian for the length.
///
///     (F_gg + λ) Δ_g = -g_g           each group g by MINRES, from KFAC's direction
///     δ = α Δ + μ δ_prev              α and μ by ½ δᵀ(H_Q + λ)δ + gᵀδ
///     λ                               by Levenberg and Marquardt
///
/// - Source: M. Drissi et al., arXiv:2401.17550.
public struct QuasiNewtonMinresKFAC: SecondOrderSettings {
  public static let name = "qn-mr-kfac"
  public static let title = "quasi-Newton KFAC with MINRES"
  public static let defaultSteps = 200
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  public var damping = LevenbergMarquardt()
  /// Where MINRES begins.
  public var start = KroneckerDirection(model: QuasiHessian())
  public var solver = MinimumResidual()

  public init() {}

  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    settings.start.foldsFisherFactor = false
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: MetricDirection.minres(FisherMetric(), start: .direction(start), solver: solver),
      damping: damping,
      length: QuadraticModel(QuasiHessian()), judge: ReductionRatio())
  }
}
