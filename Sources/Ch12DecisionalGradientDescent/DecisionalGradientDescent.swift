import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// DGD, decisional gradient descent, as in M. Drissi's talk "A decisional step for Variational Monte Carlo" (2024): the
/// decision metric in both places of chapter 7's step.
///
///     (G_bb + λ) Δ_b = -g_b           (1) each layer b by MINRES, from ζ δ_prev
///     δ = α Δ + μ δ_prev              (2) α and μ by ½ δᵀ(G + λ)δ + gᵀδ with the whole of G
///     λ                               (3) by Levenberg and Marquardt, the only damping
///
/// (1) is `MetricDirection.minres` (chapter 10, MetricDirection+Minres.swift: ζ = 0.95, a diagonal preconditioner), (2)
/// chapter 7's `QuadraticModel`, (3) `LevenbergMarquardt`, told ρ by `ReductionRatio`.
///
/// Where KFAC needs γ, π, averages over steps and a model beside its metric, there is one matrix here, and one number
/// that is regulated. The direction goes by blocks, a layer each, as in all of the talk's optimisers; what the layers
/// say of each other comes back with α and μ. Without blocks, and with λ → 0, the step would be Newton's where the
/// variance is gone (page 12).
///
/// - Source: M. Drissi et al., arXiv:2401.17550.
public struct DecisionalGradientDescent: SecondOrderSettings {
  public static let name = "dgd"
  public static let title = "DGD, decisional gradient descent"
  public static let family = OptimizerFamily.decision
  public static let defaultSteps = 200
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  /// λ at the start; the talk has 1000, which costs the first hundred steps.
  public var damping = LevenbergMarquardt()
  /// Fifty iterations end at a residual of some per cent: seven digits are more than that.
  public var solver = MinimumResidual(precision: .single)

  public init() {}

  public static var talk: Self {
    var settings = Self()
    settings.damping = .talk
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name,
      // (1)
      direction: MetricDirection.minres(DecisionMetric(), solver: solver),
      // (3)
      damping: damping,
      // (2)
      length: QuadraticModel(DecisionMetric()),
      // ρ, for (3)
      judge: ReductionRatio())
  }
}
