import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// PI-DGD, decisional gradient descent with projected increments. This optimiser is this book's; the metric is that of
/// Drissi's DGD (``DecisionalGradientDescent``).
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
///     δ ← δ, δ/2, δ/4:  the first that does not double the walkers on the wrong side of a node      (4)
///     E_new - E_old > limit and > 5σ :   θ ← θ - δ,  bound ← bound/4       (5)
///
/// The code solves the left form of (1); that the others give the same δ is a test (ProjectedIncrementsTests).
///
/// A thousand walkers determine few combinations of 8 580 parameters well and the others hardly. What the present sample
/// says nothing about is kept from the last step, where plain damping would forget it; that is the idea of SPRING
/// (Goldshlager, Abrahamsen, Lin, arXiv:2401.10190), for the Fisher metric. SPRING's gradient is a combination of the very
/// rows that its metric is made of. G alone does not give that, since g is made of O and G of M; with (0) it is so again
/// (``ShiftedDecisionMetric``).
///
/// Walkers follow |ψ| and not |ψ|², and count with weights |ψ| (`MetropolisWalk.power`). All means are the same, but ψ is seen
/// where it is small: that is where a step does its harm, since a new node that no walker sees costs nothing in G, nor in
/// the energy. Of all that this optimiser has, it matters most; page 12 has the numbers. Sampling of this kind, for the
/// gradient: Misery, Gravina, Santini, Vicentini, arXiv:2507.05352.
///
/// ½ δᵀAδ is, but for βF, the step's divergence in ħω to second order; (3) keeps it below a twentieth of the energy of free
/// fermions, A²/(2ℓ²). A new node is the harm that G does not see, and (4) sees a part of it. The next sample has the last word
/// (5): where the energy has risen by more than the limit, and by more than five of its error bars, the step is taken back,
/// and a quarter of the bound of (3) is left, which grows by a tenth a step. A step after which some local energy is not
/// finite ends the run all the same.
///
/// Where the parts are: (0) ``ShiftedDecisionMetric``, (1) chapter 7's `MetricDirection`, (2) `ExponentialDecay` in its
/// Damping.swift, (3) `MetricBound`, (4) `SignGuard`, (5) `EnergyRise` in its Judge.swift; the weights of walkers are chapter
/// 4's, in ParameterDerivatives.swift.
public struct ProjectedIncrements: SecondOrderSettings {
  public static let name = "pi-dgd"
  public static let title = "DGD with projected increments"
  public static let family = OptimizerFamily.decision
  public static let defaultSteps = 300
  public static let defaultTarget: Double? = 5e-4
  public static let samplingPower = 1.0
  public static let hyperparameters = [
    Hyperparameter.lambda(\Self.damping.initial, in: smallestLambda...1e20),
    .mu(\Self.mu),
    Hyperparameter("shift", \Self.shift, in: 0...100, "c, Fisher's share of the metric, in σ of the local energy"),
  ]

  /// λ's floor: what the metric cannot see is divided by λs alone.
  public static let smallestLambda = 1e-3

  /// c. Two seeds of A = 6, V0 = -20 with 512 walkers and 100 steps ended at 8e-6 with it and at 5e-5 without (relative errors,
  /// here and below geometric means); at A = 2 it makes no difference.
  public var shift = 0.5
  /// μ, how much of the last step is the prior's mean; 0 for none. Twelve seeds of A = 2, V0 = -20 with 256 walkers and 100
  /// steps: 2.7e-5 with 0.9, 1.8e-5 with 0.95, 1.0e-5 with 0.98, which is slower at first.
  public var mu = 0.95
  /// λ. The same seeds after 80 steps: 2.9e-5 falling by 4 % a step, 1.2e-5 by 7 %, 1.6e-5 by 10 %; a bound by noise of
  /// 0.5, 2 and 5 made no difference.
  public var damping = ExponentialDecay(
    from: 1, decay: 0.93, floor: ProjectedIncrements.smallestLambda, noise: 2)
  /// The largest δᵀAδ, in A²/(2ℓ²) ħω: 0.2 ħω at A = 2, where 3 ħω left two seeds of twelve 1.5 and 4.9 % off, 1.8 ħω at
  /// A = 6, where 0.4 ħω was slow.
  public var bound = 0.1
  /// How often (4) halves a step. Of 24 seeds of A = 2, V0 = -20 (512 walkers, 80 steps) two ended above 2e-4 without the
  /// guard, the worst at 7e-3; with it the worst was at 4e-5.
  public var halvings = 2
  /// The largest rise of the energy that stands, in A²/(2ℓ²) ħω, ℓ being the trap's length; a rise within five error bars always
  /// stands.
  public var limit = 0.1
  /// A residual of a hundredth: with three hundredths errors were larger by two thirds.
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
      length: SignGuard(MetricBound(bound, in: metric, unit: .freeFermions), growth: 2, halvings: halvings),
      // (5)
      judge: EnergyRise(limit: limit, unit: .freeFermions))
  }
}
