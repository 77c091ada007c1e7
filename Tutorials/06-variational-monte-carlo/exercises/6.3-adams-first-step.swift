import AppendixText
import NeuralQuantumStates

// At Adam's first step m/(1 - β₁) = g and v/(1 - β₂) = g², so that each parameter moves by η g/|g|: its sign and
// nothing else. The step has the length η√P = 0.005 √8580 = 0.463, whatever the gradient is, and an energy in other
// units takes the same one. Gradient descent's step is proportional to g.

extension Exercise {
  static let adamsFirstStep: Exercise = .init(6, 3, "the length of Adam's first step is known beforehand") {
    let (ansatz, walk) = try pretrainedPair(walkers: 256, hidden: 64)
    let predicted = 5e-3 * Double(ansatz.parameters.count).squareRoot()
    for (name, system) in [("V0 = -20", pair), ("V0 = -10", TrappedFermions(particles: 2, strength: -10))] {
      let sample = Sample(system, ansatz, at: walk.walkers, order: .value, threads: 2)
      var adam = Adam(learningRate: 5e-3)
      let length = norm(adam.update(sample).change)
      print("\(name): Adam \(fixed(length, 3)), predicted \(fixed(predicted, 3))")
    }
  }
}
