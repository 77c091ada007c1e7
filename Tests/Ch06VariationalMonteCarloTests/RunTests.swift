import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSamples
import TestSupport
import Testing

/// An optimiser that anybody could write: a step of fixed size against the gradient's sign, smaller each time; where
/// asked for, with a step that is not finite.
private struct SignDescent: Optimizer {
  let name = "sign"
  var size = 1e-2
  var brokenStep: Int?
  mutating func update(_ sample: Sample) -> Update {
    size *= 0.99
    if sample.step == brokenStep { return Update(change: sample.gradient.map { _ in .nan }) }
    return Update(change: sample.gradient.map { $0 > 0 ? -size : size })
  }
  func save(to state: inout OptimizerState) { state.append("size", size) }
  mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    size = try reader.number("size", in: 0...1)
  }
}

/// Gradient descent that goes wrong in one parameter at one step.
private struct Saboteur: Optimizer {
  let name = "saboteur"
  let step: Int
  let parameter: Int
  var value = Double.nan
  private var updates = 0
  init(step: Int, parameter: Int, value: Double = .nan) {
    (self.step, self.parameter, self.value) = (step, parameter, value)
  }
  func save(to state: inout OptimizerState) { state.append("updates", count: updates) }
  mutating func update(_ sample: Sample) -> Update {
    updates += 1
    var change = sample.gradient.map { -1e-3 * $0 }
    if sample.step == step { change[parameter] = value }
    return Update(change: change)
  }
}

/// An optimiser with one number more than there are parameters.
private struct Chatterbox: Optimizer {
  let name = "chatterbox"
  mutating func update(_ sample: Sample) -> Update { Update(change: sample.gradient.map { _ in 0 } + [1]) }
}

extension Diagnostic {
  fileprivate static let loudness = Diagnostic("loudness", symbol: "L", "how loud it was")
  fileprivate static let shouted = Diagnostic(event: "shouted", "it shouted")
}

/// An optimiser that goes nowhere and has something of its own to tell.
private struct Talkative: Optimizer {
  let name = "talkative"
  let diagnostics: [Diagnostic] = [.loudness, .shouted]
  mutating func update(_ sample: Sample) -> Update {
    var update = Update(change: sample.gradient.map { _ in 0 })
    update.diagnostics[.loudness] = Double(sample.step)
    if sample.step > 1 { update.diagnostics.note(.shouted) }
    return update
  }
}

/// An optimiser that only looks at what it is given.
private struct Curious: Optimizer {
  let name = "curious"
  let order: JetOrder
  var seen = -1.0
  init(order: JetOrder) { self.order = order }
  mutating func update(_ sample: Sample) -> Update {
    seen = Double(sample.derivatives.order.rawValue)
    return Update(change: sample.gradient.map { _ in 0 })
  }
  func save(to state: inout OptimizerState) { state.append("order", seen) }
}

/// An optimiser that goes nowhere and remembers whether gradients see clipped energies, and how many of them.
private struct ClippingWitness: Optimizer {
  let name = "witness"
  var isClipped = false
  var moved = 0
  mutating func update(_ sample: Sample) -> Update {
    isClipped = sample.clippedEnergies == clipped(sample.energies.total)
    moved += zip(sample.clippedEnergies, sample.energies.total).count { $0 != $1 }
    return Update(change: sample.gradient.map { _ in 0 })
  }
  func save(to state: inout OptimizerState) { state.append("seen", [isClipped ? 1 : 0, Double(moved)]) }
}

/// The trap up to an edge, and not a number beyond it.
private struct TornTrap: Potential {
  let edge: Double
  func callAsFunction(_ x: Double) -> Double { abs(x) < edge ? 0.5 * x * x : .nan }
}

/// Everything of a run that a continuation depends on.
private func state(_ run: VariationalMonteCarlo<DeterminantAnsatz>) -> [Double] {
  run.ansatz.parameters + run.walk.walkers.positions + [
    run.walk.width.value, Double(run.walk.sweeps), Double(run.step),
  ]
    + run.optimizer.state.tensors.flatMap(\.values)
}

