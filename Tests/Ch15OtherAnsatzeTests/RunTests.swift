import Ch03TrappedFermions
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch12DecisionalGradientDescent
import Ch15OtherAnsatze
import NeuralQuantumStates
import TestSupport
import Testing

@Suite("15.4 The same loop, every optimiser") struct Runs {
  private let pair = TrappedFermions(particles: 2, strength: 10)

  private func start(hidden: Int, walkers: Int) -> (psi: AntisymmetrizedNetwork, walk: MetropolisWalk) {
    var psi = AntisymmetrizedNetwork(particles: 2, hidden: hidden, seed: 1)
    var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
    OverlapPretraining(steps: 10).run(&psi, &walk, threads: 2)
    return (psi, walk)
  }

  @Test(
    "each optimiser of the book runs, and goes on from its saved state with the same bits",
    arguments: optimizers.map { $0.name })
  func everyOptimizer(name: String) throws {
    let (psi, walk) = start(hidden: 4, walkers: 96)
    let settings = try #require(optimizers.first { $0.name == name })
    var run = VariationalMonteCarlo(pair, psi, walk, settings.init().makeOptimizer(), threads: 2)
    for _ in 1...3 { _ = try run.advance() }
    #expect(run.ansatz.parameters != psi.parameters)
    var resumed = run
    resumed.optimizer = try settings.init().makeOptimizer().resumed(
      from: run.optimizer.state, groups: psi.parameterGroups)
    _ = (try run.advance(), try resumed.advance())
    #expect(resumed.ansatz.parameters == run.ansatz.parameters)
  }

  // Seen: 1e-4 with an error bar of 5e-5.
  @Test("PI-DGD finds the energy of two repelling fermions")
  func projectedIncrements() throws {
    let (psi, start) = start(hidden: 32, walkers: 512)
    var walk = start
    walk.power = ProjectedIncrements.samplingPower
    var run = VariationalMonteCarlo(pair, psi, walk, ProjectedIncrements().optimizer, threads: 2)
    for _ in 1...40 { _ = try run.advance() }
    #expect(try run.evaluate().energy ≈ 2.4256190 ± 1e-3)
  }

  @Test("a run does not depend on its threads by a bit")
  func threads() throws {
    let (psi, walk) = start(hidden: 4, walkers: 200)
    let parameters = try [1, 2].map { threads -> [Double] in
      var run = VariationalMonteCarlo(pair, psi, walk, ProjectedIncrements().optimizer, threads: threads)
      for _ in 1...3 { _ = try run.advance() }
      return run.ansatz.parameters
    }
    #expect(parameters[0] == parameters[1])
  }
}
