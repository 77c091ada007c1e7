import Ch01LinearAlgebra

extension AnsatzShape {
  /// Names and shapes of the tensors, in the order of the flat vector: weight = [outputs, inputs].
  ///
  /// They are those of the published PyTorch implementation, whose weights load here once saved as safetensors.
  package var tensorNames: [(name: String, shape: [Int])] {
    groups.flatMap { group in
      let (name, layout) = (group.tensorName(layers: layers), group.layout)
      let weight = (name: name + ".weight", shape: [layout.outputs, layout.columns])
      return layout.hasBias ? [weight, (name: name + ".bias", shape: [layout.outputs])] : [weight]
    }
  }

  /// θ, cut into named tensors, in the order of the flat vector.
  /// - Precondition: there are `parameterCount` numbers.
  public func tensors(_ parameters: [Double]) -> [NamedTensor] {
    precondition(parameters.count == parameterCount, "\(parameterCount) parameters expected, got \(parameters.count)")
    var start = 0
    return tensorNames.map { name, shape in
      let count = shape.reduce(1, *)
      defer { start += count }
      return NamedTensor(name, shape, Array(parameters[start..<(start + count)]))
    }
  }

  /// Reads sizes and the flat vector off named tensors, whatever their order.
  ///
  /// - Throws: `AnsatzError.tensors` naming the first tensor that is missing, superfluous, of another shape or not finite.
  public static func read(_ tensors: [NamedTensor]) throws(AnsatzError) -> (shape: AnsatzShape, parameters: [Double]) {
    var byName: [String: NamedTensor] = [:]
    for tensor in tensors {
      guard byName.updateValue(tensor, forKey: tensor.name) == nil else {
        throw .tensors("tensor \(tensor.name) appears twice")
      }
    }
    var layers = 0
    while byName["layers.\(layers).fc.weight"] != nil { layers += 1 }
    guard layers > 0, let first = byName["layers.0.fc.weight"], first.shape.count == 2 else {
      throw .tensors("tensor layers.0.fc.weight [hidden, 2] is missing")
    }
    var determinants = 0
    while byName["layers.\(layers).gsds.\(determinants).weight"] != nil { determinants += 1 }
    guard determinants > 0, let orbitals = byName["layers.\(layers).gsds.0.weight"], orbitals.shape.count == 2 else {
      throw .tensors("tensor layers.\(layers).gsds.0.weight [particles, hidden] is missing")
    }
    let shape = try AnsatzShape(
      particles: orbitals.shape[0], hidden: first.shape[0], layers: layers, determinants: determinants)
    var parameters: [Double] = []
    for (name, expected) in shape.tensorNames {
      guard let tensor = byName.removeValue(forKey: name) else {
        throw .tensors("tensor \(name) \(expected) is missing")
      }
      guard tensor.shape == expected, tensor.values.count == expected.reduce(1, *) else {
        throw .tensors("tensor \(name) has shape \(tensor.shape), \(expected) expected")
      }
      if let bad = tensor.values.firstIndex(where: { !$0.isFinite }) {
        throw .tensors("tensor \(name) holds \(tensor.values[bad]) at index \(bad), a finite number expected")
      }
      parameters += tensor.values
    }
    if let extra = byName.keys.min() { throw .tensors("tensor \(extra) is no part of a determinant ansatz") }
    return (shape, parameters)
  }
}

extension ParameterGroup {
  /// The tensors' common name.
  func tensorName(layers: Int) -> String {
    switch role {
    case .layer(let l): "layers.\(l).fc"
    case .orbitals(let d): "layers.\(layers).gsds.\(d)"
    case .envelope(let d): "log_envelope.log_envs.\(d)"
    }
  }
}
