import AppendixFiles
import AppendixText
import NeuralQuantumStates

// How a run begins, or goes on.
extension SolveCommand {
  /// A run that goes on, or a new one with its pretraining done.
  mutating func start<Ansatz: SolvableAnsatz>() throws(CommandError) -> SavedRun<Ansatz> {
    let optimizer = try settings.makeOptimizer()
    if let folder = resumed {
      // All is checked before anything is written.
      let contents = try files { () throws(FileError) in try folder.read() }
      try SavedFormat.requireHistory(contents.history, of: optimizer, path: folder.historyPath)
      let saved = try contents.saved.map { (saved) throws(CommandError) -> SavedRun<Ansatz> in
        try SavedRun(saved, in: folder, settings, optimizer, threads: arguments.threads)
      }
      try files { () throws(FileError) in try folder.rewind(to: contents) }
      // The result goes when the run can be written to.
      try saved?.save(settings)
      folder.removeResult()
      func column(_ name: String) -> [Double] {
        Array((contents.history[name] ?? []).prefix(saved?.run.step ?? 0))
      }
      (history, variances) = (column("energy"), column("variance"))
      validations = SavedFormat.validations(contents.history, steps: saved?.run.step ?? 0)
      if let saved { return saved }
    }
    var folder = resumed
    if let path = output {
      folder = try files { () throws(FileError) in
        try RunFolder.create(path, settings: settings.json, columns: SavedFormat.columns(optimizer))
      }
    }
    var saved = SavedRun<Ansatz>(run: try pretrained(optimizer, folder), folder: folder, seconds: 0)
    _ = saved.validate()
    try saved.save(settings)
    return saved
  }

  /// A run before its first step.
  private mutating func pretrained<Ansatz: SolvableAnsatz>(
    _ optimizer: any Optimizer, _ folder: RunFolder?
  ) throws(CommandError) -> VariationalMonteCarlo<Ansatz> {
    guard settings.weights == weights?.checksum else {
      let path = folder?.path ?? ""
      throw .data("\(path): the run was stopped before it had saved the network it was given; begin it again")
    }
    // Weights that were given are those of one state.
    var ansatz: Ansatz
    if let given = weights?.ansatz as? Ansatz { ansatz = given } else { ansatz = try Ansatz.make(settings) }
    let (threads, count) = (arguments.threads, settings.pretrain)
    var walk = MetropolisWalk(
      walkers: settings.walkers, particles: settings.coordinates, seed: settings.seed,
      length: settings.hamiltonian.length)
    var progress = progress
    if count == 0 {
      walk.sweep(ansatz, count: weights == nil ? 100 : 300, adaptingWidth: true, threads: arguments.threads)
    }
    try ansatz.pretrain(settings, &walk, threads: threads) { step, loss in
      progress.show(
        "pretraining \(step)/\(count)  mean squared deviation \(scientific(loss, 1))", always: step == count)
      return !Interruption.isRequested
    }
    progress.finish()
    self.progress = progress
    if Interruption.isRequested {
      let advice = folder.map { "; nqs solve --resume \(quotedForShell($0.path)) begins again" } ?? ""
      throw .interrupted("interrupted while pretraining" + advice)
    }
    // From here on the walkers follow the power of |ψ| that the optimiser asks for.
    walk.power = try settings.samplingPower()
    if walk.power != 2 { walk.sweep(ansatz, count: 100, adaptingWidth: true, threads: arguments.threads) }
    return VariationalMonteCarlo(
      settings.copies, ansatz, walk, optimizer, sweeps: settings.sweeps, threads: threads)
  }
}
