import AppendixText
import Foundation
import NeuralQuantumStates

// For one particle |ψ|² = exp(-x²)/√π has the variance ½. A move from x to y is accepted with min(1, p(y)/p(x)), and
// the probability of that is an angle between two Gaussians: (2/π) arctan(√2/w), with w the width. It is ½ where
// √2/w = 1.

/// One particle in the ground state of the trap: ψ = exp(-x²/2).
private struct OneFermion: WaveFunction {
  let particles = 1
  func makeWorkspace() {}
  func logPsi(
    _ x: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    sign = Lanes32(repeating: 1)
    logMagnitude = -0.5 * x[start] * x[start]
  }
}

extension Exercise {
  static let acceptanceInOneLine: Exercise = .init(5, 1, "the acceptance of one particle's moves is an angle") {
    for width in [0.2, 0.7, 2.0.squareRoot(), 3, 10] as [Double] {
      let acceptances: [Double] = (1...32).map { seed in
        var walk = MetropolisWalk(walkers: 64, particles: 1, seed: UInt64(seed), width: ProposalWidth(width))
        walk.sweep(OneFermion(), count: 200)
        walk.sweep(OneFermion(), count: 2000)
        return walk.acceptance
      }
      let predicted = 2 / Double.pi * atan(2.0.squareRoot() / width)
      print("width \(fixed(width, 2)): acceptance \(estimate(acceptances, 4)), predicted \(fixed(predicted, 4))")
    }
  }
}