private let adam = Adam(learningRate: LearningRate(1e-2))

@Suite("6.8 The loop") struct Loops {
  @Test("a few steps lower the energy of two attracting fermions")
  func descent() throws {
    var run = try smallRun(walkers: 500, optimizer: adam, threads: 2)
    let before = try run.evaluate(batches: 5)
    for _ in 0..<60 { _ = try run.advance() }
    let after = try run.evaluate(batches: 5)
    #expect(after.energy < before.energy - 5 * (after.error + before.error))
    // No energy lies below the exact one, -2.4717558, but for its error.
    #expect(after.energy > -2.4717558 - 5 * after.error)
  }

  @Test("an optimiser of a few lines runs by the same loop, and lowers the energy")
  func ownOptimizer() throws {
    var run = try smallRun(optimizer: SignDescent())
    let records = try (0..<60).map { _ in try run.advance() }
    let (first, last) = (records[..<10], records[50...])
    #expect(last.reduce(0) { $0 + $1.energy } < first.reduce(0) { $0 + $1.energy })
    #expect(records.map(\.step) == Array(1...60))
    #expect(run.step == 60 && run.optimizer.name == "sign")
  }

  @Test("gradients see clipped energies, and some of them are")
  func clipping() throws {
    var run = try smallRun(walkers: 500, optimizer: ClippingWitness())
    for _ in 0..<5 { _ = try run.advance() }
    let seen = try #require(run.optimizer.state["seen"])
    #expect(seen[0] == 1 && seen[1] > 0)
  }

  @Test("training steers the acceptance to one half, measurements leave the width alone", arguments: [0.05, 5])
  func width(start: Double) throws {
    let small = try smallRun(walkers: 200, optimizer: adam)
    var walk = small.walk
    walk.width = ProposalWidth(start)
    var run = VariationalMonteCarlo(small.hamiltonian, small.ansatz, walk, Curious(order: .value), sweeps: 5)
    let records = try (0..<30).map { _ in try run.advance() }
    // 200 walkers and 5 sweeps decide 1000 times: ± 0.016, five times that.
    #expect(records[29].acceptance ≈ 0.5 ± 0.08)
    let frozen = run.walk.width.value
    _ = try run.evaluate(batches: 2, equilibration: 20)
    #expect(run.walk.width.value == frozen)
  }

  @Test("an evaluation forgets where the walkers stood, before it measures")
  func equilibration() throws {
    var run = try smallRun(walkers: 200, optimizer: adam)
    let there = try run.evaluate(batches: 20)
    // All at one far place: without sweeps first, a fifth of the energy would be that of the way back.
    let far = MetropolisWalk(
      positions: (0..<200).flatMap { _ in [4.0, 6.0] }, particles: 2, width: run.walk.width, seed: 5)
    var other = VariationalMonteCarlo(run.hamiltonian, run.ansatz, far, adam, sweeps: 5)
    let back = try other.evaluate(batches: 5, sweepsBetween: 1)
    let error = 5 * (back.error + there.error)
    #expect(back.energy ≈ there.energy ± error)
    // Three windows of a hundred sweeps and more, as long as energy or size drift.
    #expect(back.equilibration?.isStationary == true)
    #expect(other.walk.sweeps == UInt64(back.equilibration?.sweeps ?? 0) + 5)
  }

