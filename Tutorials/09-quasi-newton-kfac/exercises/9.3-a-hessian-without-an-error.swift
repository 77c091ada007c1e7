import AppendixText
import NeuralQuantumStates

// For ψ = (x_1 - x_2) exp(-½aR²) without interaction E = a + 1/a, so E″ = 2/a³. O = -½R² does not depend on a: ∂∂ℓ = 0,
// and the term that the quasi-Hessian leaves out is absent, even far from the ground state. With M_i = -x_i the second
// part is E[R²] = 2/a, and the first one is ½(1 - a²) times the third central moment of R², 4/a³. The sum is 2/a³.
// Fisher's metric is 2/a², whatever the energy is.

extension Exercise {
  static let aHessianWithoutAnError: Exercise = .init(9, 3, "a family for which the quasi-Hessian is the Hessian") {
    for a in [0.5, 1, 1.5] {
      let psi = ScaledPair(narrowness: a)
      let squares = psi.squares(walkers: 16384)
      let energies = squares.map { psi.localEnergy($0) }
      let (middle, energy) = (mean(squares), mean(energies))
      let first = zip(squares, energies).map { ($1 - energy) * ($0 - middle) * ($0 - middle) }
      let sum = zip(first, squares).map { $0 + $1 }
      print(
        "a = \(fixed(a, 1)): first part \(estimate(first, 2)), predicted \(fixed(2 * (1 - a * a) / (a * a * a), 2));",
        terminator: " ")
      print("H_Q = \(estimate(sum, 2)), E″ = \(fixed(2 / (a * a * a), 2)), F = \(fixed(2 / (a * a), 2))")
    }
  }
}
