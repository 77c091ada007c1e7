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
  /// The name on the command line.
  public static let name = "qn-mr-kfac"
  /// The name in words.
  public static let title = "quasi-Newton KFAC with MINRES"
  /// Where lists put it.
  public static let family = OptimizerFamily.hessian
  /// Steps of a run unless it is told otherwise.
  public static let defaultSteps = 200
  /// λ at the first step.
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  /// λ and its adaptation.
  public var damping = LevenbergMarquardt()
  /// Where MINRES begins.
  public var start = KroneckerDirection(model: QuasiHessian())
  /// MINRES: 50 iterations, 1e-8, unless set.
  public var solver = MinimumResidual()

  /// λ = 10 at the start, and the 4 of F in the Kronecker inverse's Ē.
  public init() {}

  /// λ = 1000 at the start, without an error bar in its adaptation, and the 4 of F outside Ē.
  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    settings.start.foldsFisherFactor = false
    return settings
  }

  /// The optimiser, at its first step.
  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: MetricDirection.minres(FisherMetric(), start: .direction(start), solver: solver),
      damping: damping,
      length: QuadraticModel(QuasiHessian()), judge: ReductionRatio())
  }
}
