import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.18 The best state of a run") struct BestStates {
  private let pair = TrappedFermions(particles: 2, strength: -20)

  private func pretrained(walkers: Int) throws -> VariationalMonteCarlo<DeterminantAnsatz> {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 8), seed: 1)
    var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
    Pretraining(steps: 20).run(&ansatz, &walk)
    return VariationalMonteCarlo(pair, ansatz, walk, Adam(learningRate: 0.01), sweeps: 5)
  }

  @Test("validating a run does not change it by a bit, and says the same each time") func aside() throws {
    var (run, other) = (try pretrained(walkers: 64), try pretrained(walkers: 64))
    let first = try run.validated()
    #expect(try run.validated() == first)
    for _ in 0..<5 {
      #expect(try run.advance() == (try other.advance()))
      _ = try run.validated()
    }
    #expect(run.walk.walkers.positions == other.walk.walkers.positions)
  }

  // Both are means with standard errors; five of them.
  @Test("the energy on new walkers is that of a long measurement, within the error bars") func honest() throws {
    let run = try pretrained(walkers: 256)
    let validated = try run.validated()
    var copy = run
    let long = try copy.evaluate()
    let error = (validated.error * validated.error + long.error * long.error).squareRoot()
    #expect(validated.energy ≈ long.energy ± (5 * error))
    // So it is from copies of the new walkers, and from walkers that begin anew.
    let alone = ValidatedState(validated.validation, parameters: validated.parameters)
    #expect(validated.positions.count == 2 * 256 && alone.positions.isEmpty)
    for state in [validated, alone] {
      let again = try run.evaluate(state)
      let spread = (again.error * again.error + long.error * long.error).squareRoot()
      #expect(again.energy ≈ long.energy ± (5 * spread))
    }
  }

  @Test("the lowest energy is kept, one that is known badly counts two standard errors higher") func kept() {
    func state(_ step: Int, _ energy: Double, _ error: Double) -> ValidatedState {
      ValidatedState(Validation(step: step, energy: energy, error: error, variance: 1), parameters: [])
    }
    var best = BestState()
    let states: [(step: Int, energy: Double, error: Double, best: Int)] = [
      (0, 1, 0.1, 0), (10, 0.5, 0.01, 10), (20, 0.4, 0.2, 10), (30, .nan, .nan, 10), (40, -1, .infinity, 10),
      (50, 0.45, 0.01, 50),
    ]
    for (step, energy, error, expected) in states {
      best.consider(state(step, energy, error))
      #expect(best.state?.step == expected)
    }
    var none = BestState()
    none.consider(state(0, .nan, 1))
    #expect(none.state == nil)
  }

  @Test("an end is the worse one where its energy is higher beyond the errors, or hardly known") func worse() {
    let best = BestState(
      ValidatedState(Validation(step: 10, energy: -2.47, error: 0.001, variance: 1), parameters: []))
    func final(_ energy: Double, spread: Double) -> FinalEnergy {
      FinalEnergy(
        statistics: SampleStatistics([energy - spread, energy + spread], walkers: 2), acceptance: 0.5)
    }
    // The standard error of two walkers that lie s to both sides is s.
    #expect(!best.isBetter(than: final(-2.471, spread: 0.001)))
    #expect(!best.isBetter(than: final(-2.468, spread: 0.001)))
    #expect(best.isBetter(than: final(-2.46, spread: 0.001)))
    #expect(best.isBetter(than: final(-2.47, spread: 0.1)))
    #expect(best.isBetter(than: final(.nan, spread: 0.1)))
    #expect(!BestState().isBetter(than: final(0, spread: 1)))
  }

  @Test("a run is validated often at its beginning, then eight times for each doubling") func steps() {
    func count(_ steps: ClosedRange<Int>) -> Int {
      steps.count { VariationalMonteCarlo<DeterminantAnsatz>.isValidated(after: $0) }
    }
    #expect(count(0...0) == 1 && count(1...160) == 16 && count(161...320) == 8 && count(5121...10240) == 8)
  }

  @Test("a run has arrived where two validations agree, are known well enough, and are close to an eigenstate's")
  func arrived() {
    func run(_ energies: [Double], error: Double = 9e-4, variance: Double = 1.9e-3) -> [Validation] {
      energies.map { Validation(step: 0, energy: $0, error: error, variance: variance) }
    }
    #expect(run([-1, -2.001, -2]).haveArrived(within: 1e-3))
    #expect(!run([-2]).haveArrived(within: 1e-3))
    #expect(!run([-2.003, -2]).haveArrived(within: 1e-3))
    #expect(!run([-2.001, -2], error: 1.1e-3).haveArrived(within: 1e-3))
    #expect(!run([-2.001, -2], variance: 2.1e-3).haveArrived(within: 1e-3))
    #expect(!run([.nan, -2]).haveArrived(within: 1e-3))
    #expect(!run([-2, .nan]).haveArrived(within: 1e-3))
  }
}
