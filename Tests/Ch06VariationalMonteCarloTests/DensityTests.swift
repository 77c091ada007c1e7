import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.13 Bins and groups") struct BinsAndGroups {
  @Test("every place has its bin, and the outermost ones reach to infinity")
  func bins() {
    let bins = Bins(-1...2, count: 6)
    #expect(bins.width == 0.5 && bins.edges == [-1, -0.5, 0, 0.5, 1, 1.5, 2])
    #expect(bins.centers.map(bins.index(of:)) == Array(0..<6))
    #expect([-1, -0.5, 0, 1.5].map(bins.index(of:)) == [0, 1, 2, 5])
    #expect([-1e300, -.infinity, 2, 1e300, .infinity].map(bins.index(of:)) == [0, 0, 5, 5, 5])
  }

  @Test("with a group for each walker the error is that of SampleStatistics", arguments: [2, 7, 128])
  func single(walkers: Int) throws {
    var walk = MetropolisWalk(walkers: walkers, particles: 1, seed: 1)
    let psi = try DeterminantAnsatz.freeFermions(1)
    var density = OneBodyDensity(Bins(-1...1, count: 4), walkers: walk.walkers)
    var insides: [Double] = []
    for _ in 0..<5 {
      walk.sweep(psi, count: 2)
      density.add(walk.walkers)
      insides += walk.walkers.positions.map { $0 >= 0 && $0 < 0.5 ? 2 : 0 }
    }
    let statistics = SampleStatistics(insides, walkers: walkers)
    #expect(density.values()[2] ≈ statistics.mean ± 1e-14)
    #expect(density.errors()[2] ≈ statistics.standardError.within(relative: 1e-12))
  }

  @Test("groups are at most 128, and a smaller last one weighs less", arguments: [(128, 128), (257, 86), (5000, 125)])
  func sizes(walkers: Int, groups: Int) {
    // Walker w stands at w: the mean position of a bin's counts is known.
    let positions = (0..<walkers).map { Double($0) }
    var density = OneBodyDensity(
      Bins(-0.5...(Double(walkers) - 0.5), count: walkers), walkers: Walkers(positions, particles: 1))
    for _ in 0..<3 { density.add(Walkers(positions, particles: 1)) }
    #expect(density.counts.times == 3 && density.counts.groupMeans.count == groups)
    // Each walker weighs the same.
    #expect(density.values() ≈ positions.map { _ in 1 / Double(walkers) } ± 1e-15)
  }

  @Test("one walker says nothing of its error")
  func oneWalker() throws {
    var density = OneBodyDensity(Bins(-1...1, count: 3), walkers: Walkers([0.1, 0.9], particles: 2))
    density.add(Walkers([0.1, 0.9], particles: 2))
    #expect(density.values() ≈ [0, 1.5, 1.5] ± 1e-14)
    #expect(density.errors() == [.infinity, .infinity, .infinity])
  }
}

@Suite("6.15 Densities") struct CountedDensities {
  /// A walk with 128 groups of ten walkers, its start forgotten, seen twenty times.
  private func watch<Function: WaveFunction>(
    _ psi: Function, seed: UInt64, sweeps: Int = 5, _ look: (Walkers) -> Void
  ) {
    var walk = MetropolisWalk(walkers: 1280, particles: psi.particles, seed: seed)
    for _ in 0..<20 { walk.sweep(psi, count: 10, adaptingWidth: true, threads: 2) }
    for _ in 0..<20 {
      walk.sweep(psi, count: sweeps, threads: 2)
      look(walk.walkers)
    }
  }

  @Test("free fermions: bins hold ∫ Σ φ_j², within errors that know of correlation", arguments: 1...3)
  func free(particles: Int) throws {
    let psi = try DeterminantAnsatz.freeFermions(particles)
    let bins = Bins(-2.2...2.2, count: 20)
    var density = OneBodyDensity(bins, walkers: MetropolisWalk(walkers: 1280, particles: particles, seed: 1).walkers)
    watch(psi, seed: 40 + UInt64(particles)) { density.add($0) }
    #expect(density.values().reduce(0, +) * bins.width ≈ Double(particles) ± 1e-12)
    // The last bin follows from the others. F with 19 and 109 degrees of freedom: one seed in ten thousand beyond 3.12.
    let exact = FreeFermions(particles: particles).counts(bins).dropLast()
    let f = try #require(hotelling(density.counts.groupMeans.map { $0.dropLast() }, expected: Array(exact)))
    #expect(f < 3.12)
  }

  @Test("free pairs: squares hold ∫∫ n n' - ρ²", arguments: 2...3)
  func freePairs(particles: Int) throws {
    let psi = try DeterminantAnsatz.freeFermions(particles)
    let bins = Bins(-1.2...1.2, count: 4)
    let start = MetropolisWalk(walkers: 1280, particles: particles, seed: 1).walkers
    var density = OneBodyDensity(bins, walkers: start)
    var pairs = PairDensity(bins, walkers: start)
    watch(psi, seed: 50 + UInt64(particles)) {
      density.add($0)
      pairs.add($0)
    }
    // Counted, not sampled: ∫ n(x, x') dx' = (A - 1) n(x), and n(x, x') = n(x', x).
    let n = pairs.values()
    let a = Double(particles)
    for k in 0..<4 {
      let rest = (0..<4).reduce(0) { $0 + n[k, $1] } * bins.width
      #expect(rest ≈ (a - 1) * density.values()[k] ± 1e-12)
    }
    #expect(n == n.transposed())
    // Squares k ≤ l without the last, which follows; wide enough for the hole at x = x' to leave counts that are nearly
    // normal. F with 9 and 119 degrees of freedom: one seed in ten thousand beyond 4.19.
    let squares = (0..<4).flatMap { k in (k..<4).map { k * 4 + $0 } }.dropLast()
    let exact = FreeFermions(particles: particles).pairCounts(bins).elements
    let f = try #require(
      hotelling(
        pairs.counts.groupMeans.map { means in squares.map { means[$0] } }, expected: squares.map { exact[$0] }))
    #expect(f < 4.19)
  }

  @Test("a network with nodes anywhere: bins hold what a quadrature of the same ψ gives", arguments: [1, 2])
  func network(seed: UInt64) throws {
    let psi = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 6), seed: seed)
    let bins = Bins(-2...2, count: 20)
    // Four points a bin, and ±6 is where envelopes e^{-x²/2} of such networks end.
    let exact = PairOnGrid(psi, grid: LineGrid(from: -6, to: 6, spacing: 0.05, anchor: 0)).counts(bins)
    #expect(exact.reduce(0, +) ≈ 2 ± 1e-10)
    var density = OneBodyDensity(bins, walkers: MetropolisWalk(walkers: 1280, particles: 2, seed: 1).walkers)
    watch(psi, seed: 60 + seed) { density.add($0) }
    let f = try #require(
      hotelling(density.counts.groupMeans.map { $0.dropLast() }, expected: Array(exact.dropLast())))
    #expect(f < 3.12)
  }
}
