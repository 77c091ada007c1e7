import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// λ of the quadratic model ½ δᵀ(A + λ s)δ + gᵀδ, step by step.
///
/// It sees the sample, and how the last step was judged.
public protocol Damping: Resumable {
  /// λ > 0 for this step; asked for once a step.
  mutating func lambda(_ sample: Sample) -> Double
  /// Takes note of how the last step was judged; nil where it was not.
  mutating func adapt(to verdict: Verdict?)
}

extension Damping {
  public mutating func adapt(to verdict: Verdict?) {}
}

extension Diagnostic {
  /// The damping of the quadratic model.
  public static let lambda = Diagnostic("lambda", symbol: "λ", "damping of the quadratic model")
}

/// The same λ at every step.
public struct ConstantDamping: Damping {
  /// λ > 0, in the units of the metric that it damps.
  public var lambda: Double

  /// λ > 0; anything else stops the program.
  public init(_ lambda: Double) {
    precondition(lambda > 0, "λ must be positive, got \(lambda)")
    self.lambda = lambda
  }

  public func lambda(_ sample: Sample) -> Double { lambda }
}

/// λ_k = max(λ₀ decayᵏ, floor, c/W), k counted from 0, W the number of walkers.
///
/// The last bound is for the noise of the sample: a matrix that is a mean over W walkers is known to a share of it, and
/// with few walkers a small λ follows what they say by chance. Runs with 512 walkers of |ψ|² that were lost at λ = 0.001 came
/// through at 0.01, where 4096 walkers do with 0.001.
public struct ExponentialDecay: Damping {
  /// λ₀.
  public var initial: Double
  /// A factor a step, at most 1.
  public var decay: Double
  /// The least λ.
  public var floor: Double
  /// c.
  public var noise: Double

  /// λ₀ and floor must be positive, decay in (0, 1], noise not negative; anything else stops the program.
  public init(from initial: Double, decay: Double, floor: Double, noise: Double = 0) {
    precondition(initial > 0 && floor > 0 && decay > 0 && decay <= 1, "λ₀, floor > 0, decay in (0, 1]")
    precondition(noise >= 0, "the bound by noise must not be negative")
    (self.initial, self.decay, self.floor, self.noise) = (initial, decay, floor, noise)
  }

  /// λ of a step counted from 1.
  public func lambda(step: Int, walkers: Int) -> Double {
    max(max(initial * Double.pow(decay, Double(step - 1)), floor), noise / Double(walkers))
  }

  public func lambda(_ sample: Sample) -> Double { lambda(step: sample.step, walkers: sample.walkers.count) }
}
