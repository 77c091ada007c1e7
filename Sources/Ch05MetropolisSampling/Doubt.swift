import Ch00Lanes

/// How far the values of ln|ψ| by which the moves of 32 walkers are judged may be off.
///
/// A rough ln|ψ| is off by about ε κ, with the magnification κ that comes with it. ε is measured where ln|ψ| is known both
/// ways, at the walkers' positions when a walk sets out: the largest |rough - exact|/κ of the 32. A decision is clear if it
/// would be the same with errors 32 times as large; if one of the 32 is not, they are made with exact values. So rough
/// values do not change where a walker goes. After pretraining one sweep in a hundred or so needs exact ones.
struct Doubt {
  /// Largest error of ln|ψ| at the walkers' positions; 0 where it is exact.
  var present = Lanes32.zero
  /// κ of the proposals until they are judged, their largest error from then on.
  var proposed = Lanes32.zero
  /// Whether all of `present` is 0.
  private(set) var presentIsExact = true
  private var scale = 0.0
  private var (judged, open) = (0, 0)

  /// Sets ε from values at the same positions, κ being in `proposed`; the present values are exact ones.
  mutating func measure(rough: Lanes32, exact: Lanes32) {
    var largest = Lanes.zero
    let errors = (rough - exact).map { $0.magnitude } / proposed
    for part in [errors.a, errors.b, errors.c, errors.d] { largest.replace(with: part, where: part .> largest) }
    scale = 32 * largest.max()
  }

  /// Whether any of the 32 decisions, ln u < 2 ln|ψ'| - 2 ln|ψ|, could come out differently with exact values.
  mutating func leavesOpen(threshold: Lanes32, old: Lanes32, new: Lanes32) -> Bool {
    proposed = scale * proposed
    let distance = (threshold - 2 * (new - old)).map { $0.magnitude }
    let reach = 2 * (present + proposed)
    // Infinities and NaN are never clear.
    let clear =
      (distance.a .> reach.a) .& (distance.b .> reach.b) .& (distance.c .> reach.c) .& (distance.d .> reach.d)
    let isOpen = clear != LaneMask(repeating: true)
    (judged, open, presentIsExact) = (judged + 1, open + (isOpen ? 1 : 0), presentIsExact && isOpen)
    return isOpen
  }

  /// The values at hand are exact ones now.
  mutating func clear() { (present, proposed, presentIsExact) = (.zero, .zero, true) }

  /// Whether looking roughly first is worth its time: not if it has left more than two cases open, and every fifth.
  ///
  /// A network with random weights is such a case: six orbitals that are nearly the same, and a κ of ten thousand.
  var pays: Bool { open <= 2 || 5 * open <= judged }
}
