import Ch00Lanes
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Synchronization
import TestSupport
import Testing

/// A ψ whose rough ln|ψ| is off by up to `error`, and which counts how often it is asked for each.
///
/// One particle: a normal distribution. Two: two free fermions, with a node where they meet.
private final class Noisy: WaveFunction {
  let particles: Int
  let hasRoughValues = true
  let error: Double
  let exactLooks = Atomic(0)
  let roughLooks = Atomic(0)

  init(error: Double, particles: Int = 1) { (self.error, self.particles) = (error, particles) }
  func makeWorkspace() {}

  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    exactLooks.wrappingAdd(1, ordering: .relaxed)
    logMagnitude = formula(positions, at: start)
  }

  func roughLogPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, logMagnitude: inout Lanes32, magnification: inout Lanes32,
    workspace: inout Void
  ) {
    roughLooks.wrappingAdd(1, ordering: .relaxed)
    logMagnitude = formula(positions, at: start) + error * positions[start].map { Lanes.sincos(1e4 * $0).sin }
    magnification = Lanes32(repeating: 1)
  }

  private func formula(_ positions: ContiguousArray<Lanes32>, at start: Int) -> Lanes32 {
    let x = positions[start]
    guard particles == 2 else { return -0.25 * (x * x) }
    let y = positions[start + 1]
    return -0.25 * (x * x) + -0.25 * (y * y) + (x - y).map { Lanes.log($0.magnitude) }
  }
}

@Suite("5.5 Rough looks at ln|ψ|") struct RoughWalks {
  // Errors of 2e-5 would change ten or so of 1.3 million decisions. With a margin of 32 on both sides a walker's decision is
  // open once in 600 sweeps, a tile's once in 20: 2000 of 40 000, with one or two exact looks each.
  @Test("rough values change where nobody goes, and exact ones are asked for rarely")
  func sameWalk() {
    let psi = Noisy(error: 2e-5)
    var plain = MetropolisWalk(walkers: 64, particles: 1, seed: 7)
    var rough = plain
    plain.sweep(psi, count: 20_000, roughly: false)
    let exactLooks = psi.exactLooks.load(ordering: .relaxed)
    #expect(exactLooks == 2 * 20_001 && psi.roughLooks.load(ordering: .relaxed) == 0)

    rough.sweep(psi, count: 20_000)
    #expect(rough.walkers.positions == plain.walkers.positions)
    #expect(rough.acceptance == plain.acceptance)
    let more = psi.exactLooks.load(ordering: .relaxed) - exactLooks
    #expect((1000...10_000).contains(more))
  }

  @Test("where all walkers start on a node nothing can be measured, and nothing rough is trusted")
  func startOnNode() {
    let psi = Noisy(error: 2e-5, particles: 2)
    var plain = MetropolisWalk(
      positions: [Double](repeating: 0.2, count: 64), particles: 2, width: ProposalWidth(1), seed: 5)
    var rough = plain
    plain.sweep(psi, count: 20_000, roughly: false)
    rough.sweep(psi, count: 20_000)
    #expect(rough.walkers.positions == plain.walkers.positions)
    // Given up after three looks, and one before them.
    #expect(psi.roughLooks.load(ordering: .relaxed) == 4)
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
    // 33 walkers: the second tile has one that counts.
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
