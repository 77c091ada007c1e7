import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport
import Testing

@Suite("4.10 ln|ψ| from features in single precision") struct SinglePrecision {
  /// ln|ψ| both ways and κ, walker by walker.
  func values(
    _ ansatz: DeterminantAnsatz, at walkers: Walkers
  ) -> [(double: Double, single: Double, conditionNumber: Double)] {
    var workspace = ansatz.makeWorkspace()
    return walkers.batches.flatMap { batch in
      (0..<batch.tiles).flatMap { tile in
        var (sign, double, single, conditionNumber) = (Lanes32.zero, Lanes32.zero, Lanes32.zero, Lanes32.zero)
        let at = tile * walkers.particles
        ansatz.logPsi(batch.positions, at: at, sign: &sign, logMagnitude: &double, workspace: &workspace)
        ansatz.singlePrecisionLogPsi(
          batch.positions, at: at, logMagnitude: &single, conditionNumber: &conditionNumber, workspace: &workspace)
        return (0..<batch.count(inTile: tile)).map { (double[$0], single[$0], conditionNumber[$0]) }
      }
    }
  }

  // At most six rows, each off by some 1e-6 of its length (two layers and an affine map of eight features, 1e-7 each,
  // times weights of order 1): Σ ε_i is below 1e-5. All closer than 1e-9 would say that somebody computes in double
  // precision.
  @Test(
    "in single precision ln|ψ| is right to 1e-5 of the condition number κ, and κ is at least 1",
    arguments: [1, 2, 3, 6], [1, 2])
  func errors(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, determinants: determinants, seed: 5)
    let all = values(ansatz, at: .random(200, particles: particles))
    #expect(all.count == 200)
    for walker in all {
      #expect(walker.single ≈ walker.double ± (1e-5 * walker.conditionNumber))
      #expect(walker.conditionNumber > 1 - 1e-12)
    }
    #expect(all.contains { abs($0.single - $0.double) > 1e-9 })
  }

  @Test("κ grows like 1/distance next to a node, and is infinite on it")
  func node() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, seed: 5)
    let near = values(ansatz, at: Walkers([0.3, 0.301, 0.3, 0.3001, 0.3, 0.3], particles: 2)).map(\.conditionNumber)
    // The next order is smaller by the distance, 1e-3, times the slope of the features.
    #expect(near[1] / near[0] ≈ 10 ± 0.5)
    #expect(near[2] == .infinity)
  }

  @Test("one particle and one determinant: κ is 1")
  func oneRow() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 1, seed: 5)
    for walker in values(ansatz, at: .random(50, particles: 1)) { #expect(walker.conditionNumber ≈ 1 ± 1e-12) }
  }

  // κ from features in single precision, of two rows that are not parallel: 1e-3 is ample.
  @Test("two particles: κ is the rows' lengths over the determinant")
  func lengths() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, seed: 5)
    let walkers = Walkers.random(50, particles: 2)
    let all = values(ansatz, at: walkers)
    for walker in 0..<50 {
      let rows = DeterminantAnsatz.referenceOrbitals(
        ansatz.shape, parameters: ansatz.parameters, positions: walkers[walker])[0]
      let determinant = rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
      let lengths = rows.map { ($0[0] * $0[0] + $0[1] * $0[1]).squareRoot() }
      let expected = abs(lengths[0] * lengths[1] / determinant)
      #expect(all[walker].conditionNumber ≈ expected ± (1e-3 * expected))
    }
  }

  // Sums of eight terms below 1, and the last particle's is a difference of four: some twenty roundings of 6e-8, and
  // tanh's.
  @Test("a layer in single precision is the layer, with and without a residual", arguments: [1, 4], [6, 8])
  func layer(particles: Int, features: Int) {
    let layout = WeightLayout(inputs: features, outputs: features, hasBias: true, sharing: .equivariant)
    var random = SplitMix64(seed: 9)
    let weights = random.uniform(-0.5...0.5, count: layout.count)
    var (double, single) = (JetAffine(layout), SingleAffine(layout))
    double.load(weights[...])
    single.load(weights[...])
    var x = JetTile(particles: particles, features: features, coordinates: particles, order: .value)
    var rounded = SingleTile(particles: particles, features: features, coordinates: particles, order: .value)
    for i in 0..<particles {
      for f in 0..<features {
        for lane in 0..<32 { x[i, 0, f][lane] = random.uniform(-1...1, count: 1)[0] }
        rounded[i, 0, f] = SingleLanes32(rounding: x[i, 0, f])
      }
    }
    for residual in [false, true] {
      var (y, z) = (x, rounded)
      var panels = AffinePanels<Lanes32>(width: features)
      var singlePanels = AffinePanels<SingleLanes32>(width: features)
      double.forwardValuesThroughTanh(x, residual: residual, into: &y, panels: &panels)
      single.forwardValuesThroughTanh(rounded, residual: residual, into: &z, panels: &singlePanels)
      for i in y.storage.indices {
        for lane in 0..<32 { #expect(z.storage[i].doubles[lane] ≈ y.storage[i][lane] ± 3e-6) }
      }
    }
  }
}
