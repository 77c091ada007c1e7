import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// PI-DGD, decisional gradient descent with projected increments. This optimiser is this book's; the metric is that of
/// Drissi's DGD (`DecisionalGradientDescent`).
///
/// δ is a proximal step: the quadratic model of the energy with the decision metric, and the last step as a prior; the
/// stiffer a layer, the more tightly it is held (s, `LayerStiffness`). Only the increment η over μ δ_prev is made of
/// the present sample, and without damping it would be projected onto what the sample's rows can see: hence the name.
///
///     minimise  ½ δᵀGδ + gᵀδ + (λ/2) ‖δ - μ δ_prev‖²_s,        ‖v‖²_s = Σ_p s_p v_p²
///     (G + λs) δ = -g + λ μ s δ_prev          (1)          or, with δ = μ δ_prev + η,      (G + λs) η = -g - μ G δ_prev
///     λ_k = max(λ₀ decayᵏ, floor)             (2)
///     δ ← δ min(1, √(bound/δᵀGδ))             (3)
///     E_new - E_old > bound and > 5σ :   θ ← θ - δ,  bound ← bound/4       (4)
///
/// The code solves the left form of (1); that the others give the same δ is a test (ProjectedIncrementsTests).
///
/// 4096 walkers determine few combinations of 8 580 parameters well and the others hardly. What the present sample says
/// nothing about is kept from the last step, where plain damping would forget it; that is the idea of SPRING
/// (Goldshlager, Abrahamsen, Lin, arXiv:2401.10190), for the Fisher metric. What does not carry over: SPRING's gradient
/// is a combination of the very rows that its metric is made of, PI-DGD's is not (g is made of O, G of M). The part of
/// g that M cannot see is divided by λs alone, and so λ has a floor.
///
/// ½ δᵀGδ is, to second order, the step's divergence in ħω; (3) keeps it below 0.05 ħω. But it is measured on the
/// walkers that made the step, and a node that no walker sees costs nothing there. So the next sample has the last word
/// (4): where the energy has risen by more than the bound, and by more than five of its error bars, the step is taken
/// back, and a quarter of the bound of (3) is left, which grows by a tenth a step. A run takes back none, or one or two
/// in its first steps; without that, such a step costs a hundred others, if not the run. A step after which some local
/// energy is not finite ends the run all the same.
public struct ProjectedIncrements: SecondOrderSettings {
  public static let name = "pi-dgd"
  public static let title = "DGD with projected increments"
  public static let defaultSteps = 100
  public static let hyperparameters = [
    Hyperparameter.lambda(\Self.damping.initial, in: smallestLambda...1e20),
    Hyperparameter("mu", \Self.mu, in: 0...1, "μ, the share of the last step in the prior"),
  ]

  /// λ's floor: what M cannot see of g is divided by λs alone.
  public static let smallestLambda = 1e-3

  /// μ, how much of the last step is the prior's mean; 0 for none.
  public var mu = 0.95
  /// λ. From 10 it was slower than from 1 at all of three seeds of A = 2, V0 = -20.
  public var damping = ExponentialDecay(from: 1, decay: 0.96, floor: ProjectedIncrements.smallestLambda)
  /// The largest δᵀGδ, and the largest rise of the energy that stands, in ħω. With damping by layer stiffness strongly
  /// attracting runs arrive; taking steps back does it for strongly repelling ones. Before both, a bound of 0.2 lost A
  /// = 3, V0 = 20 at one seed of two, 0.1 at one of four.
  public var bound = 0.1
  public var solver = MinimumResidual(tolerance: 1e-4)

  public init() {}

  public var optimizer: SecondOrder {
    let metric = DecisionMetric()
    return SecondOrder(
      name: Self.name,
      // (1)
      direction: MetricDirection(.whole(metric), scale: LayerStiffness(of: metric), prior: Prior(mu), solver: solver),
      // (2)
      damping: damping,
      // (3)
      length: MetricBound(bound, in: metric),
      // (4)
      judge: EnergyRise(limit: bound))
  }
}
