import Ch00Lanes

/// How far the values of ln|ψ| by which the moves of 32 walkers are judged may be off.
///
/// In single precision ln|ψ| is off by about ε κ, with the condition number κ that comes with it. ε is measured where
/// ln|ψ| is known both ways, at the walkers' positions when a walk sets out: the largest |single - double|/κ of the 32.
/// A decision is clear if it would be the same with errors 32 times as large; if one of the 32 walkers' is not, all are
/// made in double precision.
///
/// The factor is a margin, not a proof: κ does not see terms that cancel within a row. Tests hold walks against walks
/// in double precision alone, and see no difference.
struct ScreeningErrorBound {
  /// κ of the proposals.
  var conditionNumber = Lanes32.zero
  /// 32 times the likely error of ln|ψ| at the walkers' positions; 0 where it is that of double precision.
  var presentError = Lanes32.zero
  /// The same at the proposals.
  private(set) var proposedError = Lanes32.zero
  /// Whether ln|ψ| at the walkers' positions is that of double precision for all of them.
  private(set) var presentIsInDoublePrecision = true
  /// 32 ε.
  private var scale = Double.infinity
  /// Sweeps judged so far, and those of them that were repeated in double precision.
  private var (judgedSweeps, repeatedSweeps) = (0, 0)

  /// Sets ε from values at the same positions, their κ being in `conditionNumber`; the present values are those of
  /// double precision.
  mutating func measure(single: Lanes32, double: Lanes32) {
    var largest = Lanes.zero
    let errors = (single - double).map { $0.magnitude } / conditionNumber
    for part in [errors.a, errors.b, errors.c, errors.d] { largest.replace(with: part, where: part .> largest) }
    // Where no walker could be measured, since all are on nodes, nothing is trusted. And an error below half of the
    // last bit is luck: copies of one walker are a sample of one.
    let error = largest.max()
    scale = error > 0 ? 32 * max(error, 0x1p-24) : .infinity
  }

  /// Judges 32 decisions, ln u < 2 ln|ψ'| - 2 ln|ψ|.
  ///
  /// - Returns: whether any of them could come out differently in double precision.
  mutating func needsDoublePrecision(threshold: Lanes32, old: Lanes32, new: Lanes32) -> Bool {
    proposedError = scale * conditionNumber
    let distance = (threshold - 2 * (new - old)).map { $0.magnitude }
    let reach = 2 * (presentError + proposedError)
    // Nothing is decided by an infinite bound or by NaN.
    let decided =
      (distance.a .> reach.a) .& (distance.b .> reach.b) .& (distance.c .> reach.c) .& (distance.d .> reach.d)
    let needsDoublePrecision = decided != LaneMask(repeating: true)
    judgedSweeps += 1
    if needsDoublePrecision { repeatedSweeps += 1 } else { presentIsInDoublePrecision = false }
    return needsDoublePrecision
  }

  /// Both sides have been computed in double precision.
  mutating func valuesAreInDoublePrecision() {
    (presentError, proposedError, presentIsInDoublePrecision) = (.zero, .zero, true)
  }

  /// Whether screening is worth its time: not if it has left more than two sweeps undecided, and every fifth.
  ///
  /// A network with random weights is such a case: six orbitals that are nearly the same, and a κ of ten thousand.
  var isWorthwhile: Bool { repeatedSweeps <= 2 || 5 * repeatedSweeps <= judgedSweeps }
}
