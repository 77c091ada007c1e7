import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let solve: Command = .init(
    name: "solve", summary: "find a ground state, or the lowest levels, by variational Monte Carlo",
    options: Setting.options() + [
      .exact,
      Option("seconds", .number(0...1e9), "end at the first step after so many seconds of this session"),
      Option("watch", nil, "draw on standard error where the particles are, while the run goes on"),
      Option("weights", .path("FILE"), "begin with this network instead of pretraining; its sizes are taken"),
      Option("output", .path("DIR"), "keep the run in a new folder"),
      Option("resume", .path("DIR"), "go on with the run in this folder"),
    ],
    notes: """
      Without options: two fermions at V0 = -20, which clump together. Progress goes to standard error.
      A run is a function of its settings and its seed, bit for bit, on any number of threads. --output keeps
      settings.json, history.csv, weights.safetensors, state.safetensors and, when it has ended or failed, result.json;
      --resume wants them as they were written, and refuses what was changed or damaged. Control-C leaves a run that goes on there and
      exits with 130, SIGTERM, SIGHUP and SIGUSR1 with 143, 129 and 138. One process at a time runs in a folder; a second
      one exits with 75.

      Every ten steps, later less often, the energy is measured on walkers that did not make ψ (validation_energy in
      history.csv). Where two of these in a row lie within the target of each other, with the variance of E_L in ħω
      below it too and error bars of half of it, the run ends before its last step. It ends with its last state, or
      with the best one where the last is worse or the run was lost on the way; where no state was better than the
      first, it exits with 70. For the energy at the end the walkers are led on until they follow |ψ|² and have
      forgotten where they stood (stationary in --json). It is measured with the walk's width frozen; its error bar
      is the spread of the walkers' own means over the square root of their number. R̂ is the square root of the
      pooled variance over the variance within the halves of the walkers' chains; the autocorrelation time is 1 + 2
      Σ ρ_t, in measurements.

      --states K looks for the K lowest levels at once (chapter 14): a walker is K sets of A particles, and ψ one
      determinant of K networks at these sets. Its energy is the sum ΣE of the K levels; progress, history and the
      choice of the best state go by that, and --target is a part of the levels' mean. The levels are told at the
      end, each with its error bar. A step costs about K² times one of the ground state. Ask for one level more than
      you need.
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
  /// What energies are compared with; of a single run calculated after the folder has been checked, so that an unusable
  /// one is reported first.
  private var references: ReferenceEnergies?
  /// The folder of a new run; nil to keep nothing.
  let output: String?
  /// What a new run begins with; nil for a network that is made and pretrained.
  let weights: GivenWeights?
  private var progress: Progress
  /// Where the particles have been in the last steps, for `--watch`.
  private var watched: WatchedDensity?
  /// The relative accuracy at which the run ends before its last step; nil for none.
  private var target: Double? {
    // Of a run that goes on, more steps are asked for by name, whatever it has reached.
    let goesFurther = resumed != nil && arguments.given("steps") != nil
    return arguments.number("target") ?? (goesFurther ? nil : (try? settings.relativeTarget()) ?? nil)
  }
  /// Processor time of the optimisation, all threads together; nil for a run that went on after a stop.
  private var processorSeconds: Double?
  /// Energies of all steps so far, and variances of E_L.
  private var history: [Double] = []
  private var variances: [Double] = []
  /// Energies on new walkers so far.
  private var validations: [Validation] = []

  init(_ arguments: Arguments) throws(CommandError) {
    self.arguments = arguments
    if let path = arguments.given("resume") {
      let fixed =
        Setting.options().map(\.name).filter { !["steps", "target"].contains($0) } + ["seed", "output", "weights"]
      for option in fixed where arguments.given(option) != nil {
        throw .usage("--\(option) cannot be given with --resume; the settings are those of \(path)")
      }
      let folder = try files { () throws(FileError) in try RunFolder.open(path) }
      settings = try SolveSettings(folder)
      resumed = folder
      weights = nil
    } else {
      weights = try arguments.given("weights").map { (path) throws(CommandError) in try GivenWeights(path) }
      settings = try SolveSettings(arguments, weights)
      resumed = nil
    }
    let total = try settings.totalSteps()
    steps = arguments.integer("steps") ?? total
    try SolveSettings.refuseForeignOptions(arguments, optimizers: [settings.optimizer])
    _ = try settings.shape()
    output = arguments.given("output")
    if arguments.has("watch") { watched = WatchedDensity(settings) }
    progress = Progress(quiet: arguments.quiet)
  }

  /// One of several runs, new in the folder `output` or going on in `resumed`, with references that are known already
  /// or not.
  init(
    _ arguments: Arguments, settings: SolveSettings, references: ReferenceEnergies? = nil, output: String?,
    resumed: RunFolder? = nil
  ) throws(CommandError) {
    self.arguments = arguments
    self.settings = settings
    self.references = references
    self.output = output
    weights = nil
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
    settings.states == 1
      ? try runLocked(DeterminantAnsatz.self) : try runLocked(ExcitedStates<DeterminantAnsatz>.self)
  }

  private func runLocked<Ansatz: SolvableAnsatz>(_ kind: Ansatz.Type) throws(CommandError) -> SolveOutcome {
    var command = self
    Interruption.listen()
    var saved: SavedRun<Ansatz> = try command.start()
    let interrupted = "nqs \(arguments.command.name): interrupted" + advice(saved.folder)
    let references =
      references
      ?? Interruption.endingAtOnce(saying: interrupted) {
        ReferenceEnergies(
          settings, exact: arguments.text("exact") != "none", threads: arguments.threads, quiet: arguments.quiet)
      }
    command.references = references
    var lost: NumericalFailure?
    do throws(CommandError) {
      lost = try command.train(&saved)
      let outcome = try Interruption.endingAtOnce(saying: interrupted) { () throws(CommandError) in
        try command.measure(saved, lost: lost, references)
      }
      command.progress.finish()
      if let folder = saved.folder {
        try files { () throws(FileError) in
          try folder.writeWeights(outcome.weights, step: outcome.step)
          try folder.writeResult(outcome.json)
        }
      }
      return outcome
    } catch {
      command.progress.finish()
      if case .numerical(let text) = error, let folder = saved.folder {
        try files { () throws(FileError) in try folder.writeResult(["failure": JSONValue(text)]) }
      }
      throw error
    }
  }

  /// Processor seconds a step, by a new run without a measurement at its end: whatever becomes of its energy. Nil if
  /// there is no step with a finite one.
  func secondsPerStep() throws(CommandError) -> Double? {
    settings.states == 1
      ? try secondsPerStep(of: DeterminantAnsatz.self)
      : try secondsPerStep(of: ExcitedStates<DeterminantAnsatz>.self)
  }

  private func secondsPerStep<Ansatz: SolvableAnsatz>(of kind: Ansatz.Type) throws(CommandError) -> Double? {
    var command = self
    Interruption.listen()
    var saved: SavedRun<Ansatz> = try command.start()
    _ = try command.train(&saved)
    return saved.run.step > 0 ? command.processorSeconds.map { $0 / Double(saved.run.step) } : nil
  }

  /// A run that goes on, or a new one with its pretraining done.
  private mutating func start<Ansatz: SolvableAnsatz>() throws(CommandError) -> SavedRun<Ansatz> {
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

  /// Steps until the number asked for is done, or until a number is not finite any more: the run is lost then.
  private mutating func train(_ saved: inout SavedRun<some SolvableAnsatz>) throws(CommandError) -> NumericalFailure? {
    if resumed != nil, saved.run.step >= steps {
      let text = "the run is at step \(saved.run.step) already, --steps \(steps) asks for no more"
      progress.show(text, always: true)
      return nil
    }
    if resumed != nil, hasArrived {
      progress.show("the run has arrived, at step \(saved.run.step); --steps makes it go on", always: true)
      return nil
    }
    let clock = ContinuousClock()
    let (start, first, before) = (clock.now, saved.run.step, saved.seconds)
    let processorStart = processorTime()
    defer { processorSeconds = first == 0 ? processorTime() - processorStart : nil }
    var lastSave = start
    while saved.run.step < steps {
      let record: StepRecord
      let (ansatz, walk, optimizer) = (saved.run.ansatz, saved.run.walk, saved.run.optimizer)
      do {
        record = try saved.run.advance { watched?.add($0) }
      } catch {
        // Saved as it was before that step: who resumes the run comes to it by the same bits.
        let run = saved.run
        saved.run = VariationalMonteCarlo(
          run.hamiltonian, ansatz, walk, optimizer, sweeps: run.sweeps, threads: run.threads, step: run.step)
        try saved.save(settings)
        progress.finish()
        return error
      }
      let validated = saved.validate()
      if let validated { validations.append(validated) }
      let now = clock.now
      let elapsed = (now - start).seconds
      saved.seconds = before + elapsed
      try saved.append(record, validated)
      history.append(record.energy)
      variances.append(record.variance)
      let left = elapsed / Double(record.step - first) * Double(steps - record.step)
      let text = line(record, secondsLeft: left)
      let isLast = validated != nil && hasArrived
      progress.show(text, under: watched?.lines, always: isLast || record.step == steps)
      if Interruption.isRequested {
        try saved.save(settings)
        progress.finish()
        throw .interrupted("interrupted at step \(record.step)" + advice(saved.folder))
      }
      if isLast {
        progress.finish()
        progress.show("the target is reached: step \(record.step) is the last", always: true)
        break
      }
      if let limit = arguments.number("seconds"), elapsed >= limit { break }
      if (now - lastSave).seconds > 10 {
        try saved.save(settings)
        lastSave = now
      }
    }
    try saved.save(settings)
    progress.finish()
    return nil
  }

  /// How a run goes on that was stopped: by its settings, and by what this session alone was given.
  private func advice(_ folder: RunFolder?) -> String {
    guard let folder else { return ", nothing kept" }
    let limits = resumed == nil ? [] : ["steps", "target"]
    let given = limits.compactMap { name in arguments.given(name).map { " --\(name) \($0)" } }
    return "; nqs solve --resume \(quotedForShell(folder.path))\(given.joined()) goes on"
  }

  /// Whether the target is reached.
  ///
  /// The error of a sum may be all in one of its levels: they are held to a part of their mean.
  private var hasArrived: Bool {
    target.map { validations.haveArrived(within: $0 / Double(settings.states)) } ?? false
  }

  private func line(_ record: StepRecord, secondsLeft: Double) -> String {
    let name = settings.states == 1 ? "E" : "ΣE"
    var text = "step \(rightAligned(String(record.step), String(steps).count))/\(steps)  \(name) = "
    text += "\(fixed(record.energy, 4)) ± \(fixed(record.energyError, 4))"
    if let exact = references?.exact {
      text += "  exact \(fixed(exact, 4))"
      if exact != 0 { text += "  off by \(fixed(100 * abs(record.energy - exact) / abs(exact), 2)) %" }
    }
    text += "  \(clockText(secondsLeft)) left"
    // On a terminal of 80 columns what follows is cut.
    for event in record.diagnostics.events { text += "  \(event.meaning)" }
    return text + "  accepted \(fixed(100 * record.acceptance, 0)) %"
  }

  /// The energy at the end, on a copy of the run: measuring moves walkers, and the saved state stays as it is.
  ///
  /// The run ends with its last state, unless that cannot be measured or an earlier one was better.
  private func measure<Ansatz: SolvableAnsatz>(
    _ saved: SavedRun<Ansatz>, lost: NumericalFailure?, _ references: ReferenceEnergies
  ) throws(CommandError) -> SolveOutcome {
    var (last, failure) = (nil as (energy: FinalEnergy, levels: Levels?)?, lost)
    if lost == nil {
      do { last = try Ansatz.energy(of: saved.run) } catch { failure = error }
    }
    func outcome(_ ansatz: Ansatz, step: Int, _ final: (energy: FinalEnergy, levels: Levels?)) -> SolveOutcome {
      SolveOutcome(
        settings: settings, weights: SavedFormat.weights(ansatz, settings), step: step, final: final.energy,
        levels: final.levels, steps: saved.run.step, last: last?.energy, lost: failure?.description,
        target: target, hasArrived: hasArrived, seconds: saved.seconds, processorSeconds: processorSeconds,
        references: references,
        folder: saved.folder?.path, history: history, variances: variances)
    }
    let best = saved.best.state
    // The last state may be the best one itself.
    if let last, best?.step == saved.run.step || !saved.best.isBetter(than: last.energy) {
      return outcome(saved.run.ansatz, step: saved.run.step, last)
    }
    // Something has gone wrong. What is left is the best state, if that is not what the run began with.
    let problem =
      failure?.description
      ?? "the last state has E = \(last.map { "\(fixed($0.energy.energy, 5)) ± \(fixed($0.energy.error, 5))" } ?? "?")"
    guard let best, best.step > 0, let final = try? Ansatz.energy(of: saved.run.returned(to: best)) else {
      let start = best.map {
        "; \($0.step == 0 ? "the first state" : "that of step \($0.step)"), with E = \(fixed($0.energy, 5)) ± "
          + "\(fixed($0.error, 5)), was the best"
      }
      throw .numerical(problem + (start ?? "; no state could be measured"))
    }
    if let last, last.energy.energy + 2 * last.energy.error <= final.energy.energy + 2 * final.energy.error {
      return outcome(saved.run.ansatz, step: saved.run.step, last)
    }
    var ansatz = saved.run.ansatz
    ansatz.parameters = best.parameters
    return outcome(ansatz, step: best.step, final)
  }
}

extension Duration {
  var seconds: Double { self / .seconds(1) }
}

/// 3:07 or 1:02:59.
func clockText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e8 else { return "-" }
  let whole = Int(max(0, seconds).rounded())
  let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60)
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  return h > 0 ? "\(h):\(two(m)):\(two(s))" : "\(m):\(two(s))"
}
