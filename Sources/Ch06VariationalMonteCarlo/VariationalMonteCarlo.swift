import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling

/// One run of variational Monte Carlo: a Hamiltonian, a ψ, walkers, and a rule that improves ψ.
///
///     var run = VariationalMonteCarlo(
///       TrappedFermions(particles: 2, strength: -20), ansatz, walk, Adam(learningRate: LearningRate(1e-3)))
///     for _ in 1...1000 { print(try run.advance().energy) }
///     print(try run.evaluate(batches: 50).energy)
///
/// One step: sweep, measure E_L, form the gradient, ask the optimiser, change θ. It knows a Hamiltonian and a ψ by what
/// it needs of them: the potential, and ln|ψ| with its derivatives. The whole run is a value: a copy of it goes on with
/// the same bits as the original, and so does one that was saved and loaded.
public struct VariationalMonteCarlo<Ansatz: TrainableWaveFunction>: Sendable {
  /// H, as the potential that it adds to the kinetic energy.
  public let hamiltonian: any Hamiltonian
  /// ψ with its present parameters. It and the walkers move by steps alone: another ψ or another walk is another run.
  public private(set) var ansatz: Ansatz
  /// The walkers and their random numbers.
  public internal(set) var walk: MetropolisWalk
  /// The rule that improves ψ, with what it remembers.
  public var optimizer: any Optimizer {
    get { rule }
    set { (rule, lastGoodRule) = (newValue, newValue) }
  }
  private var rule: any Optimizer
  /// Sweeps before each measurement, at least 1.
  public var sweeps: Int
  /// Threads that share the work; results do not depend on it.
  public var threads: Int
  /// Steps of the optimisation done so far.
  public private(set) var step: Int
  /// θ that last gave finite energies, shape [parameterCount]; what `advance` goes back to when it throws.
  public private(set) var lastGoodParameters: [Double]
  /// The optimiser as it was when it saw them, or as it was set since.
  private var lastGoodRule: any Optimizer
  /// The last step's derivatives: memory for the next one's.
  private var derivativeMemory: ParameterDerivatives?

  /// A run from what it starts with. Sweeps or threads that are not positive, or a ψ with other particles than H, stop
  /// the program.
  ///
  /// - Parameters:
  ///   - hamiltonian: the system.
  ///   - ansatz: ψ at the start.
  ///   - walk: walkers at the start; with other particles than ψ the first sweep stops the program.
  ///   - optimizer: decides the steps.
  ///   - sweeps: before each measurement.
  ///   - threads: the bits of the run do not depend on it.
  ///   - step: steps done already, for a run that goes on.
  public init(
    _ hamiltonian: any Hamiltonian, _ ansatz: Ansatz, _ walk: MetropolisWalk, _ optimizer: any Optimizer,
    sweeps: Int = RunLength.sweeps, threads: Int = 1, step: Int = 0
  ) {
    precondition(sweeps > 0 && threads > 0, "sweeps (\(sweeps)) and threads (\(threads)) must be positive")
    precondition(hamiltonian.particles == ansatz.particles, "the Hamiltonian and ψ differ in their particles")
    self.hamiltonian = hamiltonian
    self.ansatz = ansatz
    self.walk = walk
    (rule, lastGoodRule) = (optimizer, optimizer)
    self.sweeps = sweeps
    self.threads = threads
    self.step = step
    lastGoodParameters = ansatz.parameters
  }

  /// One step of the optimisation.
  ///
  /// - Parameter observe: called with the step's sample when the optimiser has decided, before θ changes.
  /// - Returns: what was measured before the update.
  /// - Throws: `NumericalFailure` where an energy, the gradient or the update is not finite; ψ then has the parameters that
  ///   last gave finite energies, the optimiser the state that it had then, and the walk goes on from where it has got to.
  public mutating func advance(
    observing observe: (_ sample: Sample) -> Void = { _ in }
  ) throws(NumericalFailure) -> StepRecord {
    let number = step + 1
    do {
      return try sampleAndUpdate(number, observe)
    } catch {
      ansatz.parameters = lastGoodParameters
      rule = lastGoodRule
      throw error
    }
  }

