import Ch00Lanes
import Ch02AutomaticDifferentiation

// ln|ψ| with features in single precision, in half of the time: by which the sampler screens its moves (chapter 5).
//
// Features and orbitals lose all but seven digits; envelopes and determinants are those of double precision. How much
// of the loss reaches ln|ψ| depends on the walker. Changing a row of a matrix by ε of its length changes the
// determinant by at most ε times the volume that the rows would span at right angles (Hadamard's inequality). So to
// first order, with ε_i the largest relative error of row i in any M^d,
//
//     |δ ln|ψ|| ≤ κ Σ_i ε_i,        κ = Σ_d Π_i |row_i of M^d|  /  |Σ_d det M^d|  ≥ 1
//
// κ is large next to a node, where terms cancel; where ε κ is not small, single precision says nothing of ln|ψ|.

extension DeterminantAnsatz {
  /// True: the sampler may screen its moves.
  public var hasSinglePrecisionValues: Bool { true }

  /// ln|ψ| from features in single precision, and κ.
  ///
  /// - Complexity: the operations of `logPsi`; those on features, nearly all of them, in half of the time.
  public func singlePrecisionLogPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, logMagnitude: inout Lanes32, conditionNumber: inout Lanes32,
    workspace w: inout AnsatzWorkspace
  ) {
    w.screening.features[0].setCoordinates(positions, at: start)
    for l in layers.indices {
      layers[l].forwardInSinglePrecision(
        w.screening.features[l], into: &w.screening.features[l + 1], panels: &w.screening.panels)
    }
    var volumes = Lanes32.zero
    for d in orbitals.indices {
      orbitals[d].forwardInSinglePrecision(
        w.screening.features[layers.count], into: &w.screening.orbitals, panels: &w.screening.panels)
      w.orbitals[d].setValues(w.screening.orbitals)
      applyEnvelope(
        w.orbitals[d], positions: positions, at: start, widths: widths[d], minimumSquaredWidth: minimumSquaredWidth,
        into: &w.matrices[d])
      volumes += productOfRowLengths(w.matrices[d], size: particles)
    }
    var sign = Lanes32.zero
    sumOfDeterminants(sign: &sign, workspace: &w)
    conditionNumber = (volumes * w.logPsi[0].map { Lanes.exp(0 - $0) }).map { $0.atLeast(1) }
    logMagnitude = w.logPsi[0] + logFactor(positions, at: start)
  }
}

/// Scratch memory of `singlePrecisionLogPsi`.
struct ScreeningWorkspace: Sendable {
  /// The coordinates, then the features after each layer.
  var features: [SingleTile]
  /// W^d h + b^d of one determinant.
  var orbitals: SingleTile
  var panels: AffinePanels<SingleLanes32>

  init(_ shape: AnsatzShape) {
    let n = shape.particles
    let coordinates = SingleTile(particles: n, features: 1, coordinates: n, order: .value)
    features = (0...shape.layers).map { coordinates.sibling(features: $0 == 0 ? 1 : shape.hidden) }
    orbitals = coordinates.sibling(features: n)
    panels = AffinePanels(width: shape.hidden)
  }
}

/// Π_i |row_i|, the volume that the rows would span at right angles.
@inline(never)
private func productOfRowLengths(_ m: ContiguousArray<Lanes32>, size n: Int) -> Lanes32 {
  var product = Lanes32(repeating: 1)
  for i in 0..<n {
    var square = Lanes32.zero
    for j in 0..<n { square.addProduct(m[i * n + j], m[i * n + j]) }
    product = product * square.map { $0.squareRoot() }
  }
  return product
}
