import AppendixText
import NeuralQuantumStates

// E - E₀ = Σ_n c_n² (E_n - E₀) and σ² = Σ_n c_n² (E_n - E₀)² to leading order: their ratio is the mean excitation
// energy of what is wrong with ψ. A wrong width, a ≠ 1, excites the mode in which both fermions breathe, with frequency
// 2: σ² over E - E₀ goes to 2. By algebra it is (1 + a)²/(2a). A variance of 2e-4 here means an energy that is 1e-4 too
// high.

extension Exercise {
  static let whatTheVarianceBounds: Exercise = .init(12, 4, "variance over distance is an excitation energy") {
    for a in [0.5, 0.8, 0.95] {
      let psi = ScaledPair(narrowness: a)
      let ratios = (1...4).map { seed in
        let energies = psi.squares(walkers: 8192, seed: UInt64(seed)).map { psi.localEnergy($0) }
        return SampleStatistics(independent: energies).variance / (a + 1 / a - 2)
      }
      print(
        "a = \(fixed(a, 2)): σ²/(E - E₀) = \(estimate(ratios, 2)), predicted \(fixed((1 + a) * (1 + a) / (2 * a), 2))")
    }
    print("predicted for a → 1: 2, the breathing mode")
  }
}
