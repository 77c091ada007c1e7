import AppendixFiles
import NeuralQuantumStates

/// A run and the folder that it is kept in, if any.
struct SavedRun {
  var run: VariationalMonteCarlo
  let folder: RunFolder?
  /// Wall time of all sessions so far, without pretraining.
  var seconds: Double

  /// The history's columns: the record's and the clock.
  static let columns = StepRecord.columns + ["seconds"]

  func append(_ record: StepRecord) throws(CommandError) {
    guard let folder else { return }
    try files { () throws(FileError) in try folder.append(record.values + [seconds]) }
  }

  static func weights(_ ansatz: DeterminantAnsatz) -> TensorFile {
    TensorFile(ansatz.tensors.map { NamedTensor($0.name, $0.shape, $0.values) })
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
    for (name, values) in run.optimizer.memory.sorted(by: { $0.key < $1.key }) {
      state.append(NamedTensor("optimizer.\(name)", [values.count], values))
    }
    // 64-bit counts as text: a double holds 53 bits.
    let metadata = ["walk.sweeps": String(walk.sweeps), "optimizer": run.optimizer.name]
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
      ansatz = try DeterminantAnsatz(
        tensors: own.map { AnsatzTensor(name: $0.name, shape: $0.shape, values: $0.values) })
    } catch {
      throw .data("\(path): \(error.description)")
    }
    guard ansatz.shape == (try settings.shape()) else {
      throw .data("\(path): the network's sizes are not those of the settings")
    }
    var optimizer = optimizer
    var memory: [String: [Double]] = [:]
    for entry in saved.state.tensors where entry.name.hasPrefix("optimizer.") {
      memory[String(entry.name.dropFirst("optimizer.".count))] = entry.values
    }
    optimizer.memory = memory
    let walk = MetropolisWalk(
      positions: positions.values, particles: settings.particles, width: ProposalWidth(value), sweeps: sweeps,
      seed: settings.seed)
    let run = VariationalMonteCarlo(
      settings.hamiltonian, ansatz, walk, optimizer, sweeps: settings.sweeps, threads: threads, step: saved.step)
    return SavedRun(run: run, folder: folder, seconds: try tensor("seconds").values.first ?? 0)
  }
}
