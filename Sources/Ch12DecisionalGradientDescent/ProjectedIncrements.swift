import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// PI-DGD, decisional gradient descent with projected increments. This optimiser is this book's; the metric is that of
/// Drissi's DGD (`DecisionalGradientDescent`).
///
/// δ is a proximal step: the quadratic model of the energy with the decision metric and a share of Fisher's, and the last
/// step as a prior; the stiffer a layer, the more tightly it is held (s, `LayerStiffness`). Only the increment η over
/// μ δ_prev is made of the present sample, and without damping it would be projected onto what the sample's rows can see:
/// hence the name.
///
///     A = G + βF,   β = c σ(E_L)              (0)
///     minimise  ½ δᵀAδ + gᵀδ + (λ/2) ‖δ - μ δ_prev‖²_s,        ‖v‖²_s = Σ_p s_p v_p²
///     (A + λs) δ = -g + λ μ s δ_prev          (1)          or, with δ = μ δ_prev + η,      (A + λs) η = -g - μ A δ_prev
///     λ_k = max(λ₀ decayᵏ, floor, noise/W)    (2)
///     δ ← δ min(1, √(bound/δᵀAδ))             (3)
///     δ ← δ, δ/2, δ/4, …  until no more walkers are on the wrong side of a node than before      (4)
///     E_new - E_old > limit and > 5σ :   θ ← θ - δ,  bound ← bound/4       (5)
///
/// The code solves the left form of (1); that the others give the same δ is a test (ProjectedIncrementsTests).
///
/// A thousand walkers determine few combinations of 8 580 parameters well and the others hardly. What the present sample
/// says nothing about is kept from the last step, where plain damping would forget it; that is the idea of SPRING
/// (Goldshlager, Abrahamsen, Lin, arXiv:2401.10190), for the Fisher metric. SPRING's gradient is a combination of the very
/// rows that its metric is made of. G alone does not give that, since g is made of O and G of M; with (0) it is so again
/// (`ShiftedDecisionMetric`).
///
/// ½ δᵀGδ is, to second order, the step's divergence in ħω; (3) keeps it below 0.1 ħω. But it is measured on the walkers
/// that made the step, and a node that no walker sees costs nothing there. (4) sees a part of them: a step that would put
/// walkers on the wrong side of a node is shortened, one that brings some back is not. So the next sample has the last word
/// (5): where the energy has risen by more than the limit, and by more than five of its error bars, the step is taken
/// back, and a quarter of the bound of (3) is left, which grows by a tenth a step. A step after which some local energy is
/// not finite ends the run all the same.
public struct ProjectedIncrements: SecondOrderSettings {
  public static let name = "pi-dgd"
  public static let title = "DGD with projected increments"
  public static let defaultSteps = 160
  public static let defaultTarget: Double? = 1e-3
  public static let hyperparameters = [
    Hyperparameter.lambda(\Self.damping.initial, in: smallestLambda...1e20),
    Hyperparameter("mu", \Self.mu, in: 0...1, "μ, the share of the last step in the prior"),
    Hyperparameter("shift", \Self.shift, in: 0...100, "c, Fisher's share of the metric, in σ of the local energy"),
  ]

  /// λ's floor: what the metric cannot see is divided by λs alone.
  public static let smallestLambda = 1e-3

  /// c. With 1024 walkers and 80 steps (A = 2, V0 = -20) seven seeds ended at 1e-4 to 1.9e-3 with it, 5e-4 in the geometric
  /// mean, and at 1.7e-4 to 3.8e-3 without, 7e-4 in the mean (relative errors; a bound of 0.1 ħω, and no walker allowed to
  /// change sides).
  public var shift = 0.5
  /// μ, how much of the last step is the prior's mean; 0 for none.
  public var mu = 0.95
  /// λ. From 10 it was slower than from 1 at all of three seeds of A = 2, V0 = -20; falling by 7 or 10 % a step was worse
  /// at six seeds, by a half and by a factor of three in the geometric mean of the errors.
  public var damping = ExponentialDecay(from: 1, decay: 0.96, floor: ProjectedIncrements.smallestLambda, noise: 5)
  /// The largest δᵀAδ, in ħω. With 1024 walkers, 60 steps and six seeds of A = 2, V0 = -20 the geometric mean of the
  /// relative errors was 6e-4 with 0.1, 1.5e-4 with 0.2; with 0.4 and 0.8 and 50 steps it was 6e-4 both times.
  public var bound = 0.2
  /// The largest rise of the energy that stands, in ħω.
  public var limit = 0.2
  /// How often (4) halves a step. Without it (80 steps) one of nine seeds ended at 2.3e-2 and one at 2.5e-3, with it one of
  /// twelve at 1.2e-3 and none above. Where it let no walker change its side at all, not even back, seed 903 ended at 1.7e-3 and not at 5e-5.
  public var halvings = 4
  /// A residual of a hundredth: with a ten-thousandth, iterations went from 15 to 40, and the errors were the same.
  public var solver = MinimumResidual(tolerance: 1e-2)

  public init() {}

  public var optimizer: SecondOrder {
    // (0)
    let metric = ShiftedDecisionMetric(shift)
    return SecondOrder(
      name: Self.name,
      // (1)
      direction: MetricDirection(
        .whole(metric), scale: LayerStiffness(of: DecisionMetric()), prior: Prior(mu), solver: solver),
      // (2)
      damping: damping,
      // (3) and (4)
      length: SignGuard(MetricBound(bound, in: metric), halvings: halvings),
      // (5)
      judge: EnergyRise(limit: limit))
  }
}
