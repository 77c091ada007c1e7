import Ch00Lanes
import Ch06VariationalMonteCarlo

/// λ raised where the quadratic model promised too much, lowered where it kept its word.
///
///     ρ = (E(θ+δ) - E(θ)) / (M(δ) - M(0)):      ρ > ¾ : λ ← ωⁿ λ,      ρ < ¼ : λ ← λ/ωⁿ        every n steps
///
/// ρ is an average over walkers and has an error bar σ. λ falls only where ρ - σ > ¾, and rises only where ρ + σ < ¼:
/// it stays where the error bar covers the threshold. ρ comes from `ReductionRatio`; other judges' verdicts leave λ
/// alone.
///
/// - Source: the rule of Martens and Grosse, arXiv:1503.05671, with an error bar.
public struct LevenbergMarquardt: Damping, Equatable {
  /// λ at this step.
  public var lambda: Double
  /// ω, a factor a step.
  public var omega = 0.95
  /// λ stays within.
  public static let bounds = 1e-7...1e20
  /// Whether σ counts; the rule of Drissi's talk has no error bar.
  public var usesErrorBar: Bool

  /// The rule with ω = 0.95.
  ///
  /// - Parameters:
  ///   - lambda: at the start, within `bounds`. 10 is a hundredth of the talk's, where the first hundred steps go into
  ///     bringing it down.
  ///   - usesErrorBar: whether σ counts.
  public init(lambda: Double = 10, usesErrorBar: Bool = true) {
    precondition(Self.bounds.contains(lambda), "λ must lie within \(Self.bounds), got \(lambda)")
    self.lambda = lambda
    self.usesErrorBar = usesErrorBar
  }

  /// The values of Drissi's talk, "A decisional step for Variational Monte Carlo".
  public static let talk = LevenbergMarquardt(lambda: 1000, usesErrorBar: false)

  public func lambda(_ sample: Sample) -> Double { lambda }

  public mutating func adapt(to verdict: Verdict?) {
    guard case .ratio(let rho, let error, let steps) = verdict, rho.isFinite else { return }
    let sigma = usesErrorBar ? error : 0
    let factor = Double.pow(omega, Double(steps))
    if rho - sigma > 0.75 {
      lambda *= factor
    } else if rho + sigma < 0.25 {
      lambda /= factor
    }
    lambda = min(max(lambda, Self.bounds.lowerBound), Self.bounds.upperBound)
  }

  public func save(to state: inout OptimizerState) { state.append("lambda", lambda) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    lambda = try reader.number("lambda", in: Self.bounds)
  }
}

extension Hyperparameter {
  /// "lambda": λ at the first step, within `LevenbergMarquardt.bounds` unless others are given.
  public static func lambda(
    _ keyPath: any WritableKeyPath<Settings, Double> & Sendable,
    in bounds: ClosedRange<Double> = LevenbergMarquardt.bounds
  ) -> Hyperparameter {
    Hyperparameter("lambda", keyPath, in: bounds, "λ, the damping, at the first step")
  }

  /// "mu": how much of the last step or direction the prior's mean is, below 1: with 1 what walkers never see may grow
  /// without end (Wang and Liu, arXiv:2604.18357).
  public static func mu(_ keyPath: any WritableKeyPath<Settings, Double> & Sendable) -> Hyperparameter {
    Hyperparameter("mu", keyPath, in: 0...0.9999, "μ, the share of the last step in the prior")
  }

  /// "bound": the largest δᵀAδ, in what the optimiser measures steps by.
  public static func bound(_ keyPath: any WritableKeyPath<Settings, Double> & Sendable) -> Hyperparameter {
    Hyperparameter("bound", keyPath, in: 1e-12...1e12, "the largest δᵀAδ of a step")
  }
}
