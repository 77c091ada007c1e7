import AppendixText
import NeuralQuantumStates

// The centre of mass is an oscillator of its own, whatever the interaction: every level of the distance comes with a ladder of
// whole quanta above it (Kohn's theorem). Below E_0 + 3 = 3.596 lie E_0, E_0 + 1, E_0 + 2 and whatever the distance has of its
// own. Its second odd level lies 2.655 above the first, and no longer 2 as without interaction: attraction lowers the first
// more. So the fourth level is 3.251, and the pair 4, 4 of free fermions has parted into 2.596 and 3.251. The spacing of
// 0.05 makes all of them 0.002 too low.

extension Exercise {
  static let oneQuantumOfTheCentre: Exercise = .init(14, 1, "four levels, of which three are one") {
    let pair = TrappedFermions(particles: 2, strength: -10)
    let (h, points) = (0.05, 240)
    // Page 1's second difference, on the half line with ψ(0) = 0.
    let relative = Matrix(rows: points, columns: points) { k, l in
      switch abs(k - l) {
      case 0:
        2 / (h * h) + 0.25 * Double((k + 1) * (k + 1)) * h * h + pair.interaction(Double(k + 1) * h)
      case 1: -1 / (h * h)
      default: 0
      }
    }
    let odd = Array(SymmetricEigen(relative, vectors: false).values.prefix(3))
    let ladder = (0..<4).flatMap { n in odd.map { Double(n) + 0.5 + $0 } }.sorted()
    print("levels", columns(ladder.prefix(5), 2), " predicted     0.60   1.60   2.60   3.25   3.60")
  }
}
