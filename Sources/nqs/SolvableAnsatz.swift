import AppendixFiles
import NeuralQuantumStates

/// A wave function that `nqs solve` can make, pretrain, keep and measure: a determinant for the ground state, several of them in
/// one determinant for the lowest levels.
protocol SolvableAnsatz: TrainableWaveFunction {
  /// A fresh one.
  static func make(_ settings: SolveSettings) throws(CommandError) -> Self
  /// The one that a file holds.
  init(tensors: [NamedTensor]) throws(AnsatzError)
  /// Whether it has the sizes that settings ask for.
  func hasSizes(of settings: SolveSettings) throws(CommandError) -> Bool
  /// Fits its orbitals to free fermions in the trap.
  mutating func pretrain(
    _ settings: SolveSettings, _ walk: inout MetropolisWalk, threads: Int, report: (_ step: Int, _ loss: Double) -> Bool
  ) throws(CommandError)
  /// The energy of a run as it stands, and the levels that it is the sum of, where there are several. The run is not changed.
  static func energy(
    of run: VariationalMonteCarlo<Self>
  ) throws(NumericalFailure) -> (energy: FinalEnergy, levels: Levels?)
}

extension DeterminantAnsatz: SolvableAnsatz {
  static func make(_ settings: SolveSettings) throws(CommandError) -> DeterminantAnsatz {
    DeterminantAnsatz(try settings.shape(), seed: settings.seed, length: settings.hamiltonian.length)
  }

  func hasSizes(of settings: SolveSettings) throws(CommandError) -> Bool { shape == (try settings.shape()) }

  mutating func pretrain(
    _ settings: SolveSettings, _ walk: inout MetropolisWalk, threads: Int, report: (_ step: Int, _ loss: Double) -> Bool
  ) throws(CommandError) {
    let orbitals = try settings.trapOrbitals()
    Pretraining(steps: settings.pretrain, orbitals: orbitals).run(&self, &walk, threads: threads, report: report)
  }

  static func energy(
    of run: VariationalMonteCarlo<DeterminantAnsatz>
  ) throws(NumericalFailure) -> (energy: FinalEnergy, levels: Levels?) {
    var copy = run
    return (try copy.evaluate(), nil)
  }
}

extension ExcitedStates<DeterminantAnsatz>: SolvableAnsatz {
  static func make(_ settings: SolveSettings) throws(CommandError) -> ExcitedStates {
    let (shape, length) = (try settings.shape(), settings.hamiltonian.length)
    return ExcitedStates(
      (0..<settings.states).map {
        DeterminantAnsatz(shape, seed: settings.seed &+ UInt64($0) &* 0x9E37, length: length)
      })
  }

  func hasSizes(of settings: SolveSettings) throws(CommandError) -> Bool {
    let shape = try settings.shape()
    return count == settings.states && states.allSatisfy { $0.shape == shape }
  }

  mutating func pretrain(
    _ settings: SolveSettings, _ walk: inout MetropolisWalk, threads: Int, report: (_ step: Int, _ loss: Double) -> Bool
  ) throws(CommandError) {
    let orbitals = try settings.trapOrbitals(count: settings.particles + settings.states - 1)
    Pretraining(steps: settings.pretrain, orbitals: orbitals).run(&self, &walk, threads: threads, report: report)
  }

  static func energy(
    of run: VariationalMonteCarlo<ExcitedStates>
  ) throws(NumericalFailure) -> (energy: FinalEnergy, levels: Levels?) {
    let (levels, sum) = try run.levels()
    return (sum, levels)
  }
}

extension SolveSettings {
  /// Coordinates of a walker: A for each state.
  var coordinates: Int { states * particles }

  /// What the run's walkers move in: the system, or as many copies of it as there are states.
  var copies: any Hamiltonian { states == 1 ? hamiltonian : CopiedHamiltonian(hamiltonian, count: states) }

  /// The parameter groups of all states.
  func groups(_ shape: AnsatzShape) -> [ParameterGroup] {
    guard states > 1 else { return shape.groups }
    return (0..<states).flatMap { state in
      shape.groups.map {
        ParameterGroup(
          role: $0.role, layout: $0.layout.over(sets: states), start: state * shape.parameterCount + $0.start)
      }
    }
  }

  /// What several states cannot have.
  func requireStates() throws(CommandError) {
    guard states > 1 else { return }
    guard coordinates <= 64 else {
      throw .usage(
        "--states \(states) of \(particles) fermions are \(coordinates) coordinates; 64 at most are possible")
    }
    guard try method().acceptsSeveralStates else {
      throw .usage("\(optimizer) has no Kronecker factors yet for layers that several states go through; --states is 1")
    }
    guard weights == nil else { throw .usage("--states cannot be given with --weights, which are those of one state") }
  }
}
