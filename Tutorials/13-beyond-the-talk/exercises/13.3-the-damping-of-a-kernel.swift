import AppendixText
import NeuralQuantumStates

// Δ is the shortest direction that fits every walker when λ → 0: with more parameters than walkers there is one, and its length
// is finite. But T's eigenvalues go down to 1e-8 of the largest and less, and each that comes above λ adds to the length: it still
// grows about threefold with each factor of a hundred, and the finite length is not in sight.
extension Exercise {
  static let theDampingOfAKernel: Exercise = .init(13, 3, "how long MinSR's direction is as λ goes to 0") {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 16), seed: 1)
    var walk = MetropolisWalk(walkers: 64, particles: 2, seed: 1)
    Pretraining().run(&ansatz, &walk)
    let sample = Sample(TrappedFermions(particles: 2, strength: -20), ansatz, at: walk.walkers, order: .value)
    var rule = KernelDirection()
    let lengths = [1, 1e-2, 1e-4, 1e-6, 1e-8].map { norm(rule.direction(sample, lambda: $0)) }
    for (k, name) in ["1e-02", "1e-04", "1e-06", "1e-08"].enumerated() {
      print("λ = \(name): \(fixed(lengths[k + 1] / lengths[k], 1)) times as long as with a λ a hundred times as large")
    }
  }
}
