import Ch00Lanes
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Synchronization
import TestSupport
import Testing

/// A ψ whose single-precision ln|ψ| is off by up to `error`, and which counts how often it is asked for each.
///
/// One particle: a normal distribution. Two: two free fermions, with a node where they meet.
private final class Noisy: WaveFunction {
  let particles: Int
  let hasSinglePrecisionValues = true
  let error: Double
  let doubleCalls = Atomic(0)
  let singleCalls = Atomic(0)

  init(error: Double, particles: Int = 1) { (self.error, self.particles) = (error, particles) }
  func makeWorkspace() {}

  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    doubleCalls.wrappingAdd(1, ordering: .relaxed)
    logMagnitude = formula(positions, at: start)
  }

  func singlePrecisionLogPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, logMagnitude: inout Lanes32, conditionNumber: inout Lanes32,
    workspace: inout Void
  ) {
    singleCalls.wrappingAdd(1, ordering: .relaxed)
    logMagnitude = formula(positions, at: start) + error * positions[start].map { Lanes.sincos(1e4 * $0).sin }
    conditionNumber = Lanes32(repeating: 1)
  }

  private func formula(_ positions: ContiguousArray<Lanes32>, at start: Int) -> Lanes32 {
    let x = positions[start]
    guard particles == 2 else { return -0.25 * (x * x) }
    let y = positions[start + 1]
    return -0.25 * (x * x) + -0.25 * (y * y) + (x - y).map { Lanes.log($0.magnitude) }
  }
}

@Suite("5.8 Screening in single precision of ln|ψ|") struct Screening {
  // Errors of 2e-5 would change ten or so of 1.3 million decisions. With a margin of 32 on both sides a walker's
  // decision is open once in 600 sweeps, a tile's once in 20: 2000 of 40 000, with one or two exact looks each.
  @Test("screening changes no walk, and double precision is asked for rarely")
  func sameWalk() {
    let psi = Noisy(error: 2e-5)
    var plain = MetropolisWalk(walkers: 64, particles: 1, seed: 7)
    var screened = plain
    plain.sweep(psi, count: 20_000, screening: false)
    let doubleCalls = psi.doubleCalls.load(ordering: .relaxed)
    #expect(doubleCalls == 2 * 20_001 && psi.singleCalls.load(ordering: .relaxed) == 0)

    screened.sweep(psi, count: 20_000)
    #expect(screened.walkers.positions == plain.walkers.positions)
    #expect(screened.acceptance == plain.acceptance)
    let more = psi.doubleCalls.load(ordering: .relaxed) - doubleCalls
    #expect((1000...10_000).contains(more))
  }

  @Test("where all walkers start on a node no error can be measured, and single precision is not trusted")
  func startOnNode() {
    let psi = Noisy(error: 2e-5, particles: 2)
    var plain = MetropolisWalk(
      positions: [Double](repeating: 0.2, count: 64), particles: 2, width: ProposalWidth(1), seed: 5)
    var screened = plain
    plain.sweep(psi, count: 200, screening: false)
    screened.sweep(psi, count: 200)
    #expect(screened.walkers.positions == plain.walkers.positions)
    // Given up after three looks, and one before them.
    #expect(psi.singleCalls.load(ordering: .relaxed) == 4)
  }

  @Test("where single precision decides nothing, screening ends")
  func useless() {
    let psi = Noisy(error: 1)
    var plain = MetropolisWalk(walkers: 32, particles: 1, seed: 8)
    var screened = plain
    plain.sweep(psi, count: 1000, screening: false)
    screened.sweep(psi, count: 1000)
    #expect(screened.walkers.positions == plain.walkers.positions)
    #expect(psi.singleCalls.load(ordering: .relaxed) < 10)
  }

  @Test(
    "a network's walk is the same bit for bit, with screening or without",
    arguments: [1, 2, 4], [1, 2])
  func network(particles: Int, determinants: Int) throws {
    let shape = try AnsatzShape(particles: particles, hidden: 16, determinants: determinants)
    let ansatz = DeterminantAnsatz(shape, seed: 3)
    // 33 walkers: the second tile has one that counts.
    var plain = MetropolisWalk(walkers: 33, particles: particles, seed: 9)
    plain.sweep(ansatz, count: 50, adaptingWidth: true)
    plain.power = particles == 2 ? 1 : 2
    var screened = plain
    plain.sweep(ansatz, count: 2000, screening: false)
    screened.sweep(ansatz, count: 2000, threads: 2)
    #expect(screened.walkers.positions == plain.walkers.positions)
  }

  @Test("a walker on a node leaves it, with screening or without")
  func node() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 8), seed: 3)
    var walk = MetropolisWalk(positions: [0.2, 0.2, 0.1, 0.5], particles: 2, seed: 1)
    var plain = walk
    walk.sweep(ansatz, count: 100)
    plain.sweep(ansatz, count: 100, screening: false)
    #expect(walk.walkers.positions == plain.walkers.positions)
    #expect(walk.walkers[0] != [0.2, 0.2])
  }
}
