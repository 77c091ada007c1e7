import Ch00Lanes
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.4 Pretraining") struct PretrainingTests {
  @Test("the oscillator's orbitals are orthonormal", arguments: [1, 2, 6])
  func orthonormal(count: Int) {
    // The sum over a grid of step 0.1 is the integral, to all digits, for functions that vanish at both ends.
    var overlaps = [Double](repeating: 0, count: count * count)
    var orbitals = ContiguousArray(repeating: Lanes32.zero, count: count)
    for start in stride(from: -8.0, to: 8, by: 3.2) {
      var x = Lanes32.zero
      for walker in 0..<32 { x[walker] = start + 0.1 * Double(walker) }
      oscillatorOrbitals(x, into: &orbitals)
      for i in 0..<count { for j in 0..<count { overlaps[i * count + j] += 0.1 * (orbitals[i] * orbitals[j]).laneSum } }
    }
    #expect(overlaps ≈ (0..<(count * count)).map { $0 / count == $0 % count ? 1 : 0 } ± 1e-12)
  }

  @Test(
    "a network learns the ground state of free fermions: its energy comes near A²/2",
    arguments: [(1, 1), (2, 1), (2, 2), (3, 1)])
  func learns(particles: Int, determinants: Int) throws {
    let shape = try AnsatzShape(particles: particles, hidden: 12, determinants: determinants)
    var ansatz = DeterminantAnsatz(shape, seed: 1)
    var walk = MetropolisWalk(walkers: 256, particles: particles, seed: 2)
    var losses: [Double] = []
    let last = Pretraining().run(&ansatz, &walk) { step, loss in
      losses.append(loss)
      return step == losses.count
    }
    #expect(losses.count == 100 && losses.last == last)
    #expect(last! < losses[0])
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: particles, strength: 0), ansatz, walk, GradientDescent(learningRate: LearningRate(1)))
    let result = try run.evaluate(batches: 20)
    // What a regression of that length leaves; the energy of a wrong ψ lies above, give or take the error bar.
    let exact = 0.5 * Double(particles * particles)
    #expect(result.energy > exact - 4 * result.error && result.energy < 1.02 * exact + 4 * result.error)
  }

  @Test("a random network has spurious nodes, a pretrained one none", arguments: [3, 5] as [UInt64])
  func nodes(seed: UInt64) throws {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 3), seed: seed)
    var walk = MetropolisWalk(walkers: 256, particles: 3, seed: 1)
    func wrongSign() -> Double {
      walk.sweep(ansatz, count: 100, threads: 2)
      let sign = TrappedFermions(particles: 3, strength: 0).localEnergies(of: ansatz, at: walk.walkers).sign
      return wrongSignFraction(sign: sign, positions: walk.walkers.positions, particles: 3)
    }
    #expect(wrongSign() > 0.2)
    Pretraining().run(&ansatz, &walk, threads: 2)
    #expect(wrongSign() == 0)
  }

  @Test("two determinants are fitted to the same orbitals and stay different")
  func determinants() throws {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 8, determinants: 2), seed: 1)
    var walk = MetropolisWalk(walkers: 256, particles: 2, seed: 2)
    Pretraining().run(&ansatz, &walk, threads: 2)
    let weights = ansatz.shape.groups.filter { $0.role == .orbitals(0) || $0.role == .orbitals(1) }
      .map { Array(ansatz.parameters[$0.range]) }
    let distance = zip(weights[0], weights[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    // The random starts are about 1 apart.
    #expect(distance > 0.1)
  }

  @Test("no steps change nothing; a report that says no ends the fit")
  func ends() throws {
    let before = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 4), seed: 1)
    var ansatz = before
    var walk = MetropolisWalk(walkers: 10, particles: 2, seed: 2)
    #expect(Pretraining(steps: 0).run(&ansatz, &walk) == nil)
    #expect(ansatz.parameters == before.parameters && walk.sweeps == 0)
    var steps = 0
    Pretraining(steps: 100).run(&ansatz, &walk) { step, _ in
      steps = step
      return step < 3
    }
    #expect(steps == 3)
  }

  @Test("1 and 2 threads end with the same bits")
  func threads() throws {
    let results = try [1, 2].map { threads in
      var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 4), seed: 1)
      var walk = MetropolisWalk(walkers: 300, particles: 2, seed: 2)
      Pretraining(steps: 10).run(&ansatz, &walk, threads: threads)
      return ansatz.parameters + walk.walkers.positions
    }
    #expect(results[0] == results[1])
  }
}
