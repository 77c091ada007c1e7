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
///
/// It begins in SolveBeginning.swift, takes its steps in SolveSteps.swift and ends in SolveEnding.swift.
struct SolveCommand {
  let arguments: Arguments
  let settings: SolveSettings
  let steps: Int
  let resumed: RunFolder?
  /// What energies are compared with; of a single run calculated after the folder has been checked, so that an unusable
  /// one is reported first.
  var references: ReferenceEnergies?
  /// The folder of a new run; nil to keep nothing.
  let output: String?
  /// What a new run begins with; nil for a network that is made and pretrained.
  let weights: GivenWeights?
  var progress: Progress
  /// Where the particles have been in the last steps, for `--watch`.
  var watched: WatchedDensity?
  /// The relative accuracy at which the run ends before its last step; nil for none.
  var target: Double? {
    // Of a run that goes on, more steps are asked for by name, whatever it has reached.
    let goesFurther = resumed != nil && arguments.given("steps") != nil
    return arguments.number("target") ?? (goesFurther ? nil : (try? settings.relativeTarget()) ?? nil)
  }
  /// Processor time of the optimisation, all threads together; nil for a run that went on after a stop.
  var processorSeconds: Double?
  /// Energies of all steps so far, and variances of E_L.
  var history: [Double] = []
  var variances: [Double] = []
  /// Energies on new walkers so far.
  var validations: [Validation] = []

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
}
