import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport
import Testing

@Suite("4.9 ln|ψ| from features in single precision") struct RoughValues {
  /// ln|ψ| both ways and κ, walker by walker.
  func values(
    _ ansatz: DeterminantAnsatz, at walkers: Walkers
  ) -> [(exact: Double, rough: Double, magnification: Double)] {
    var workspace = ansatz.makeWorkspace()
    return walkers.blocks.flatMap { block in
      (0..<block.tiles).flatMap { tile in
        var (sign, exact, rough, magnification) = (Lanes32.zero, Lanes32.zero, Lanes32.zero, Lanes32.zero)
        let at = tile * walkers.particles
        ansatz.logPsi(block.positions, at: at, sign: &sign, logMagnitude: &exact, workspace: &workspace)
        ansatz.roughLogPsi(
          block.positions, at: at, logMagnitude: &rough, magnification: &magnification, workspace: &workspace)
        return (0..<block.count(inTile: tile)).map { (exact[$0], rough[$0], magnification[$0]) }
      }
    }
  }

  // Sixty-odd sums of eight products, each off by 6e-8 at most, in rows of length 1 or so: 1e-5 is ample, and 1e-9 would
  // say that somebody computes in double precision after all.
  @Test(
    "rough values are right to 1e-5 of the magnification κ, and κ is at least 1", arguments: [1, 2, 3, 6], [1, 2])
  func errors(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, determinants: determinants, seed: 5)
    let all = values(ansatz, at: .random(200, particles: particles))
    #expect(all.count == 200)
    for walker in all {
      #expect(walker.rough ≈ walker.exact ± (1e-5 * walker.magnification))
      #expect(walker.magnification > 1 - 1e-12)
    }
    #expect(all.contains { abs($0.rough - $0.exact) > 1e-9 })
  }

  @Test("κ grows like 1/distance next to a node, and is infinite on it")
  func node() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, seed: 5)
    let near = values(ansatz, at: Walkers([0.3, 0.301, 0.3, 0.3001, 0.3, 0.3], particles: 2)).map(\.magnification)
    // The next order is smaller by the distance, 1e-3, times the slope of the features.
    #expect(near[1] / near[0] ≈ 10 ± 0.5)
    #expect(near[2] == .infinity)
  }

  @Test("a layer in single precision is the layer, with and without a residual", arguments: [1, 4])
  func layer(particles: Int) {
    let layout = WeightLayout(inputs: 8, outputs: 8, hasBias: true, sharing: .equivariant)
    var random = SplitMix64(seed: 9)
    let weights = random.uniform(-0.5...0.5, count: layout.count)
    var (double, single) = (JetAffine(layout), SingleAffine(layout))
    double.load(weights[...])
    single.load(weights[...])
    var x = JetTile(particles: particles, features: 8, coordinates: particles, order: .value)
    var rounded = SingleTile(particles: particles, features: 8)
    for i in x.storage.indices {
      x.storage[i] = Lanes32(repeating: random.uniform(-1...1, count: 1)[0])
      rounded.storage[i] = SingleLanes32(rounding: x.storage[i])
    }
    for residual in [false, true] {
      var (y, z) = (x, rounded)
      var (panels, singlePanels) = (JetPanels(width: 8), SingleTilePanels(width: 8))
      double.forwardValuesThroughTanh(x, residual: residual, into: &y, panels: &panels)
      single.forwardThroughTanh(rounded, residual: residual, into: &z, panels: &singlePanels)
      for i in y.storage.indices { #expect(z.storage[i].doubles[0] ≈ y.storage[i][0] ± 3e-6) }
    }
  }
}
