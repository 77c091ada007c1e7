import AppendixFiles
import NeuralQuantumStates

/// A run and the folder that it is kept in, if any.
struct SavedRun {
  var run: VariationalMonteCarlo<DeterminantAnsatz>
  let folder: RunFolder?
  /// Wall time of all sessions so far, without pretraining.
  var seconds: Double

  /// The history's columns: the record's and the clock.
  static func columns(_ optimizer: any Optimizer) -> [String] { StepRecord.columns(optimizer) + ["seconds"] }

  func append(_ record: StepRecord) throws(CommandError) {
    guard let folder else { return }
    try files { () throws(FileError) in try folder.append(record.values(run.optimizer) + [seconds]) }
  }

  static func weights(_ ansatz: DeterminantAnsatz) -> TensorFile {
    TensorFile(ansatz.tensors)
  }

  /// Saves weights and state: from here on a resume goes on with the same bits.
  func save() throws(CommandError) {
    guard let folder else { return }
    let weights = SavedRun.weights(run.ansatz)
    let walk = run.walk
    var state = weights.tensors
    state.append(
      NamedTensor("walk.positions", [walk.walkers.count, walk.walkers.particles], walk.walkers.positions))
    state.append(NamedTensor("walk.width", walk.width.value))
    state.append(NamedTensor("seconds", seconds))
    let memory = run.optimizer.state
    state += memory.tensors.map { NamedTensor("optimizer.\($0.name)", $0.shape, $0.values) }
    // 64-bit counts as text: a double holds 53 bits.
    let metadata = [
      "walk.sweeps": String(walk.sweeps), "optimizer": memory.optimizer, "optimizer.version": String(memory.version),
    ]
    try files { () throws(FileError) in
      try folder.save(step: run.step, weights: weights, state: TensorFile(state, metadata: metadata))
    }
  }

  /// The run as it was when it was last saved; nil if nothing was saved yet.
  static func load(
    _ folder: RunFolder, _ settings: SolveSettings, _ optimizer: any Optimizer, threads: Int
  ) throws(CommandError) -> SavedRun? {
    let last = try files { () throws(FileError) in try folder.rewindToLastState() }
    guard let saved = last else { return nil }
    let path = folder.statePath
    func tensor(_ name: String) throws(CommandError) -> NamedTensor {
      guard let tensor = saved.state[name] else {
        throw .data("\(path): tensor \(name) is missing; the state is not that of this run")
      }
      return tensor
    }
    let (width, positions) = (try tensor("walk.width"), try tensor("walk.positions"))
    guard let sweeps = saved.state.metadata["walk.sweeps"].flatMap({ UInt64($0) }),
      positions.shape == [settings.walkers, settings.particles], positions.values.allSatisfy(\.isFinite),
      let value = width.values.first, value > 0, value.isFinite
    else { throw .data("\(path): walkers do not fit the settings; the state is not that of this run") }
    let own = saved.state.tensors.filter {
      !$0.name.hasPrefix("walk.") && !$0.name.hasPrefix("optimizer.") && $0.name != "seconds"
    }
    let ansatz: DeterminantAnsatz
    do throws(AnsatzError) {
      ansatz = try DeterminantAnsatz(tensors: own)
    } catch {
      throw .data("\(path): \(error.description)")
    }
    guard ansatz.shape == (try settings.shape()) else {
      throw .data("\(path): the network's sizes are not those of the settings")
    }
    guard let name = saved.state.metadata["optimizer"],
      let version = saved.state.metadata["optimizer.version"].flatMap({ Int($0) })
    else {
      throw .data(
        "\(path): it does not say which optimiser's state it holds; a state saved by nqs \(nqs.version) is needed")
    }
    let memory = saved.state.tensors.filter { $0.name.hasPrefix("optimizer.") }.map {
      NamedTensor(String($0.name.dropFirst("optimizer.".count)), $0.shape, $0.values)
    }
    let resumed: any Optimizer
    do throws(OptimizerStateError) {
      resumed = try optimizer.resumed(
        from: OptimizerState(optimizer: name, version: version, tensors: memory), groups: ansatz.parameterGroups)
    } catch {
      throw .data("\(path): \(error.description)")
    }
    let walk = MetropolisWalk(
      positions: positions.values, particles: settings.particles, width: ProposalWidth(value), sweeps: sweeps,
      seed: settings.seed)
    let run = VariationalMonteCarlo(
      settings.hamiltonian, ansatz, walk, resumed, sweeps: settings.sweeps, threads: threads, step: saved.step)
    return SavedRun(run: run, folder: folder, seconds: try tensor("seconds").values.first ?? 0)
  }
}
