import Ch00Lanes

/// How far the values of ln|ψ| by which the moves of 32 walkers are judged may be off.
///
/// A rough ln|ψ| is off by about ε κ, with the magnification κ that comes with it. ε is measured where ln|ψ| is known both
/// ways, at the walkers' positions when a walk sets out: the largest |rough - exact|/κ of the 32. A decision is clear if it
/// would be the same with errors 32 times as large; if one of the 32 walkers' is not, all are made with exact values.
///
/// The factor is a margin, not a proof: κ does not see terms that cancel within a row. Tests hold walks against walks that
/// never look roughly, and see no difference.
struct Doubt {
  /// κ of the proposals.
  var magnification = Lanes32.zero
  /// 32 times the likely error of ln|ψ| at the walkers' positions; 0 where it is exact.
  var presentError = Lanes32.zero
  /// The same at the proposals.
  private(set) var proposedError = Lanes32.zero
  /// Whether ln|ψ| at the walkers' positions is exact for all of them.
  private(set) var presentIsExact = true
  /// 32 ε.
  private var scale = Double.infinity
  /// Sweeps judged so far, and those of them that were left open.
  private var (judgedSweeps, openSweeps) = (0, 0)

  /// Sets ε from values at the same positions, their κ being in `magnification`; the present values are exact ones.
  mutating func measure(rough: Lanes32, exact: Lanes32) {
    var largest = Lanes.zero
    let errors = (rough - exact).map { $0.magnitude } / magnification
    for part in [errors.a, errors.b, errors.c, errors.d] { largest.replace(with: part, where: part .> largest) }
    // Where no walker could be measured, since all are on nodes, nothing is trusted. And an error below half of the last bit
    // is luck: copies of one walker are a sample of one.
    let error = largest.max()
    scale = error > 0 ? 32 * max(error, 0x1p-24) : .infinity
  }

  /// Judges 32 decisions, ln u < 2 ln|ψ'| - 2 ln|ψ|.
  ///
  /// - Returns: whether any of them could come out differently with exact values.
  mutating func isOpen(threshold: Lanes32, old: Lanes32, new: Lanes32) -> Bool {
    proposedError = scale * magnification
    let distance = (threshold - 2 * (new - old)).map { $0.magnitude }
    let reach = 2 * (presentError + proposedError)
    // Infinities and NaN are never decided.
    let decided =
      (distance.a .> reach.a) .& (distance.b .> reach.b) .& (distance.c .> reach.c) .& (distance.d .> reach.d)
    let isOpen = decided != LaneMask(repeating: true)
    judgedSweeps += 1
    if isOpen { openSweeps += 1 } else { presentIsExact = false }
    return isOpen
  }

  /// Exact values have been computed for both sides.
  mutating func valuesAreExact() { (presentError, proposedError, presentIsExact) = (.zero, .zero, true) }

  /// Whether looking roughly first is worth its time: not if it has left more than two sweeps open, and every fifth.
  ///
  /// A network with random weights is such a case: six orbitals that are nearly the same, and a κ of ten thousand.
  var pays: Bool { openSweeps <= 2 || 5 * openSweeps <= judgedSweeps }
}
