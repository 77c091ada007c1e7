import AppendixText
import NeuralQuantumStates

// Walkers of |ψ|^p that count |ψ|^(2-p) are as good as (∫|ψ|²)²/(∫|ψ|^p ∫|ψ|^(4-p)) of their number. For a Gaussian in
// A dimensions each integral is (2π/n)^(A/2), up to a common factor, with n = p, 2 and 4 - p: the share is
// (p(4 - p)/4)^(A/2). At p = 1 it is ¾ a pair of particles, and half of the walkers are left at A = 6 if
// p(4 - p) = 4 · 2^(-⅓), p = 1.09. The price is one of dimensions: at A = 20 and p = 1 it is 6 %.

/// ψ = exp(-½ Σ x_i²), of so many particles that are no fermions.
private struct Gaussian: WaveFunction {
  let particles: Int
  func makeWorkspace() {}
  func logPsi(
    _ x: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    sign = Lanes32(repeating: 1)
    logMagnitude = .zero
    for i in 0..<particles { logMagnitude.addProduct(-0.5 * x[start + i], x[start + i]) }
  }
}

extension Exercise {
  static let walkersThatAreLeft: Exercise = .init(12, 1, "the effective share of walkers that follow |ψ|^p") {
    for (particles, power) in [(2, 1.5), (2, 1), (2, 0.5), (6, 1.5), (6, 1.09), (6, 1)] {
      let shares = (1...8).map { seed in
        let width = ProposalWidth(1.5 / Double(particles).squareRoot())
        var walk = MetropolisWalk(walkers: 1024, particles: particles, seed: UInt64(seed), width: width)
        walk.power = power
        walk.sweep(Gaussian(particles: particles), count: 150)
        let weights = (0..<walk.walkers.count).map { walker in
          Double.exp(-0.5 * (2 - power) * walk.walkers[walker].reduce(0) { $0 + $1 * $1 })
        }
        return mean(weights) * mean(weights) / mean(weights.map { $0 * $0 })
      }
      let predicted = Double.pow(power * (4 - power) / 4, Double(particles) / 2)
      print("A = \(particles), p = \(fixed(power, 2)): \(estimate(shares)), predicted \(fixed(predicted, 3))")
    }
  }
}
