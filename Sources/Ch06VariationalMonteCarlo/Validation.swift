import Ch04DeterminantAnsatz
import Ch05MetropolisSampling

/// The energy of a state on walkers that did not make it.
///
/// The energy of a step is measured on the walkers that the parameters are being fitted to. With few walkers and many
/// parameters that flatters ψ: what it does where none of them stands is free, and the energy of new walkers lies
/// higher. So a run is told good or lost by new walkers alone.
public struct Validation: Sendable, Equatable {
  /// Steps done when ψ had these parameters.
  public let step: Int
  /// E in ħω.
  public let energy: Double
  /// Standard error of `energy`, in ħω; from blocking where there is one walker.
  public let error: Double
  /// σ², the variance of E_L, in (ħω)²: 0 for an eigenstate.
  public let variance: Double

  /// Numbers as they were measured.
  public init(step: Int, energy: Double, error: Double, variance: Double) {
    (self.step, self.energy, self.error, self.variance) = (step, energy, error, variance)
  }
}

extension [Validation] {
  /// Whether a run has arrived within a relative error ε: its last two validations lie within ε of each other, and each has
  /// σ² ≤ ε |E| in units of ħω and a standard error of at most ε |E| / 2.
  ///
  /// A state near the ground state is that and a little of others, with weights p_k at excitation energies ω_k. Then
  ///
  ///     E - E₀ = Σ p_k ω_k,     σ² = Σ p_k ω_k² - (E - E₀)²
  ///
  /// so that the error is σ² over a mean excitation energy: below σ²/ħω where no excitation is cheaper than one quantum of
  /// the trap, and far below where what is wrong with ψ is of high energy, as it is with the networks of this book. A
  /// spurious node that no walker sees is the exception: on one side of it E_L may be nearly constant at too high an energy.
  /// Energies alone agree with each other too soon, where a run descends slowly.
  ///
  ///     var validations: [Validation] = []
  ///     while run.step < 400, !validations.haveArrived(within: 5e-4) {
  ///       _ = try run.advance()
  ///       if type(of: run).isValidated(after: run.step) { validations.append(try run.validated().validation) }
  ///     }
  public func haveArrived(within target: Double) -> Bool {
    guard count >= 2 else { return false }
    let (last, before) = (self[count - 1], self[count - 2])
    let allowed = target * abs(last.energy)
    return abs(last.energy - before.energy) <= allowed
      && [last, before].allSatisfy { $0.variance <= allowed && $0.error <= 0.5 * allowed }
  }
}

/// A state that a run has gone through, and its validation.
public struct ValidatedState: Sendable, Equatable {
  /// How it did.
  public let validation: Validation
  /// θ, shape [parameterCount].
  public let parameters: [Double]
  /// The walkers that it was measured on, row-major [walkers × particles]; none where they were not kept.
  public let positions: [Double]

  /// A state as it was saved.
  public init(_ validation: Validation, parameters: [Double], positions: [Double] = []) {
    (self.validation, self.parameters, self.positions) = (validation, parameters, positions)
  }

  /// Steps done when ψ had these parameters.
  public var step: Int { validation.step }
  /// E in ħω.
  public var energy: Double { validation.energy }
  /// Standard error of `energy`, in ħω; from blocking where there is one walker.
  public var error: Double { validation.error }

  /// The one that is surely the better: an energy that is known badly counts two standard errors higher.
  func isBetter(than other: ValidatedState) -> Bool { energy + 2 * error < other.energy + 2 * other.error }
}

/// The best state that a run has gone through.
public struct BestState: Sendable, Equatable {
  /// The state; nil before the first that could be measured.
  public private(set) var state: ValidatedState?

  /// None yet, or one that was saved.
  public init(_ state: ValidatedState? = nil) { self.state = state }

  /// Keeps a state that is better than all before.
  public mutating func consider(_ candidate: ValidatedState) {
    if state.map({ candidate.isBetter(than: $0) }) ?? candidate.energy.isFinite { state = candidate }
  }

