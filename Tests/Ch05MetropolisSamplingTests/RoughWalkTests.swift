import Ch00Lanes
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Synchronization
import TestSupport
import Testing

/// A normal distribution whose rough ln|ψ| is off by up to `error`, and which counts how often it is asked for each.
private final class Noisy: WaveFunction {
  let particles = 1
  let hasRoughValues = true
  let error: Double
  let exactLooks = Atomic(0)
  let roughLooks = Atomic(0)

  init(error: Double) { self.error = error }
  func makeWorkspace() {}

  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    exactLooks.wrappingAdd(1, ordering: .relaxed)
    logMagnitude = -0.25 * (positions[start] * positions[start])
  }

  func roughLogPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, logMagnitude: inout Lanes32, magnification: inout Lanes32,
    workspace: inout Void
  ) {
    roughLooks.wrappingAdd(1, ordering: .relaxed)
    let x = positions[start]
    logMagnitude = -0.25 * (x * x) + error * x.map { Lanes.sincos(1e4 * $0).sin }
    magnification = Lanes32(repeating: 1)
  }
}

@Suite("5.5 Rough looks at ln|ψ|") struct RoughWalks {
  // With 1e-6 two sweeps of a tile in a thousand are open cases: 32 walkers, each with a chance of 6e-5.
  @Test("rough values change where nobody goes, and exact ones are hardly asked for")
  func sameWalk() {
    let psi = Noisy(error: 1e-6)
    var plain = MetropolisWalk(walkers: 64, particles: 1, seed: 7)
    var rough = plain
    plain.sweep(psi, count: 5000, roughly: false)
    let (exactLooks, before) = (psi.exactLooks.load(ordering: .relaxed), psi.roughLooks.load(ordering: .relaxed))
    #expect(exactLooks == 2 * 5001 && before == 0)

    rough.sweep(psi, count: 5000)
    #expect(rough.walkers.positions == plain.walkers.positions)
    #expect(rough.acceptance == plain.acceptance)
    let more = psi.exactLooks.load(ordering: .relaxed) - exactLooks
    #expect((5...200).contains(more))
  }

  @Test("where rough values decide nothing, exact ones are asked for and rough ones no more")
  func useless() {
    let psi = Noisy(error: 1)
    var plain = MetropolisWalk(walkers: 32, particles: 1, seed: 8)
    var rough = plain
    plain.sweep(psi, count: 1000, roughly: false)
    rough.sweep(psi, count: 1000)
    #expect(rough.walkers.positions == plain.walkers.positions)
    #expect(psi.roughLooks.load(ordering: .relaxed) < 10)
  }

  @Test(
    "a network's walk is the same bit for bit, whether it looks roughly or not",
    arguments: [1, 2, 4], [1, 2])
  func network(particles: Int, determinants: Int) throws {
    let shape = try AnsatzShape(particles: particles, hidden: 16, determinants: determinants)
    let ansatz = DeterminantAnsatz(shape, seed: 3)
    // 33 walkers: a tile with one walker in it and 31 copies.
    var plain = MetropolisWalk(walkers: 33, particles: particles, seed: 9)
    plain.sweep(ansatz, count: 50, adaptingWidth: true)
    var rough = plain
    plain.sweep(ansatz, count: 2000, roughly: false)
    rough.sweep(ansatz, count: 2000, threads: 2)
    #expect(rough.walkers.positions == plain.walkers.positions)
  }

  @Test("a walker on a node leaves it, roughly or not")
  func node() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 8), seed: 3)
    var walk = MetropolisWalk(positions: [0.2, 0.2, 0.1, 0.5], particles: 2, seed: 1)
    var plain = walk
    walk.sweep(ansatz, count: 100)
    plain.sweep(ansatz, count: 100, roughly: false)
    #expect(walk.walkers.positions == plain.walkers.positions)
    #expect(walk.walkers[0] != [0.2, 0.2])
  }
}
