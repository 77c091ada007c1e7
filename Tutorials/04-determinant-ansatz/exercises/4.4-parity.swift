import AppendixText
import NeuralQuantumStates

// The trap does not know left from right, so that ψ(-x) = ±ψ(x) for its ground state. Reflection turns every difference
// x_j - x_i of a product of differences round: A(A - 1)/2 signs, and exercise 1.4 showed that free fermions are such a
// product. So the sign is - for A = 2 and 3, + for 4 and 5, and ψ(x) ± ψ(-x) with the same sign is a network that has
// learned it before any training. With the other sign what is left of a good network is nothing but its error.

extension Exercise {
  static let parity: Exercise = .init(4, 4, "the sign of ψ under reflection, and what a projection leaves") {
    for particles in 2...5 {
      var ansatz = DeterminantAnsatz(try AnsatzShape(particles: particles, hidden: 16), seed: 1)
      var walk = MetropolisWalk(walkers: 256, particles: particles, seed: 1)
      Pretraining().run(&ansatz, &walk, threads: 2)
      walk.sweep(ansatz, count: 100, threads: 2)
      let mirrored = Walkers(walk.walkers.positions.map { -$0 }, particles: particles)
      let here = ansatz.evaluate(walk.walkers, order: .value, threads: 2)
      let there = ansatz.evaluate(mirrored, order: .value, threads: 2)
      let signs = zip(here.sign, there.sign).map { $0 * $1 }
      let predicted = particles * (particles - 1) / 2 % 2 == 0 ? 1.0 : -1

      // ½ (ψ(x) ∓ ψ(-x)) over ψ(x): the part of the other parity.
      let wrong = zip(here.psi, there.psi).map { 0.25 * ($0 - predicted * $1) * ($0 - predicted * $1) / ($0 * $0) }
      print("A = \(particles): sign \(estimate(signs, 2)), predicted \(fixed(predicted, 0));", terminator: " ")
      let share = mean(wrong)
      print("other parity: a share of ≈ \(scientific(share, 0)), below 0.05: \(yesOrNo(share < 0.05))")
    }
  }
}
