import Ch00Lanes
import Ch02AutomaticDifferentiation

// The determinant ansatz backward: from ∂ℓ/∂M to the factors of every parameter group.

/// Scratch memory for a backward pass through one tile.
public struct ReverseWorkspace: Sendable {
  var forward: AnsatzWorkspace
  /// ∂ℓ/∂M^d as [component][particle][orbital].
  var matrixSensitivities: [ContiguousArray<Lanes32>]
  /// ∂ℓ/∂(W h + b) and ∂ℓ/∂z of one determinant.
  var orbital: JetTile
  var width: JetTile
  /// ∂ℓ/∂h of the layer at hand, of the one before it, and what one determinant adds.
  var feature: JetTile
  var earlier: JetTile
  var unused: JetTile

  init(_ shape: AnsatzShape, order: JetOrder) {
    // Values alone need the inverses too.
    forward = AnsatzWorkspace(shape, order: order, wantsInverses: true)
    matrixSensitivities = forward.matrices
    orbital = forward.orbitals[0]
    width = orbital
    feature = forward.features[1]
    earlier = feature
    unused = forward.features[0]
  }
}

extension DeterminantAnsatz {
  /// sign ψ, ln|ψ| as a jet, and the factors of ∂_θ ln|ψ|, at the 32 walkers of one tile.
  ///
  /// - Complexity: one pass forward and one back, for each component of the jet.
  public func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32,
    jet: inout ContiguousArray<Lanes32>, into factors: inout [ParameterFactors], workspace w: inout ReverseWorkspace
  ) {
    // Forward, with the determinants' derivatives.
    evaluate(positions, at: tile * particles, sign: &sign, workspace: &w.forward)
    w.forward.single?.sensitivities(w.forward.matrices[0], into: &w.matrixSensitivities[0])
    w.forward.minors?.sensitivities(into: &w.matrixSensitivities)
    for component in jet.indices { jet[component] = w.forward.logPsi[component] }

    // Backward.
    backward(
      positions: positions, tile: tile, minimumSquaredWidth: minimumSquaredWidth, into: &factors, workspace: &w)
  }

  /// From ∂ℓ/∂M^d in the workspace back to the factors of every parameter group, for one tile.
  func backward(
    positions: ContiguousArray<Lanes32>, tile: Int, minimumSquaredWidth: Double, into factors: inout [ParameterFactors],
    workspace w: inout ReverseWorkspace
  ) {
    let (layerCount, determinants, n) = (shape.layers, shape.determinants, particles)

    // Through envelopes and orbitals, determinant by determinant.
    for d in 0..<determinants {
      pullThroughEnvelope(
        w.forward.matrices[d], w.matrixSensitivities[d], positions: positions, at: tile * n, widths: widths[d],
        minimumSquaredWidth: minimumSquaredWidth, featureSensitivity: &w.orbital, widthSensitivity: &w.width)
      factors[layerCount + determinants + d].record(
        tile: tile, activities: w.forward.features[0], sensitivities: w.width)
      orbitals[d].pullback(
        &w.orbital, x: w.forward.features[layerCount], y: w.forward.orbitals[d], tile: tile, into: &w.earlier,
        wantsInputs: true, factors: &factors[layerCount + d], workspace: &w.forward.jets)
      if d == 0 { w.feature.copy(w.earlier) } else { w.feature.add(w.earlier) }
    }

    // Through the layers.
    for l in (0..<layerCount).reversed() {
      if l == 0 {
        layers[0].pullback(
          &w.feature, x: w.forward.features[0], y: w.forward.features[1], tile: tile, into: &w.unused,
          wantsInputs: false, factors: &factors[0], workspace: &w.forward.jets)
      } else {
        layers[l].pullback(
          &w.feature, x: w.forward.features[l], y: w.forward.features[l + 1], tile: tile, into: &w.earlier,
          wantsInputs: true, factors: &factors[l], workspace: &w.forward.jets)
        swap(&w.feature, &w.earlier)
      }
    }
  }
}
