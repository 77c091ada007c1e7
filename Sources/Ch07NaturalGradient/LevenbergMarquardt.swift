import Ch00Lanes

/// λ of the quadratic model ½ δᵀ(Q + λ)δ + gᵀδ: raised where the model promised too much, lowered where it kept its word.
///
///     ρ = (E(θ+δ) - E(θ)) / (M(δ) - M(0)):      ρ > ¾ : λ ← ω⁵ λ,      ρ < ¼ : λ ← λ/ω⁵        every five steps
///
/// ρ is an average over walkers and has an error bar σ. λ falls only where ρ - σ > ¾, and rises only where ρ + σ < ¼: what
/// the noise cannot tell is no reason to move.
///
/// - Source: the rule of Martens and Grosse, arXiv:1503.05671, with an error bar.
public struct LevenbergMarquardt: Sendable, Equatable {
  public var lambda: Double
  /// Steps between judgements.
  public var interval = 5
  /// ω, a factor a step.
  public var omega = 0.95
  /// λ stays within.
  public var bounds = 1e-7...1e20
  /// Whether σ counts; the talk's rule has no error bar.
  public var usesErrorBar = true

  public init(lambda: Double) {
    precondition(lambda > 0, "λ must be positive, got \(lambda)")
    self.lambda = lambda
  }

  /// Takes note of one judged step.
  ///
  /// - Parameters:
  ///   - change: E(θ+δ) - E(θ) and its error.
  ///   - predicted: M(δ) - M(0), negative for a step downhill.
  /// - Returns: ρ.
  @discardableResult
  public mutating func judge(change: Double, error: Double, predicted: Double) -> Double {
    guard predicted != 0, change.isFinite else { return .nan }
    let rho = change / predicted
    let sigma = usesErrorBar ? abs(error / predicted) : 0
    let factor = Double.pow(omega, Double(interval))
    if rho - sigma > 0.75 {
      lambda *= factor
    } else if rho + sigma < 0.25 {
      lambda /= factor
    }
    lambda = min(max(lambda, bounds.lowerBound), bounds.upperBound)
    return rho
  }
}
