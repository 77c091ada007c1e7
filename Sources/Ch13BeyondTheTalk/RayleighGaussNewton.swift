import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent

/// Rayleigh-Gauss-Newton: Newton's step with a Hessian that leaves out ∂²ψ/ψ, held by imaginary time.
///
///     (G + 2W + F/(2ε) + λ) δ = -g
///
/// ε → 0 is stochastic reconfiguration with the imaginary time ε, ε = ∞ Newton. An excitation of energy ω falls by
/// ω/(ω + 1/ε) a step, whatever is above it.
///
/// - Source: Webber and Lindsey, arXiv:2106.10558; ε = 1 and the shift of S by 10⁻³ as in PyNQS.
public struct RayleighGaussNewton: SecondOrderSettings {
  public static let name = "rgn"
  public static let title = "Rayleigh-Gauss-Newton"
  public static let family = OptimizerFamily.hessian
  public static let defaultSteps = 200
  public static let hyperparameters = [
    Hyperparameter("time", \Self.time, in: 1e-6...1e6, "imaginary time in 1/ħω: τ of a step, or ε beside Newton's"),
    .lambda(\Self.lambda),
    .bound(\Self.bound),
  ]

  /// ε, in 1/ħω.
  public var time = 1.0
  /// λ: of the source, 10⁻³ in S for ε = 1.
  public var lambda = 2e-3
  /// The largest δᵀGδ, in units of free fermions (`EnergyUnit.freeFermions`).
  public var bound = 0.1
  /// MINRES: W makes the matrix indefinite far from the ground state.
  public var solver = MinimumResidual(tolerance: 1e-2, iterationLimit: 50)

  public init() {}

  public var optimizer: SecondOrder {
    let metric = DecisionMetric() + 2 * EnergyWeightedMetric() + (0.5 / time) * FisherMetric()
    return .bounded(
      Self.name, MetricDirection(.whole(metric), solver: solver), lambda: lambda, bound: bound, avoidsUphill: true)
  }
}

extension SecondOrder {
  /// What the Hessian's family has in common: a constant λ, δᵀGδ below a bound in units of free fermions, and a step is
  /// taken back after which the energy has risen by more than a tenth of that unit.
  static func bounded(
    _ name: String, _ direction: any Direction, lambda: Double, bound: Double, avoidsUphill: Bool = false
  ) -> SecondOrder {
    SecondOrder(
      name: name, direction: direction, damping: ConstantDamping(lambda),
      length: MetricBound(bound, in: DecisionMetric(), unit: .freeFermions, avoidsUphill: avoidsUphill),
      judge: EnergyRise(limit: 0.1, unit: .freeFermions))
  }
}