  /// Whether an energy that was measured later is the worse one: it lies above the best by more than three standard errors
  /// of the difference and a part in 10⁴, or it is known so badly that with two standard errors on each it lies above by
  /// more than a part in 10³ and three of the best one's errors.
  public func isBetter(than final: FinalEnergy) -> Bool {
    guard let state else { return false }
    let size = abs(state.energy)
    let difference = final.energy - state.energy
    let error = (state.error * state.error + final.error * final.error).squareRoot()
    let isAbove = difference > max(3 * error, 1e-4 * size)
    let isUncertain = difference + 2 * final.error - 2 * state.error > max(3 * state.error, 1e-3 * size)
    return isAbove || isUncertain || !difference.isFinite
  }
}

extension VariationalMonteCarlo {
  /// Whether a run is validated after this step: at the start, after every tenth step up to 160, then eight times
  /// for each doubling of the steps. It depends on the step alone, as a run that is resumed has to.
  public static func isValidated(after step: Int) -> Bool {
    var interval = 10
    while step > 16 * interval { interval *= 2 }
    return step % interval == 0
  }

  /// ψ as it stands, measured on walkers of its own: at most 1024 of the run's walkers are copied, and led on by other
  /// random numbers for 100 sweeps before the first of five measurements. The run itself is not changed by a bit.
  ///
  /// - Throws: `NumericalFailure` where a local energy is not finite.
  /// - Complexity: about 160 sweeps and five measurements of 1024 walkers.
  public func validated() throws(NumericalFailure) -> ValidatedState {
    let count = Self.validationWalkers(of: walk.walkers.count)
    let positions = walk.walkers.positions.prefix(count * walk.walkers.particles)
    // Far along the stream of random numbers, at a place for each step.
    let apart = MetropolisWalk(
      positions: Array(positions), particles: walk.walkers.particles, width: walk.width,
      sweeps: 1 << 50 + UInt64(step) << 10, seed: walk.seed)
    var copy = VariationalMonteCarlo(hamiltonian, ansatz, apart, optimizer, threads: threads, step: step)
    let found = try copy.evaluate(batches: 5, equilibration: 100)
    return ValidatedState(
      Validation(step: step, energy: found.energy, error: found.error, variance: found.statistics.variance),
      parameters: ansatz.parameters, positions: copy.walk.walkers.positions)
  }

  /// How many of a run's walkers are copied to validate it.
  public static func validationWalkers(of walkers: Int) -> Int { min(walkers, 1024) }

  /// The energy of a state that the run has left, on the walkers of `returned(to:)`.
  ///
  /// - Throws: `NumericalFailure` where a local energy is not finite.
  public func evaluate(_ state: ValidatedState) throws(NumericalFailure) -> FinalEnergy {
    var copy = returned(to: state)
    return try copy.evaluate()
  }

  /// The run's system at a state that it has left, to be measured. Its walkers, of |ψ|² itself, are copies of those that
  /// the state was validated on, or new ones where there are none: the run's own may stand where it has gone since. The
  /// optimiser is the present one.
  public func returned(to state: ValidatedState) -> VariationalMonteCarlo {
    var ansatz = ansatz
    ansatz.parameters = state.parameters
    let (count, particles) = (walk.walkers.count, walk.walkers.particles)
    let new = MetropolisWalk(walkers: count, particles: particles, seed: walk.seed, length: hamiltonian.length)
    var start = new.walkers.positions
    if !state.positions.isEmpty {
      for i in start.indices { start[i] = state.positions[i % state.positions.count] }
    }
    let walk = MetropolisWalk(
      positions: start, particles: particles, width: new.width, sweeps: 1 << 49, seed: walk.seed)
    return VariationalMonteCarlo(
      hamiltonian, ansatz, walk, optimizer, sweeps: sweeps, threads: threads, step: state.step)
  }
}
