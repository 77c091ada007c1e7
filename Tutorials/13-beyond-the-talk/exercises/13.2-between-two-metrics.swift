import AppendixText
import NeuralQuantumStates

// A rate r_k for mode k and the best η = 2/(r_1 + r_6) leave (r_6 - r_1)/(r_6 + r_1) of the slowest mode in each step. √ω has
// rates 1 … 2.45: 0.42. G + F ħω has ½ω/(½ω + 1), from 0.33 to 0.75: 0.38. The sum is the better one, and costs a product. A smaller
// share of F leaves less still, down to 0 for G alone; what holds it up is noise (page 12).
extension Exercise {
  static let betweenTwoMetrics: Exercise = .init(13, 2, "the slowest mode at the best η") {
    func slowest(_ rates: [Double]) -> (rate: Double, left: Double) {
      let (low, high) = (rates.min() ?? 0, rates.max() ?? 0)
      return (2 / (low + high), (high - low) / (high + low))
    }
    let omega = (1...6).map(Double.init)
    for (name, rates) in [
      ("Fisher", omega), ("geometric mean", omega.map { $0.squareRoot() }),
      ("G + F", omega.map { 0.5 * $0 / (0.5 * $0 + 1) }),
      ("decision", omega.map { _ in 1 }),
    ] {
      let best = slowest(rates)
      print("\(padded(name, 15)) η = \(fixed(best.rate, 2)) leaves \(fixed(best.left, 2))")
    }
  }
}