  @Test("a copy goes on with the same bits")
  func copy() throws {
    var run = try smallRun(optimizer: adam)
    for _ in 0..<3 { _ = try run.advance() }
    var other = run
    for _ in 0..<3 { #expect(try run.advance() == other.advance()) }
    #expect(state(run) == state(other))
  }

  @Test("a run taken apart and put together again goes on with the same bits")
  func resume() throws {
    for optimizer: any Optimizer in [
      adam, SignDescent(), GradientDescent(learningRate: LearningRate(1e-3, decaySteps: 2)),
    ] {
      var run = try smallRun(optimizer: optimizer)
      for _ in 0..<3 { _ = try run.advance() }
      let remembered = try optimizer.resumed(from: run.optimizer.state, groups: run.ansatz.parameterGroups)
      let walk = MetropolisWalk(
        positions: run.walk.walkers.positions, particles: 2, width: run.walk.width, sweeps: run.walk.sweeps,
        seed: run.walk.seed)
      var resumed = VariationalMonteCarlo(
        run.hamiltonian, try DeterminantAnsatz(tensors: run.ansatz.tensors), walk, remembered, sweeps: run.sweeps,
        step: run.step)
      for _ in 0..<3 { #expect(try run.advance() == resumed.advance()) }
      #expect(state(run) == state(resumed))
    }
  }

  @Test("1 and 2 threads give the same bits")
  func threads() throws {
    let states = try [1, 2].map { threads in
      var run = try smallRun(walkers: 300, optimizer: adam, threads: threads)
      let records = try (0..<3).map { _ in try run.advance() }
      let final = try run.evaluate(batches: 3)
      return state(run) + records.map(\.energy) + [final.energy, final.error]
    }
    #expect(states[0] == states[1])
  }

  @Test("an optimiser that asks for other derivatives may take over in the middle of a run")
  func changedOptimizer() throws {
    var run = try smallRun(optimizer: adam)
    _ = try run.advance()
    for order in [JetOrder.laplacian, .value, .gradient] {
      run.optimizer = Curious(order: order)
      _ = try run.advance()
      #expect(run.optimizer.state["order"] == [Double(order.rawValue)])
    }
  }

  @Test("a row of the history has a number for each column")
  func record() throws {
    var run = try smallRun(optimizer: adam)
    let record = try run.advance()
    let (columns, values) = (StepRecord.columns(adam), record.values(adam))
    #expect(values.count == columns.count)
    #expect(values[0] == 1 && values[1] == record.energy)
    #expect(record.diagnostics[.alpha] == 1e-2)
    // Adam has no λ.
    #expect(values[try #require(columns.firstIndex(of: "lambda"))].isNaN)
    #expect(record.updateNorm <= 1e-2 * Double(run.ansatz.parameters.count).squareRoot() * (1 + 1e-9))
  }

  @Test("an optimiser's own number and event are columns of the history, without a line for them in the loop")
  func ownDiagnostics() throws {
    var run = try smallRun(optimizer: Talkative())
    let records = try (0..<2).map { _ in try run.advance() }
    #expect(StepRecord.columns(run.optimizer).suffix(3) == ["wrong_sign_fraction", "loudness", "shouted"])
    #expect(records[0].values(run.optimizer).suffix(2) == [1, 0])
    #expect(records[1].values(run.optimizer).suffix(2) == [2, 1])
    #expect(records[1].diagnostics.events.map(\.meaning) == ["it shouted"])
  }

  @Test("a final evaluation leaves parameters and width alone, and its error bar is honest")
  func evaluation() throws {
    var run = try smallRun(strength: 0, optimizer: adam)
    let (parameters, width) = (run.ansatz.parameters, run.walk.width)
    let energies = try (0..<12).map { _ in try run.evaluate(batches: 10, sweepsBetween: 5, equilibration: 100) }
    #expect(run.ansatz.parameters == parameters && run.walk.width == width && run.step == 0)
    // Twelve independent results scatter as their error bars say: χ² of 11 degrees of freedom, 1e-4 beyond 37 and below
    // 1.2.
    let mean = energies.reduce(0) { $0 + $1.energy } / 12
    let chiSquare = energies.reduce(0) { $0 + ($1.energy - mean) * ($1.energy - mean) / ($1.error * $1.error) }
    #expect(chiSquare < 37 && chiSquare > 1.2)
  }
}

@Suite("6.9 Runs that are hardly runs") struct SmallRuns {
  @Test("one fermion has nobody to interact with: ½, whatever V0")
  func oneFermion() throws {
    var run = try smallRun(particles: 1, optimizer: adam)
    for _ in 0..<80 { _ = try run.advance() }
    let result = try run.evaluate(batches: 10)
    #expect(result.energy ≈ 0.5 ± (4 * result.error + 5e-3))
    #expect(run.hamiltonian.localEnergies(of: run.ansatz, at: run.walk.walkers).interaction.allSatisfy { $0 == 0 })
  }

  @Test("an eigenstate stays what it is: no step, no NaN")
  func eigenstate() throws {
    let ansatz = try DeterminantAnsatz.freeFermions(1)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 1, strength: 0), ansatz, MetropolisWalk(walkers: 50, particles: 1, seed: 1),
      GradientDescent(learningRate: LearningRate(0.1)))
    for _ in 0..<5 {
      let record = try run.advance()
      // Rounding alone.
      #expect(record.energy ≈ 0.5 ± 1e-13)
      #expect(record.variance < 1e-24 && record.gradientNorm < 1e-12)
    }
    #expect(run.ansatz.parameters ≈ ansatz.parameters ± 1e-11)
    let result = try run.evaluate(batches: 5)
    #expect(result.energy ≈ 0.5 ± 1e-13)
    #expect(result.error < 1e-13)
  }

