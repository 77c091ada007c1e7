/// The standard deviation of a proposed move, in oscillator lengths, and the rule that adapts it.
///
/// A narrow step is nearly always accepted and goes nowhere, a wide one is nearly always refused; half of the moves accepted
/// is close to the best of both in few dimensions. Adapting the width to the walkers' own history breaks detailed balance:
/// training adapts, final evaluations do not.
public struct ProposalWidth: Sendable, Equatable {
  public var value: Double
  /// Acceptance that `adapt` steers to.
  public static let target = 0.5
  /// Widths stay within these bounds, whatever the acceptance.
  public static let bounds = 0.01...10.0

  public init(_ value: Double = 1) {
    precondition(value > 0 && value.isFinite, "a proposal width must be positive, got \(value)")
    self.value = value
  }

  /// width ← width · max(acceptance, 0.05) / 0.5, within the bounds.
  public mutating func adapt(acceptance: Double) {
    let scaled = value * max(acceptance, 0.05) / ProposalWidth.target
    value = min(max(scaled, ProposalWidth.bounds.lowerBound), ProposalWidth.bounds.upperBound)
  }
}
