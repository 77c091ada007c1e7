import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import Ch14ExcitedStates
import TestSupport
import Testing

@Suite("14.4 The same loop, the same optimisers") struct Runs {
  private let pair = TrappedFermions(particles: 2, strength: -10)

  /// Networks pretrained to free fermions, and walkers that follow them.
  private func start(
    states count: Int, hidden: Int = 16, walkers: Int = 512
  ) throws -> (psi: ExcitedStates<DeterminantAnsatz>, walk: MetropolisWalk) {
    let shape = try AnsatzShape(particles: 2, hidden: hidden)
    var psi = ExcitedStates((1...count).map { DeterminantAnsatz(shape, seed: UInt64($0)) })
    var walk = MetropolisWalk(walkers: walkers, particles: 2 * count, seed: 1)
    Pretraining().run(&psi, &walk, threads: 2)
    return (psi, walk)
  }

  @Test("pretraining puts each state on a level of its own: 2, 3, 4 and 4 without interaction")
  func pretraining() throws {
    let (psi, walk) = try start(states: 4)
    let run = VariationalMonteCarlo(
      CopiedHamiltonian(TrappedFermions(particles: 2, strength: 0), count: 4), psi, walk, Adam(learningRate: 1e-3),
      threads: 2)
    let levels = try run.levels(batches: 20, equilibration: 200).levels
    // The fit leaves a few per mille of other states; they cost some quanta each.
    #expect(levels.energies ≈ [2, 3, 4, 4] ± 0.1)
  }

  // The centre of mass moves as an oscillator (Kohn's theorem): E_0 + 1 is a level, here the second.
  @Test("PI-DGD finds the ground state of two attracting fermions and the level one quantum above it")
  func projectedIncrements() throws {
    let (psi, start) = try start(states: 2)
    var walk = start
    walk.power = ProjectedIncrements.samplingPower
    var run = VariationalMonteCarlo(
      CopiedHamiltonian(pair, count: 2), psi, walk, ProjectedIncrements().optimizer, threads: 2)
    for _ in 1...80 { _ = try run.advance() }
    let (levels, sum) = try run.levels(batches: 50)
    let exact = try relativeCoordinate(pair).energy
    // Error bars of 2e-4; what is left of other states is less than four of them.
    #expect(levels.energies ≈ [exact, exact + 1] ± 2e-3)
    #expect(levels.errors.allSatisfy { $0 < 1e-3 })
    #expect(levels.imaginaryPart == 0)
    // The levels add up to the energy of Ψ, but for the jackknife's corrections.
    #expect(levels.energies.reduce(0, +) ≈ sum.energy ± 1e-4)
  }

  @Test("other optimisers bring both levels down too", arguments: ["adam", "dgd", "ngd"])
  func others(name: String) throws {
    let optimizer: any Optimizer =
      switch name {
      case "adam": Adam(learningRate: 3e-3)
      case "dgd": DecisionalGradientDescent().optimizer
      default: NaturalGradient().optimizer
      }
    let (psi, walk) = try start(states: 2, hidden: 8)
    var run = VariationalMonteCarlo(CopiedHamiltonian(pair, count: 2), psi, walk, optimizer, threads: 2)
    let before = try run.levels(batches: 10, equilibration: 100).levels
    for _ in 1...40 { _ = try run.advance() }
    let after = try run.levels(batches: 10, equilibration: 100).levels
    // Free fermions start at 1.2 and 2.3 or so; error bars are below 0.05.
    for k in 0..<2 { #expect(after.energies[k] < before.energies[k] - 0.1) }
  }

  @Test("a run does not depend on its threads by a bit")
  func threads() throws {
    let (psi, walk) = try start(states: 2, hidden: 4, walkers: 200)
    let energies = try [1, 2].map { threads -> [Double] in
      var run = VariationalMonteCarlo(
        CopiedHamiltonian(pair, count: 2), psi, walk, ProjectedIncrements().optimizer, threads: threads)
      for _ in 1...3 { _ = try run.advance() }
      return try run.levels(batches: 2, equilibration: 10).levels.energies + run.ansatz.parameters
    }
    #expect(energies[0] == energies[1])
  }

  @Test("one state is the state itself")
  func oneState() throws {
    let shape = try AnsatzShape(particles: 2, hidden: 4)
    let psi = DeterminantAnsatz(shape, seed: 1)
    let walkers = Walkers([0.3, -0.4, 1.1, 0.2], particles: 2)
    let (one, many) = (psi.evaluate(walkers), ExcitedStates([psi]).evaluate(walkers))
    #expect(one.logPsi ≈ many.logPsi ± 1e-14)
    #expect(one.gradient ≈ many.gradient ± 1e-13)
    #expect(one.laplacian ≈ many.laplacian.within(relative: 1e-13))
  }
}
