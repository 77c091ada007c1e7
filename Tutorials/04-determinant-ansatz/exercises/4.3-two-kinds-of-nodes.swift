import AppendixText
import NeuralQuantumStates

// Across a node ψ = a d + b d² + …, so that ψ″/ψ = 2b/(a d): E_L grows like 1/d, unless b vanishes. Where two fermions meet it
// does, in the coordinates distance and centre: ψ is odd in the distance. (In x_1 and x_2 each particle's kinetic energy has a term
// in 1/d, and the two cancel.) So E_L has a limit. At a spurious node nothing makes b vanish. The first is nature's node, the second
// a fault, and the local energy tells them apart.

extension Exercise {
  static let twoKindsOfNodes: Exercise = .init(4, 3, "the local energy next to a meeting point and to a spurious node")
  {
    let free = TrappedFermions(particles: 2, strength: 0)
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1)
    func sign(_ x: Double) -> Double { ansatz.evaluate(Walkers([[-0.5, x]]), order: .value).sign[0] }

    // The page saw ψ change its sign between x_2 = 0.5 and 1.
    var (left, right) = (0.5, 1.0)
    for _ in 1...50 {
      let middle = 0.5 * (left + right)
      if sign(middle) == sign(left) { left = middle } else { right = middle }
    }
    for (name, node) in [("meeting point", -0.5), ("spurious node", left)] {
      for d in [1e-2, 1e-3, 1e-4] {
        let energy = free.localEnergies(of: ansatz, at: Walkers([[-0.5, node + d]])).total[0]
        print("\(name), d = \(scientific(d, 0)): E_L = \(scientific(energy, 2)),", terminator: " ")
        print("E_L d = \(scientific(energy * d, 2))")
      }
    }
    print("predicted: E_L has a limit at the first, E_L d at the second")
  }
}
