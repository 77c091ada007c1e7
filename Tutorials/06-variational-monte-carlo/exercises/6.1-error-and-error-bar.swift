import AppendixText
import NeuralQuantumStates

// For ψ = (x_1 - x_2) exp(-½aR²) without interaction E = a + 1/a, which is (1 - a)²/a above 2. E_L = 2a + ½(1 - a²)R²,
// and R² has the variance 2/a²: the spread of E_L is |1 - a²|/(√2 a). Half as far from a = 1 the error of the energy is
// a quarter, and the error bar a half. With 4096 walkers they are equal at 1 - a = 0.022; closer to 1 the error bar is the larger.

extension Exercise {
  static let errorAndErrorBar: Exercise = .init(6, 1, "the energy's error falls as a square, its error bar does not") {
    for a in [1, 0.99, 0.95, 0.9, 0.8, 0.6] {
      let psi = ScaledPair(narrowness: a)
      let s = SampleStatistics(independent: psi.squares(walkers: 4096).map { psi.localEnergy($0) })
      let spread = abs(1 - a * a) / (2.0.squareRoot() * a)
      print("a = \(fixed(a, 2)): E - 2 = \(fixed(s.mean - 2, 4)) ± \(fixed(s.standardError, 4)),", terminator: " ")
      print("predicted \(fixed((1 - a) * (1 - a) / a, 4)) ± \(fixed(spread / 64, 4))")
    }
  }
}
