/// The standard deviation of a proposed move, in oscillator lengths, and the rule that adapts it.
///
/// A narrow step is nearly always accepted and goes nowhere, a wide one is nearly always refused; half of the moves
/// accepted is close to the best of both in few dimensions. Adapting the width to the walkers' own history breaks
/// detailed balance: training adapts, final evaluations do not.
public struct ProposalWidth: Sendable, Equatable {
  /// The standard deviation of each coordinate's move, in oscillator lengths.
  public var value: Double
  /// Acceptance that `adapt` steers to.
  public static let target = 0.5
  /// Adapted widths stay within these bounds, in oscillator lengths, whatever the acceptance.
  public static let bounds = 0.01...10.0

  /// A width as given; one that is not positive and finite stops the program.
  public init(_ value: Double = 1) {
    precondition(value > 0 && value.isFinite, "a proposal width must be positive, got \(value)")
    self.value = value
  }

  /// width ← width · max(acceptance, 0.05) / 0.5, within the bounds. The acceptance is a fraction, 0 … 1.
  public mutating func adapt(acceptance: Double) {
    let scaled = value * max(acceptance, 0.05) / ProposalWidth.target
    value = min(max(scaled, ProposalWidth.bounds.lowerBound), ProposalWidth.bounds.upperBound)
  }
}
