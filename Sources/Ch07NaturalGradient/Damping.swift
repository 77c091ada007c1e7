import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// λ of the quadratic model ½ δᵀ(A + λ s)δ + gᵀδ, step by step.
///
/// It sees the sample, and how the last step was judged.
public protocol Damping: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// λ > 0 for this step.
  func lambda(_ sample: Sample) -> Double
  /// Takes note of how the last step was judged; nil where it was not.
  mutating func adapt(to verdict: Verdict?)
}

extension Damping {
  public var order: JetOrder { .value }
  public mutating func adapt(to verdict: Verdict?) {}
}

extension Diagnostic {
  /// The damping of the quadratic model.
  public static let lambda = Diagnostic("lambda", symbol: "λ", "damping of the quadratic model")
}

/// The same λ at every step.
public struct ConstantDamping: Damping {
  public var lambda: Double

  public init(_ lambda: Double) {
    precondition(lambda > 0, "λ must be positive, got \(lambda)")
    self.lambda = lambda
  }

  public func lambda(_ sample: Sample) -> Double { lambda }
}

/// λ_k = max(λ₀ decayᵏ, floor), k counted from 0.
public struct ExponentialDecay: Damping {
  /// λ₀.
  public var initial: Double
  /// A factor a step, at most 1.
  public var decay: Double
  public var floor: Double

  public init(from initial: Double, decay: Double, floor: Double) {
    precondition(initial > 0 && floor > 0 && decay > 0 && decay <= 1, "λ₀, floor > 0, decay in (0, 1]")
    (self.initial, self.decay, self.floor) = (initial, decay, floor)
  }

  /// λ of a step counted from 1.
  public func lambda(step: Int) -> Double { max(initial * Double.pow(decay, Double(step - 1)), floor) }

  public func lambda(_ sample: Sample) -> Double { lambda(step: sample.step) }
}
