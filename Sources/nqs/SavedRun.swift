import AppendixFiles
import NeuralQuantumStates

/// A run and the folder that it is kept in, if any.
struct SavedRun<Ansatz: SolvableAnsatz> {
  var run: VariationalMonteCarlo<Ansatz>
  let folder: RunFolder?
  /// The best state so far, by walkers that did not make it.
  var best = BestState()
  /// Wall time of all sessions so far, without pretraining.
  var seconds: Double

  /// Measures the run on new walkers where its turn has come, and keeps the best state. A state that cannot be measured
  /// is not kept; that the run itself goes on is the next step's business.
  mutating func validate() -> Validation? {
    guard VariationalMonteCarlo<Ansatz>.isValidated(after: run.step), let state = try? run.validated() else {
      return nil
    }
    best.consider(state)
    return state.validation
  }

  func append(_ record: StepRecord, _ validated: Validation?) throws(CommandError) {
    guard let folder else { return }
    let numbers = [validated?.energy, validated?.error, validated?.variance].map { $0 ?? .nan }
    let row = record.values(run.optimizer) + numbers + [seconds]
    try files { () throws(FileError) in try folder.append(row) }
  }

  /// Saves weights and state: from here on a resume goes on with the same bits.
  func save(_ settings: SolveSettings) throws(CommandError) {
    guard let folder else { return }
    let weights = SavedFormat.weights(run.ansatz, settings)
    let walk = run.walk
    var state = weights.tensors
    state.append(
      NamedTensor("walk.positions", [walk.walkers.count, walk.walkers.particles], walk.walkers.positions))
    state.append(NamedTensor("walk.width", walk.width.value))
    state.append(NamedTensor("seconds", seconds))
    if let best = best.state {
      state.append(NamedTensor("best.parameters", [best.parameters.count], best.parameters))
      state.append(NamedTensor("best.energy", [3], [best.energy, best.error, best.validation.variance]))
      let particles = walk.walkers.particles
      state.append(NamedTensor("best.positions", [best.positions.count / particles, particles], best.positions))
    }
    let memory = run.optimizer.state
    state += memory.tensors.map { NamedTensor("optimizer.\($0.name)", $0.shape, $0.values) }
    // 64-bit counts as text: a double holds 53 bits.
    var metadata = [
      "walk.sweeps": String(walk.sweeps), "optimizer": memory.optimizer, "optimizer.version": String(memory.version),
    ]
    metadata["best.step"] = best.state.map { String($0.step) }
    try files { () throws(FileError) in
      try folder.save(step: run.step, weights: weights, state: TensorFile(state, metadata: metadata))
    }
  }
}

extension SavedRun {
  /// The run as it was when it was last saved.
  init(
    _ saved: RunFolder.SavedState, in folder: RunFolder, _ settings: SolveSettings, _ optimizer: any Optimizer,
    threads: Int
  ) throws(CommandError) {
    var reader = SavedTensors(saved.state, path: folder.statePath)
    let width = try reader.take("walk.width", shape: [])[0]
    let positions = try reader.take("walk.positions", shape: [settings.walkers, settings.coordinates])
    let sweeps = try reader.count("walk.sweeps", below: 1 << 48)
    // A hundred before the first step, at the least.
    guard sweeps >= 100 + UInt64(saved.step) * UInt64(settings.sweeps) else {
      throw reader.error("walk.sweeps is \(sweeps), fewer than \(saved.step) steps take")
    }
    guard width > 0 else { throw reader.error("walk.width is \(width); a positive number is needed") }
    let seconds = try reader.take("seconds", shape: [])[0]
    let count = settings.states * (try settings.shape().parameterCount)
    var best = BestState()
    if reader.has("best.parameters") {
      let parameters = try reader.take("best.parameters", shape: [count])
      let energy = try reader.take("best.energy", shape: [3], allowInfinite: true)
      let walkers = VariationalMonteCarlo<Ansatz>.validationWalkers(of: settings.walkers)
      let positions = try reader.take("best.positions", shape: [walkers, settings.coordinates])
      let step = try reader.count("best.step", below: UInt64(saved.step) + 1)
      best = BestState(
        ValidatedState(
          Validation(step: Int(step), energy: energy[0], error: energy[1], variance: energy[2]),
          parameters: parameters, positions: positions))
    }
    let memory = reader.takeAll("optimizer.")
    let ansatz: Ansatz
    do throws(AnsatzError) {
      ansatz = try Ansatz(tensors: reader.rest)
    } catch {
      throw reader.error(error.description)
    }
    guard try ansatz.hasSizes(of: settings) else {
      throw reader.error("the network's sizes are not those of the settings")
    }
    guard let name = saved.state.metadata["optimizer"],
      let version = saved.state.metadata["optimizer.version"].flatMap({ Int($0) })
    else { throw reader.error("it does not say which optimiser's state it holds") }
    let resumed: any Optimizer
    do throws(OptimizerStateError) {
      resumed = try optimizer.resumed(
        from: OptimizerState(optimizer: name, version: version, tensors: memory), groups: ansatz.parameterGroups)
    } catch {
      throw reader.error(error.description)
    }
    let walk = MetropolisWalk(
      positions: positions, particles: settings.coordinates, width: ProposalWidth(width), sweeps: sweeps,
      power: try settings.samplingPower(), seed: settings.seed)
    self.init(
      run: VariationalMonteCarlo(
        settings.copies, ansatz, walk, resumed, sweeps: settings.sweeps, threads: threads, step: saved.step),
      folder: folder, best: best, seconds: seconds)
  }
}

