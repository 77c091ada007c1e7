import AppendixText
import NeuralQuantumStates

// y = exp(-p²) with p = Wx + b. Forward takes (φ, φ′, φ″); the pullback multiplies by the jet of φ′, and so takes
// (φ′, φ″, φ‴). A wrong φ‴ spoils the pullback alone: outputs, Laplacians included, are made of the forward rule, and
// the transpose only compares the factors with themselves. So: forward right, pullback wrong, transpose right.

private struct GaussianLayer: JetLayer {
  let weights = WeightLayout(inputs: 3, outputs: 5, hasBias: true, sharing: .particle)
  /// A factor of φ‴; 1 is right.
  let third: Double
  var affine: JetAffine

  init(third: Double) {
    self.third = third
    affine = JetAffine(weights)
  }

  func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    features.map { x in affineReference(weights, parameters, own: x).map { exp(-($0 * $0)) } }
  }

  mutating func load(_ parameters: ArraySlice<Double>) { affine.load(parameters) }

  func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    affine.forward(x, into: &y, panels: &workspace.panels)
    y.apply { p in
      let g = Lanes.exp(-1 * p * p)
      return (g, -2 * p * g, (4 * p * p - 2) * g)
    }
  }

  func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace
  ) {
    workspace.scratch.reshape(like: y)
    affine.forward(x, into: &workspace.scratch, panels: &workspace.panels)
    workspace.scratch.apply { p in
      let g = Lanes.exp(-1 * p * p)
      return (-2 * p * g, (4 * p * p - 2) * g, (third * p) * (12 - 8 * p * p) * g)
    }
    sensitivity.multiply(by: workspace.scratch)
    factors.record(tile: tile, activities: x, sensitivities: sensitivity)
    if wantsInputs { affine.transposed(sensitivity, into: &inputSensitivity, panels: &workspace.panels) }
  }
}

extension Exercise {
  static let aLayerOfGaussians: Exercise = .init(2, 4, "a layer of Gaussians, and a mistake in its pullback") {
    for third in [1.0, 0] {
      let check = checkLayer(GaussianLayer(third: third), particles: 2, seed: 1)
      // Rounding is below 1e-12; how far is another matter on another machine.
      let errors = [check.forward, check.pullback, check.transpose].map { scientific(max($0, 1e-12), 0) }
      print(
        "φ‴ times \(fixed(third, 0)): forward \(errors[0]), pullback \(errors[1]), transpose \(errors[2]);",
        terminator: " ")
      print("right is \(scientific(1e-12, 0)) or less")
    }
  }
}
