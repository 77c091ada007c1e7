import AppendixText
import NeuralQuantumStates

// The energy plus a constant has the same gradient. g = 2 E[(E_L - Ē) O] knows it, 2 E[E_L O] does not: it is wrong by
// 2 Ē E[O], and O = ∂_a ln ψ = -½R² has the mean -1/a. At a = 0.8, where g = 1 - 1/a² = -0.5625 and E = 2.05, that is
// -5.125, and with 10 added to the energy -30.125. If E[O] were 0 the mistake would show in the noise alone.

extension Exercise {
  static let aForgottenMean: Exercise = .init(6, 2, "the gradient's estimator without the mean energy") {
    let a = 0.8
    let psi = ScaledPair(narrowness: a)
    let squares = psi.squares(walkers: 4096)
    for constant in [0.0, 10] {
      let energies = squares.map { psi.localEnergy($0) + constant }
      let middle = mean(energies)
      let right = zip(energies, squares).map { 2 * ($0 - middle) * -0.5 * $1 }
      let wrong = zip(energies, squares).map { 2 * $0 * -0.5 * $1 }
      let g = 1 - 1 / (a * a)
      print(
        "energy plus \(fixed(constant, 0)): with the mean \(estimate(right)), predicted \(fixed(g, 3));",
        terminator: " ")
      print("without \(estimate(wrong)), predicted \(fixed(g - 2 * (a + 1 / a + constant) / a, 3))")
    }
  }
}
