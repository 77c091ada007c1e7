import AppendixText
import NeuralQuantumStates

// ψ = (x_1 - x_2) exp(-½aR²) without interaction, at a = ½: the energy a + 1/a has the slope g = 1 - 1/a² = -3. In the
// parameter s = ln a the slope is a g = -1.5, and a step δs moves a by a δs to first order, so that gradient descent with η = 0.1
// moves a by 0.3 or by 0.075, a² times as much: it depends on a name. Fisher's metric is the variance of R²,
// F = 2/a² = 8, and a² F = 2 for s. Then -ηg/F = 0.0375 under either name. (Here even the noise drops out: E_L is
// linear in R², and g and F are the same sum over the walkers.)

extension Exercise {
  static let twoNamesForOneStep: Exercise = .init(7, 1, "one parameter under two names") {
    let (a, rate) = (0.5, 0.1)
    let psi = ScaledPair(narrowness: a)
    // Eight samples, for error bars.
    var moves = [[Double]](repeating: [], count: 4)
    for seed in 1...8 as ClosedRange<UInt64> {
      let squares = psi.squares(walkers: 2048, seed: seed)
      let energies = squares.map { psi.localEnergy($0) }
      let (middle, energy) = (mean(squares), mean(energies))
      // O = -½R² for a; for s = ln a it is a times that.
      let g = mean(zip(squares, energies).map { -($0 - middle) * ($1 - energy) })
      let f = mean(squares.map { ($0 - middle) * ($0 - middle) })
      moves[0].append(-rate * g)
      moves[1].append(a * -rate * (a * g))
      moves[2].append(-rate * g / f)
      moves[3].append(a * -rate * (a * g) / (a * a * f))
    }
    let names = ["gradient in a", "gradient in ln a", "natural in a", "natural in ln a"]
    for (index, predicted) in [0.3, 0.075, 0.0375, 0.0375].enumerated() {
      print("\(names[index]): a moves by \(estimate(moves[index], 4)), predicted \(fixed(predicted, 4))")
    }
  }
}
