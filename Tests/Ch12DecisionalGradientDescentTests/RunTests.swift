import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import TestSamples
import TestSupport
import Testing

// Your own optimiser in ten lines: a direction and a metric that the book does not have, by the book's loop.

/// Δ = -g / (diag G + λ).
private struct DiagonalDirection: Direction {
  let order = JetOrder.gradient
  mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    zip(sample.gradient, DecisionMetric().diagonal(sample)).map { -$0 / ($1 + lambda) }
  }
}

/// Half of Fisher's metric and half of the energy's.
private let meanMetric = 0.5 * FisherMetric() + 0.5 * DecisionMetric()

@Suite("12.5 Whole runs") struct Runs {
  private func start(_ optimizer: any Optimizer, threads: Int = 2) throws -> VariationalMonteCarlo<DeterminantAnsatz> {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 16), seed: 1)
    var walk = MetropolisWalk(walkers: 512, particles: 2, seed: 2)
    Pretraining().run(&ansatz, &walk, threads: threads)
    return VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, optimizer, sweeps: 10, threads: threads)
  }

  @Test(
    "PI-DGD brings two fermions to within 2e-2 of the exact energy in 30 steps, on 1 and 2 threads with the same bits")
  func projected() throws {
    let runs = try [1, 2].map { threads in
      var run = try start(ProjectedIncrements().optimizer, threads: threads)
      for _ in 0..<30 { _ = try run.advance() }
      return run
    }
    #expect(runs[0].ansatz.parameters == runs[1].ansatz.parameters)
    #expect(runs[0].walk.walkers.positions == runs[1].walk.walkers.positions)
    var run = runs[1]
    let result = try run.evaluate(batches: 40)
    #expect(result.error < 4e-3)
    #expect(result.energy ≈ 0.5959059346 ± 2e-2)
    // Nothing lies below the ground state.
    #expect(result.energy > 0.5959059346 - 4 * result.error)
  }

  @Test("an optimiser of one's own, a direction and a metric in ten lines, runs by the same loop")
  func own() throws {
    var run = try start(
      SecondOrder(
        name: "own", direction: DiagonalDirection(), damping: LevenbergMarquardt(lambda: 1),
        length: QuadraticModel(meanMetric), judge: ReductionRatio()))
    let before = try run.evaluate(batches: 10)
    let records = try (0..<20).map { _ in try run.advance() }
    let after = try run.evaluate(batches: 10)
    #expect(after.energy < before.energy - 5 * (before.error + after.error))
    // The loop knows all of it: λ, α, μ and ρ are there without a line for them.
    for number in [.lambda, .alpha] as [Diagnostic] { #expect(records[19].diagnostics[number] != nil) }
    #expect(try #require(records[19].diagnostics[.mu]) != 0)
    #expect(records.count { $0.diagnostics[.rho] != nil } == 3)
  }

  @Test("their state, given to others, makes PI-DGD and DGD go on with the same bits", arguments: ["pi-dgd", "dgd"])
  func memory(name: String) throws {
    let fresh = name == "pi-dgd" ? ProjectedIncrements().optimizer : DecisionalGradientDescent().optimizer
    let (ansatz, walk) = try pretrained(hidden: 5, walkers: 100)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, fresh, sweeps: 5)
    for _ in 0..<7 {
      _ = try run.advance()
      var (original, resumed) = (run, run)
      resumed.optimizer = try fresh.resumed(from: run.optimizer.state, groups: ansatz.parameterGroups)
      for _ in 0..<6 { _ = (try original.advance(), try resumed.advance()) }
      #expect(original.ansatz.parameters == resumed.ansatz.parameters)
    }
  }

  @Test("λ of 1000 at the start costs: DGD from 10 is lower after 25 steps")
  func startingLambda() throws {
    func energy(_ lambda: Double) throws -> FinalEnergy {
      var run = try start(DecisionalGradientDescent(["lambda": lambda]).optimizer)
      for _ in 0..<25 { _ = try run.advance() }
      return try run.evaluate(batches: 10)
    }
    let (ten, talk) = (try energy(10), try energy(1000))
    #expect(ten.energy < talk.energy - 5 * (ten.error + talk.error))
  }
}
