import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let solve = Command(
    name: "solve", summary: "find a ground state by variational Monte Carlo",
    options: Setting.options() + [
      .exact,
      Option("output", .path("DIR"), "keep the run in a new folder"),
      Option("resume", .path("DIR"), "go on with the run in this folder"),
    ],
    notes: """
      Without options: two fermions at V0 = -20, which clump together. Progress goes to standard error.
      A run is a function of its settings and its seed, bit for bit, on any number of threads. --output keeps
      settings.json, history.csv, weights.safetensors, state.safetensors and, when it has ended, result.json, or
      failure.txt where it failed. Control-C saves the state and exits with 130, SIGTERM, SIGHUP and SIGUSR1 with 143, 129
      and 138. One process at a time runs in a folder; a second one exits with 75. The energy at the end is measured with the walk's width frozen; its
      error bar is the spread of the walkers' own means over the square root of their number. R̂ is the square root of the
      pooled variance over the variance within the halves of the walkers' chains; the autocorrelation time is
      1 + 2 Σ ρ_t, in measurements.
      """
  ) { (arguments) throws(CommandError) in
    let outcome = try SolveCommand(arguments).run()
    try show(arguments.json ? outcome.json.line : outcome.table)
  }
}

extension Option {
  static let exact = Option(
    "exact", .choice(["auto", "none"]), "show the exact energy where it is known", default: "auto")
}

/// One run, new or resumed: what `nqs solve` does once and `nqs compare` several times.
struct SolveCommand {
  let arguments: Arguments
  let settings: SolveSettings
  let steps: Int
  let resumed: RunFolder?
  let references: ReferenceEnergies
  /// The folder of a new run; nil to keep nothing.
  let output: String?
  private var progress: Progress
  private var history: [Double] = []

  init(_ arguments: Arguments) throws(CommandError) {
    self.arguments = arguments
    if let path = arguments.given("resume") {
      let fixed = Setting.options().map(\.name).filter { $0 != "steps" } + ["seed", "output"]
      for option in fixed where arguments.given(option) != nil {
        throw .usage("--\(option) cannot be given with --resume; the settings are those of \(path)")
      }
      let (folder, json) = try files { () throws(FileError) in
        let folder = try RunFolder.open(path)
        return (folder, try folder.readSettings())
      }
      settings = try SolveSettings(json: json, path: folder.settingsPath)
      resumed = folder
    } else {
      settings = SolveSettings(arguments)
      resumed = nil
    }
    let total = try settings.totalSteps()
    steps = arguments.integer("steps") ?? total
    try SolveSettings.refuseForeignOptions(arguments, optimizers: [settings.optimizer])
    _ = try settings.shape()
    references = ReferenceEnergies(settings, exact: arguments.text("exact") != "none", threads: arguments.threads)
    output = arguments.given("output")
    progress = Progress(quiet: arguments.quiet)
  }

  /// One of several runs, new in the folder `output` or going on in `resumed`; references are calculated outside.
  init(
    _ arguments: Arguments, settings: SolveSettings, references: ReferenceEnergies, output: String?,
    resumed: RunFolder? = nil
  ) throws(CommandError) {
    self.arguments = arguments
    self.settings = settings
    self.references = references
    self.output = output
    steps = try settings.totalSteps()
    self.resumed = resumed
    _ = try settings.shape()
    progress = Progress(quiet: arguments.quiet)
  }

  /// The run from where it is to its end, with no other process in its folder.
  func run() throws(CommandError) -> SolveOutcome {
    guard let path = output ?? resumed?.path else { return try runLocked() }
    let lock = try files { () throws(FileError) in try RunLock(path) }
    defer { lock.release() }
    return try runLocked()
  }

  /// The same for a caller that holds the folder's lock.
  func runLocked() throws(CommandError) -> SolveOutcome {
    var command = self
    Interruption.listen()
    var saved = try command.start()
    saved.folder?.removeResult()
    if let folder = resumed {
      command.history = try files { () throws(FileError) in try folder.readHistory()["energy"] ?? [] }
    }
    do throws(CommandError) {
      try command.train(&saved)
      let outcome = try command.measure(saved)
      command.progress.finish()
      if let folder = saved.folder { try files { () throws(FileError) in try folder.writeResult(outcome.json) } }
      return outcome
    } catch {
      if case .numerical(let text) = error, let folder = saved.folder {
        try files { () throws(FileError) in try folder.writeFailure(text) }
      }
      throw error
    }
  }