  private mutating func sampleAndUpdate(
    _ number: Int, _ observe: (_ sample: Sample) -> Void
  ) throws(NumericalFailure) -> StepRecord {
    // Sample and measure.
    walk.sweep(ansatz, count: sweeps, adaptingWidth: true, threads: threads)
    let sample = Sample(
      hamiltonian, ansatz, at: walk.walkers, order: rule.order, power: walk.power, step: number, threads: threads,
      reusing: derivativeMemory.take())
    defer { derivativeMemory = sample.derivatives }
    try NumericalFailure.check(sample.energies, at: walk.walkers, step: number)
    (lastGoodParameters, lastGoodRule) = (ansatz.parameters, rule)
    try NumericalFailure.check(sample.gradient, "gradient", of: ansatz, step: number)

    // The optimiser's decision.
    let update = rule.update(sample)
    try NumericalFailure.check(update.change, "update", of: ansatz, step: number)
    observe(sample)
    ansatz.move(by: update.change)
    step = number

    let energy = WeightedMean(sample.energies.total, weights: sample.weights)
    return StepRecord(
      step: number, energy: energy.mean, energyError: energy.error, variance: energy.variance,
      acceptance: walk.acceptance, proposalWidth: walk.width.value, diagnostics: update.diagnostics,
      gradientNorm: norm(sample.gradient), updateNorm: norm(update.change),
      wrongSignFraction: sample.energies.wrongSignFraction)
  }

  /// The energy of ψ as it stands, with the width of the walk frozen, on walkers that follow |ψ|² whatever power the run
  /// samples.
  ///
  /// - Parameters:
  ///   - batches: measurements, at least 1.
  ///   - sweepsBetween: sweeps before each.
  ///   - equilibration: sweeps before the first measurement; nil for as many as it takes (`equilibrate`).
  ///   - observe: called at each measurement with its number, counted from 1, and the walkers.
  /// - Throws: `NumericalFailure` where a local energy is not finite.
  public mutating func evaluate(
    batches: Int = RunLength.batches, sweepsBetween: Int = 10, equilibration: Int? = nil,
    observing observe: (_ batch: Int, _ walkers: Walkers) -> Void = { _, _ in }
  ) throws(NumericalFailure) -> FinalEnergy {
    precondition(batches > 0 && sweepsBetween > 0, "batches and sweeps must be positive")
    let power = walk.power
    walk.power = 2
    defer { walk.power = power }
    let arrival: Equilibration? = equilibration == nil ? try equilibrate() : nil
    walk.sweep(ansatz, count: equilibration ?? 0, threads: threads)
    var values: [Double] = []
    var acceptance = 0.0
    for batch in 1...batches {
      walk.sweep(ansatz, count: sweepsBetween, threads: threads)
      acceptance += walk.acceptance / Double(batches)
      let energies = hamiltonian.localEnergies(of: ansatz, at: walk.walkers, threads: threads)
      try NumericalFailure.check(energies, at: walk.walkers, step: step)
      values += energies.total
      observe(batch, walk.walkers)
    }
    return FinalEnergy(
      statistics: SampleStatistics(values, walkers: walk.walkers.count), acceptance: acceptance, equilibration: arrival)
  }
}

/// An energy that was measured with a frozen walk.
public struct FinalEnergy: Sendable, Equatable {
  /// E_L over walkers and measurements, in ħω.
  public let statistics: SampleStatistics
  /// Fraction of moves accepted in the sweeps between measurements.
  public let acceptance: Double
  /// How far the walkers were led before the first measurement; nil where that was given.
  public let equilibration: Equilibration?
  /// An energy as it was measured.
  public init(statistics: SampleStatistics, acceptance: Double, equilibration: Equilibration? = nil) {
    (self.statistics, self.acceptance, self.equilibration) = (statistics, acceptance, equilibration)
  }

  /// E in ħω.
  public var energy: Double { statistics.mean }
  /// Standard error of `energy`, in ħω.
  public var error: Double { statistics.standardError }
}

/// How much a run does unless it is told otherwise.
public enum RunLength {
  /// Sweeps before each step.
  public static let sweeps = 10
  /// Measurements of a final energy.
  public static let batches = 50
}