  @Test("one walker learns nothing, and breaks nothing")
  func oneWalker() throws {
    var run = try smallRun(walkers: 1, optimizer: adam)
    let before = run.ansatz.parameters
    for _ in 0..<3 {
      let record = try run.advance()
      #expect(record.energy.isFinite && record.variance == 0 && record.gradientNorm == 0)
    }
    #expect(run.ansatz.parameters == before)
    let result = try run.evaluate(batches: 8)
    #expect(result.energy.isFinite && result.error > 0)
  }

  @Test("one batch is a result with an error bar")
  func oneBatch() throws {
    var run = try smallRun(optimizer: adam)
    let result = try run.evaluate(batches: 1, sweepsBetween: 1, equilibration: 0)
    #expect(result.energy.isFinite && result.error > 0 && result.error.isFinite)
  }
}

@Suite("6.10 Numbers that are not finite") struct Failures {
  @Test("a NaN in the update names its parameter and step; ψ keeps the parameters that it had")
  func update() throws {
    // 12 weights and 6 biases of the first layer come before the second one's weights.
    var run = try smallRun(optimizer: Saboteur(step: 3, parameter: 21))
    for _ in 0..<2 { _ = try run.advance() }
    let before = run.ansatz.parameters
    let failure = #expect(throws: NumericalFailure.self) { try run.advance() }
    #expect(failure?.step == 3)
    #expect(
      failure?.description == "step 3: the update of layers.1.fc.weight[3] is nan, a finite number expected")
    #expect(run.ansatz.parameters == before && run.lastGoodParameters == before && run.step == 2)
  }

  @Test("an energy that is no number names the first such walker, its positions and the part to blame")
  func energy() throws {
    var run = try smallRun(optimizer: adam, trap: TornTrap(edge: 1))
    let failure = try #require(#expect(throws: NumericalFailure.self) { try run.advance() })
    let x = run.walk.walkers.positions
    let walker = try #require((0..<200).first { abs(x[2 * $0]) >= 1 || abs(x[2 * $0 + 1]) >= 1 })
    #expect(
      failure.description
        == "step 1: the trap energy of walker \(walker + 1) is nan at positions [\(x[2 * walker]), \(x[2 * walker + 1])], a finite number expected"
    )
    #expect(failure.step == 1)
  }

  @Test("after a failure ψ has the parameters that last gave finite energies")
  func lastGood() throws {
    // A finite step that no ψ survives: an envelope of width 1e200, whose square is infinite.
    let last = try AnsatzShape(particles: 2, hidden: 6).parameterCount - 1
    var run = try smallRun(optimizer: Saboteur(step: 3, parameter: last, value: 1e200))
    for _ in 0..<2 { _ = try run.advance() }
    let before = run.ansatz.parameters
    _ = try run.advance()
    #expect(run.ansatz.parameters != before && run.lastGoodParameters == before)
    let failure = #expect(throws: NumericalFailure.self) { try run.advance() }
    #expect(failure?.step == 4 && failure?.description.contains("kinetic energy of walker 1") == true)
    #expect(run.ansatz.parameters == before && run.lastGoodParameters == before && run.step == 3)
  }

  @Test("an optimiser that took over before a failure stays")
  func takenOver() throws {
    var run = try smallRun(optimizer: adam, trap: TornTrap(edge: 1))
    run.optimizer = GradientDescent()
    #expect(throws: NumericalFailure.self) { try run.advance() }
    #expect(run.optimizer is GradientDescent)
  }

  // θ goes back to before the second step; a state from after it would call an undone step the last one.
  @Test("after an energy that is not finite the optimiser is as it was when it last saw a finite one")
  func optimizerAfterBadEnergy() throws {
    let last = try AnsatzShape(particles: 2, hidden: 6).parameterCount - 1
    var run = try smallRun(optimizer: Saboteur(step: 2, parameter: last, value: 1e200))
    _ = try run.advance()
    let before = run.optimizer.state
    _ = try run.advance()
    #expect(run.optimizer.state != before)
    #expect(throws: NumericalFailure.self) { try run.advance() }
    #expect(run.optimizer.state == before)
  }

  @Test("after a failed step the optimiser remembers what it did before it")
  func optimizerAfterFailure() throws {
    var run = try smallRun(optimizer: SignDescent(brokenStep: 2))
    _ = try run.advance()
    let memory = run.optimizer.state
    #expect(throws: NumericalFailure.self) { try run.advance() }
    #expect(run.optimizer.state == memory)
  }

  @Test("a change of too many parameters is refused")
  func tooLong() async {
    await #expect(processExitsWith: .failure) {
      var run = try smallRun(optimizer: Chatterbox())
      _ = try run.advance()
    }
  }

  @Test("an evaluation that meets such a walker says so")
  func evaluation() throws {
    var run = try smallRun(optimizer: adam, trap: TornTrap(edge: 1))
    #expect(throws: NumericalFailure.self) { try run.evaluate(batches: 1) }
  }

  @Test("ψ without a value is noticed at the first step")
  func brokenPsi() throws {
    let shape = try AnsatzShape(particles: 2, hidden: 4)
    var parameters = DeterminantAnsatz(shape, seed: 1).parameters
    parameters[5] = .nan
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: 1), DeterminantAnsatz(shape, parameters: parameters),
      MetropolisWalk(walkers: 40, particles: 2, seed: 1), adam)
    let failure = #expect(throws: NumericalFailure.self) { try run.advance() }
    #expect(failure?.description.contains("the kinetic energy of walker 1 is nan") == true)
  }
}

@Suite("6.11 Long runs", .enabled(if: slowTests)) struct LongRuns {
  @Test("Adam finds two fermions' ground state to 0.2 %", arguments: [(10.0, 2.4256190), (-10, 0.5959059)])
  func twoFermions(strength: Double, exact: Double) throws {
    var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 32), seed: 1)
    var walk = MetropolisWalk(walkers: 1024, particles: 2, seed: 2)
    Pretraining().run(&ansatz, &walk, threads: 2)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: strength), ansatz, walk,
      Adam(learningRate: LearningRate(3e-3, decaySteps: 500)), sweeps: 10, threads: 2)
    for _ in 0..<3000 { _ = try run.advance() }
    let result = try run.evaluate(batches: 100)
    #expect(result.energy > exact - 4 * result.error)
    #expect(result.energy < exact + 4 * result.error + 2e-3 * abs(exact))
  }
}
