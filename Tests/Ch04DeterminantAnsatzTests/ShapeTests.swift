import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import TestSupport
import Testing

@Suite("4.2 Sizes, parameters, tensors") struct Shapes {
  @Test("the talk's network has 8580 parameters for two particles, 8844 for six", arguments: [(2, 8580), (6, 8844)])
  func talk(particles: Int, parameters: Int) throws {
    let shape = try AnsatzShape(particles: particles)
    #expect(shape.parameterCount == parameters)
    #expect(DeterminantAnsatz(shape, seed: 1).parameters.count == parameters)
  }

  @Test("L layers and D determinants are L + D + D blocks, side by side", arguments: [(1, 1), (2, 1), (3, 2), (1, 4)])
  func blocks(layers: Int, determinants: Int) throws {
    let shape = try AnsatzShape(particles: 3, hidden: 5, layers: layers, determinants: determinants)
    #expect(shape.groups.count == layers + 2 * determinants)
    var next = 0
    for group in shape.groups {
      #expect(group.start == next)
      next = group.range.upperBound
    }
    #expect(next == shape.parameterCount)
    #expect(shape.tensorNames.reduce(0) { $0 + $1.shape.reduce(1, *) } == shape.parameterCount)
  }

  @Test("one feature more than particles is enough")
  func smallest() throws {
    #expect(try AnsatzShape(particles: 1, hidden: 2, layers: 1).parameterCount == 2 * 2 + 2 + 2 + 1 + 1)
    _ = try AnsatzShape(particles: 4, hidden: 5)
  }

  @Test(
    "sizes that no ansatz can have are refused in one line that says which",
    arguments: [
      (0, 64, 2, 1, "particles"), (-1, 64, 2, 1, "particles"), (2, 64, 0, 1, "layers"), (2, 64, 2, 0, "determinants"),
      (2, 2, 2, 1, "hidden"), (6, 3, 2, 1, "hidden"), (11, 64, 2, 2, "up to 10 particles"),
    ])
  func refused(particles: Int, hidden: Int, layers: Int, determinants: Int, word: String) {
    let error = #expect(throws: AnsatzError.self) {
      try AnsatzShape(particles: particles, hidden: hidden, layers: layers, determinants: determinants)
    }
    #expect(error?.description.contains(word) == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test("a start is uniform in ±1/√inputs, in the first layer three times that, under the oscillator's envelopes")
  func start() throws {
    let shape = try AnsatzShape(particles: 2)
    let parameters = DeterminantAnsatz(shape, seed: 7).parameters
    #expect(parameters == DeterminantAnsatz(shape, seed: 7).parameters)
    #expect(parameters != DeterminantAnsatz(shape, seed: 8).parameters)
    for group in shape.groups {
      let p = parameters[group.range]
      if case .envelope = group.role {
        #expect(p.allSatisfy { $0 == 0.5.squareRoot() })
      } else {
        let isFirst = group.role == .layer(0)
        let bound = (isFirst ? 3 : 1.0) / Double(group.layout.columns).squareRoot()
        #expect(p.allSatisfy { abs($0) <= bound })
        // The variance of a uniform number is bound²/3; its square's relative spread is √0.8/√n. Five of these, and a
        // seed.
        let variance = p.reduce(0) { $0 + $1 * $1 } / Double(p.count)
        #expect(variance ≈ (bound * bound / 3) ± (5 * 0.9 * bound * bound / 3 / Double(p.count).squareRoot()))
      }
    }
  }
}

@Suite("4.3 Named tensors") struct NamedTensors {
  @Test("tensors in any order are the flat vector again", arguments: [(1, 1, 1), (2, 2, 1), (3, 3, 2)])
  func roundTrip(particles: Int, layers: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, layers: layers, determinants: determinants)
    let again = try DeterminantAnsatz(tensors: ansatz.tensors.reversed())
    #expect(again.shape == ansatz.shape)
    #expect(again.parameters == ansatz.parameters)
    #expect(again.tensors == ansatz.tensors)
  }

  @Test("names and shapes are PyTorch's, weights as [outputs, inputs]")
  func names() throws {
    let shape = try AnsatzShape(particles: 2, hidden: 3, layers: 2, determinants: 2)
    #expect(
      shape.tensorNames.map { "\($0.name) \($0.shape)" } == [
        "layers.0.fc.weight [3, 2]", "layers.0.fc.bias [3]", "layers.1.fc.weight [3, 6]", "layers.1.fc.bias [3]",
        "layers.2.gsds.0.weight [2, 3]", "layers.2.gsds.0.bias [2]", "layers.2.gsds.1.weight [2, 3]",
        "layers.2.gsds.1.bias [2]", "log_envelope.log_envs.0.weight [2, 1]", "log_envelope.log_envs.1.weight [2, 1]",
      ])
  }

  /// What reading says after a change of the tensors.
  private func message(_ change: (inout [NamedTensor]) -> Void) throws -> String? {
    var tensors = try DeterminantAnsatz.random(particles: 2, hidden: 3, layers: 2, determinants: 2).tensors
    change(&tensors)
    return #expect(throws: AnsatzError.self) { try DeterminantAnsatz(tensors: tensors) }?.description
  }

  @Test("what is missing, too much, twice, of another shape or not finite is named")
  func wrong() throws {
    #expect(try message { $0 = [] } == "tensor layers.0.fc.weight [hidden, 2] is missing")
    #expect(try message { $0.remove(at: 3) } == "tensor layers.1.fc.bias [3] is missing")
    #expect(try message { $0.removeLast() } == "tensor log_envelope.log_envs.1.weight [2, 1] is missing")
    #expect(
      try message { $0.append(NamedTensor("extra", [1], [1])) }
        == "tensor extra is no part of a determinant ansatz")
    #expect(try message { $0.append($0[4]) } == "tensor layers.2.gsds.0.weight appears twice")
    #expect(
      try message { $0[2] = NamedTensor($0[2].name, [6, 3], $0[2].values) }
        == "tensor layers.1.fc.weight has shape [6, 3], [3, 6] expected")
    #expect(
      try message { $0[5] = $0[5].with(.nan, at: 1) }
        == "tensor layers.2.gsds.0.bias holds nan at index 1, a finite number expected")
    #expect(
      try message { $0[8] = $0[8].with(-.infinity, at: 0) }
        == "tensor log_envelope.log_envs.0.weight holds -inf at index 0, a finite number expected")
  }

  @Test("sizes read off tensors are checked like all others")
  func sizes() throws {
    let message = try message {
      $0[0] = NamedTensor($0[0].name, [2, 2], [1, 1, 1, 1])
    }
    #expect(message?.contains("hidden features (2) must exceed particles (2)") == true)
  }

  @Test("sizes beyond all memory are an error like others, and no overflow")
  func absurdSizes() async {
    await #expect(processExitsWith: .success) {
      // A file can say this: a shape with a 0 in it needs no bytes.
      _ = try? DeterminantAnsatz(tensors: [
        NamedTensor("layers.0.fc.weight", [.max, 0], []),
        NamedTensor("layers.1.gsds.0.weight", [2, 0], []),
      ])
    }
  }
}

extension NamedTensor {
  /// The same with one value changed.
  fileprivate func with(_ value: Double, at index: Int) -> NamedTensor {
    var values = values
    values[index] = value
    return NamedTensor(name, shape, values)
  }
}
