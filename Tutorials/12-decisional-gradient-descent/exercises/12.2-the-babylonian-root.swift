import AppendixText
import NeuralQuantumStates

// For ψ = (x_1 - x_2) exp(-½aR²) without interaction g = 1 - 1/a², and M_i = ∂_a ∂_i ℓ = -x_i, so that G = E[R²] = 2/a.
// The whole decisional step leads from a to a - g/G = ½ (a + 1/a): the Babylonian iteration for √1, which converges
// from any a > 0. Newton's step with E″ = 2/a³ leads to a - ½(a³ - a), from a = 2 to -1, which is no wave function.
// Fisher's metric 2/a² leads to a - ½(a² - 1), from a = 2 to ½, and from any a above 1 + √2 below zero.

extension Exercise {
  static let theBabylonianRoot: Exercise = .init(12, 2, "a decisional step is the Babylonian one") {
    var a = 2.0
    for _ in 1...3 {
      let psi = ScaledPair(narrowness: a)
      let arrivals = (1...8).map { seed in
        let squares = psi.squares(walkers: 2048, seed: UInt64(seed))
        let energies = squares.map { psi.localEnergy($0) }
        let (middle, energy) = (mean(squares), mean(energies))
        let g = mean(zip(squares, energies).map { -($0 - middle) * ($1 - energy) })
        return a - g / middle  // G = Σ_i E[M_i²] is the mean of R²
      }
      let (natural, newton) = (a - 0.5 * (a * a - 1), a - 0.5 * (a * a * a - a))
      print("from a = \(fixed(a, 4)): decisional to \(estimate(arrivals, 4)),", terminator: " ")
      print("predicted \(fixed(0.5 * (a + 1 / a), 4)); natural \(fixed(natural, 4)), Newton \(fixed(newton, 4))")
      a = 0.5 * (a + 1 / a)
    }
  }
}