  /// A run that goes on, or a new one with its pretraining done.
  private mutating func start() throws(CommandError) -> SavedRun {
    let optimizer = try settings.makeOptimizer()
    if let resumed, let saved = try SavedRun.load(resumed, settings, optimizer, threads: arguments.threads) {
      return saved
    }
    var folder = resumed
    if let path = output {
      folder = try files { () throws(FileError) in
        try RunFolder.create(path, settings: settings.json, columns: SavedRun.columns(optimizer))
      }
    }
    var ansatz = DeterminantAnsatz(try settings.shape(), seed: settings.seed)
    var walk = MetropolisWalk(walkers: settings.walkers, particles: settings.particles, seed: settings.seed)
    var progress = progress
    let count = settings.pretrain
    if count == 0 { walk.sweep(ansatz, count: 100, adaptingWidth: true, threads: arguments.threads) }
    Pretraining(steps: count).run(&ansatz, &walk, threads: arguments.threads) { step, loss in
      progress.show(
        "pretraining \(step)/\(count)  mean squared deviation \(scientific(loss, 1))", always: step == count)
      return !Interruption.isRequested
    }
    progress.finish()
    self.progress = progress
    if Interruption.isRequested {
      let advice = folder.map { "; nqs solve --resume \($0.path) begins again" } ?? ""
      throw .interrupted("interrupted while pretraining" + advice)
    }
    let run = VariationalMonteCarlo(
      settings.hamiltonian, ansatz, walk, optimizer, sweeps: settings.sweeps, threads: arguments.threads)
    let saved = SavedRun(run: run, folder: folder, seconds: 0)
    try saved.save()
    return saved
  }

  /// Steps until the number asked for is done.
  private mutating func train(_ saved: inout SavedRun) throws(CommandError) {
    if resumed != nil, saved.run.step >= steps {
      let text = "the run is at step \(saved.run.step) already, --steps \(steps) asks for no more"
      progress.show(text, always: true)
      return
    }
    let clock = ContinuousClock()
    let (start, first, before) = (clock.now, saved.run.step, saved.seconds)
    var lastSave = start
    while saved.run.step < steps {
      let record: StepRecord
      do {
        record = try saved.run.advance()
      } catch {
        progress.finish()
        throw .numerical(error.description + (try keepLastGood(saved)))
      }
      let now = clock.now
      let elapsed = (now - start).seconds
      saved.seconds = before + elapsed
      try saved.append(record)
      history.append(record.energy)
      let left = elapsed / Double(record.step - first) * Double(steps - record.step)
      let text = line(record, secondsLeft: left)
      progress.show(text, always: record.step == steps)
      if Interruption.isRequested {
        try saved.save()
        progress.finish()
        let advice = saved.folder.map { "; nqs solve --resume \($0.path) --steps \(steps) goes on" } ?? ", nothing kept"
        throw .interrupted("interrupted at step \(record.step)" + advice)
      }
      if (now - lastSave).seconds > 10 {
        try saved.save()
        lastSave = now
      }
    }
    try saved.save()
    progress.finish()
  }

  /// Writes the weights that last gave finite energies, and says where.
  private func keepLastGood(_ saved: SavedRun) throws(CommandError) -> String {
    guard let folder = saved.folder else { return "; without --output no weights are kept" }
    try files { () throws(FileError) in try SavedRun.weights(saved.run.ansatz).write(folder.weightsPath) }
    return "; the last good weights are in \(folder.weightsPath)"
  }

  private func line(_ record: StepRecord, secondsLeft: Double) -> String {
    var text = "step \(rightAligned(String(record.step), String(steps).count))/\(steps)  E = "
    text += "\(fixed(record.energy, 5)) ± \(fixed(record.energyError, 5))"
    if let exact = references.exact {
      text += "  exact \(fixed(exact, 5))"
      if exact != 0 { text += "  off by \(fixed(100 * abs(record.energy - exact) / abs(exact), 2)) %" }
    }
    for event in record.diagnostics.events { text += "  \(event.meaning)" }
    return text + "  accepted \(fixed(100 * record.acceptance, 0)) %  \(clockText(secondsLeft)) left"
  }

  /// The energy at the end, on a copy of the run: measuring moves walkers, and the saved state stays as it is.
  private func measure(_ saved: SavedRun) throws(CommandError) -> SolveOutcome {
    var copy = saved.run
    do {
      let final = try copy.evaluate()
      return SolveOutcome(
        settings: settings, steps: saved.run.step, seconds: saved.seconds, final: final, references: references,
        folder: saved.folder?.path, history: history)
    } catch {
      throw .numerical(error.description + (try keepLastGood(saved)))
    }
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// 3:07 or 1:02:59.
func clockText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e8 else { return "-" }
  let whole = Int(max(0, seconds).rounded())
  let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60)
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  return h > 0 ? "\(h):\(two(m)):\(two(s))" : "\(m):\(two(s))"
}
