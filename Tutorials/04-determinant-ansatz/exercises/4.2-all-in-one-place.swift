import AppendixText
import NeuralQuantumStates

// ψ vanishes linearly in each of the A(A - 1)/2 distances. If all of them shrink together, ψ falls as their product
// does: with the power 1 for two particles, 3 for three and 6 for four, whatever the weights are. Fermions stay away
// from crowds more than from each other.

extension Exercise {
  static let allInOnePlace: Exercise = .init(4, 2, "how ψ vanishes where several fermions meet") {
    for particles in 2...4 {
      let ansatz = DeterminantAnsatz(try AnsatzShape(particles: particles), seed: 1)
      let places = [0.0, 1, -0.7, 0.4]
      let sizes = [0.08, 0.04, 0.02, 0.01]
      let walkers = Walkers(sizes.map { size in places.prefix(particles).map { 0.3 + size * $0 } })
      let logPsi = ansatz.evaluate(walkers, order: .value).logPsi
      let powers = zip(logPsi, logPsi.dropFirst()).map { ($0 - $1) / Double.log(2) }
      print("A = \(particles): powers", columns(powers, 2), " predicted", particles * (particles - 1) / 2)
    }
  }
}
