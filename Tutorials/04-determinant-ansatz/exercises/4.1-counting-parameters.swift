import NeuralQuantumStates

// The first layer has H outputs of [x; ⟨x⟩; 1], each further one H outputs of [h; ⟨h⟩; 1], and each of the A orbitals
// has H + 1 weights and an envelope:
//
//     P = 3H + (L - 1) H (2H + 1) + A (H + 2)
//
// Twice the features is nearly four times the parameters, a third layer nearly twice, a third fermion next to nothing.

extension Exercise {
  static let countingParameters: Exercise = .init(4, 1, "how many parameters a network has") {
    for (a, h, l) in [(2, 64, 2), (2, 128, 2), (2, 64, 3), (3, 64, 2)] {
      let shape = try AnsatzShape(particles: a, hidden: h, layers: l)
      let predicted = 3 * h + (l - 1) * h * (2 * h + 1) + a * (h + 2)
      print("A = \(a), H = \(h), L = \(l): \(shape.parameterCount) parameters, predicted \(predicted)")
    }
  }
}