/// The tensors of a saved state, each taken once, by name and shape.
private struct SavedTensors {
  private(set) var rest: [NamedTensor]
  private let metadata: [String: String]
  private let path: String

  init(_ state: TensorFile, path: String) {
    (rest, metadata, self.path) = (state.tensors, state.metadata, path)
  }

  func error(_ problem: String) -> CommandError { .data("\(path): \(problem); the state is not that of this run") }

  func has(_ name: String) -> Bool { rest.contains { $0.name == name } }

  mutating func take(_ name: String, shape: [Int], allowInfinite: Bool = false) throws(CommandError) -> [Double] {
    guard let index = rest.firstIndex(where: { $0.name == name }) else { throw error("tensor \(name) is missing") }
    let tensor = rest.remove(at: index)
    guard tensor.shape == shape else {
      throw error("tensor \(name) has shape \(tensor.shape), \(shape) expected")
    }
    guard tensor.values.allSatisfy({ allowInfinite ? !$0.isNaN : $0.isFinite }) else {
      throw error("tensor \(name) holds a number that is not finite")
    }
    return tensor.values
  }

  /// All whose name begins so, without that beginning.
  mutating func takeAll(_ prefix: String) -> [NamedTensor] {
    let found = rest.filter { $0.name.hasPrefix(prefix) }
    rest.removeAll { $0.name.hasPrefix(prefix) }
    return found.map { NamedTensor(String($0.name.dropFirst(prefix.count)), $0.shape, $0.values) }
  }

  /// A count from the metadata.
  func count(_ name: String, below bound: UInt64) throws(CommandError) -> UInt64 {
    guard let count = metadata[name].flatMap({ UInt64($0) }), count < bound else {
      throw error("\(name) is \(metadata[name] ?? "missing"); a count below \(bound) is needed")
    }
    return count
  }
}

/// What the files of a run look like, whatever its wave function.
enum SavedFormat {
  /// The history's columns: the record's, the energy on new walkers where it was measured after the step, the clock.
  static func columns(_ optimizer: any Optimizer) -> [String] {
    StepRecord.columns(optimizer) + validationColumns + ["seconds"]
  }

  private static let validationColumns = ["validation_energy", "validation_error", "validation_variance"]

  /// The validations of the first steps of a history.
  static func validations(_ history: NumericTable, steps: Int) -> [Validation] {
    let columns = validationColumns.compactMap { history[$0] }
    guard columns.count == validationColumns.count else { return [] }
    return (0..<min(steps, columns[0].count)).filter { columns[0][$0].isFinite }.map {
      Validation(step: $0 + 1, energy: columns[0][$0], error: columns[1][$0], variance: columns[2][$0])
    }
  }

  /// Throws unless a history has these columns.
  static func requireHistory(
    _ history: NumericTable, of optimizer: any Optimizer, path: String
  ) throws(CommandError) {
    let expected = columns(optimizer)
    guard history.columns != expected else { return }
    let problem =
      expected.first { history[$0] == nil }.map { "no column is called \($0)" }
      ?? "its columns are not those of \(optimizer.name)"
    throw .data("\(path): \(problem); the history of a run by nqs solve is needed")
  }

  /// The network that a run has kept.
  static func weights<Ansatz: SolvableAnsatz>(
    in folder: RunFolder, _ settings: SolveSettings, as kind: Ansatz.Type
  ) throws(CommandError) -> Ansatz {
    let weights = try files { () throws(FileError) in try folder.readWeights() }
    let ansatz: Ansatz
    do throws(AnsatzError) {
      ansatz = try Ansatz(tensors: weights.tensors)
    } catch {
      throw .data("\(folder.weightsPath): \(error.description)")
    }
    guard try ansatz.hasSizes(of: settings) else {
      throw .data("\(folder.weightsPath): the network's sizes are not those of \(folder.settingsPath)")
    }
    return ansatz
  }

  /// The walkers of a run's last state, row-major [walkers × particles]; nil where that is not the state of these weights.
  static func walkers(
    of ansatz: some SolvableAnsatz, in contents: RunFolder.Contents, _ settings: SolveSettings
  ) -> [Double]? {
    guard let saved = contents.saved, let positions = saved.state["walk.positions"],
      positions.shape == [settings.walkers, settings.coordinates], positions.values.allSatisfy(\.isFinite),
      ansatz.tensors.allSatisfy({ saved.state[$0.name] == $0 })
    else { return nil }
    return positions.values
  }

  /// A network as other programs read it, with the system that it is for.
  static func weights(_ ansatz: some SolvableAnsatz, _ settings: SolveSettings) -> TensorFile {
    let potentials = settings.potentials
    var metadata = ["trap": potentials.trap, "interaction": potentials.interaction, "let": potentials.constants]
      .compactMapValues(\.self)
    if potentials.interaction == nil {
      metadata["strength"] = digits(settings.strength)
      metadata["range"] = digits(settings.range)
    }
    return TensorFile(ansatz.tensors, metadata: metadata)
  }
}
