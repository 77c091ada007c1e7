import AppendixText
import NeuralQuantumStates

// With φ = e^{-x²/2} and ψ = e^{wx - x²/2} all integrals are Gaussian: ⟨φ|ψ⟩² = π e^{w²/2}, ⟨φ|φ⟩ = √π, ⟨ψ|ψ⟩ = √π e^{w²}, cos² = e^{-w²/2}, 0.88,
// 0.61 and 0.14. ψ is φ moved by w. The estimate is E[s]²/E[s²] with s = e^{wx}: E[s²] = e^{w²} comes from walkers at x = w, and among 1000
// walkers of |φ|² few are beyond x = 2. Where they are missing, E[s²] is too small and the angle with it: at w = 2 cos² comes out too
// large. The loss sees what φ's walkers see.

extension Exercise {
  static let anAngleByHand: Exercise = .init(15, 3, "the angle between two Gaussians") {
    for (w, prediction) in [(0.5, "0.88"), (1, "0.61"), (2, "more than 0.14")] {
      let psi = AntisymmetrizedNetwork(
        particles: 1, hidden: 1, activation: .exponential, parameters: [w, 0, 1, 0.5.squareRoot()])
      let found = (1...20).map { seed in
        var walk = MetropolisWalk(walkers: 1024, particles: 1, seed: UInt64(seed))
        walk.sweep(FreeFermions(particles: 1), count: 100)
        return OverlapLoss(of: psi, with: FreeFermions(particles: 1), at: walk.walkers).cosineSquared
      }
      print("w = \(fixed(w, 1)): \(estimate(found)), predicted \(prediction)")
    }
  }
}
