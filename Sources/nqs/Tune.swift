import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let tune: Command = .init(
    name: "tune", summary: "hyper-parameters of optimisers, each with the same small budget",
    options: [
      Option("particles", .integers(1...64), "numbers of fermions A", default: "2", group: .system),
      Option("strengths", .numbers(-1e6...1e6), "strengths V0", default: "-20", group: .system),
      Option(
        "optimizers", .list(optimizers.map { $0.name } + ["all"]), "names, separated by commas, or all",
        default: "all", group: .optimizer),
      Option("trials", .integer(1...1000), "settings that are tried for each optimiser", default: "7"),
      Option(
        "budget", .number(0.01...1e6), "processor seconds of a run, from which its steps follow", default: "4",
        note: "4; --steps in its place"),
      Option("output", .path("DIR"), "runs and results are kept in DIR", default: "tuned"),
    ] + Setting.options().filter { !["particles", "strength", "optimizer", "target"].contains($0.name) },
    notes: """
      Steps are as many as the budget pays for: twenty steps of the optimiser with its defaults are timed on the first
      system. A trial is a run of so many steps on every system, all with the same seed; what is to be small is the sum of
      the final energies, each with its error bar added, so that no exact energy is needed. Numbers that may be 0 (μ, the
      share of the last step) stay as they are. The others are multiplied or divided by √10, one after the other in the
      order of the list below, as long as that helps; after a round without a change by the root of that factor.

      DIR/<optimizer>.json has the best values and all trials; study and compare read it with --tuned DIR. Trials that have
      ended are not run again: the same command goes on where it was stopped, with the steps that its first trial had, and
      several processes may share the optimisers between them. Where all trials of an optimiser are lost, the exit code
      is 70.
      """
  ) { (arguments) throws(CommandError) in
    try TuneCommand(arguments).run()
  }
}

private struct TuneCommand {
  let arguments: Arguments
  let folder: String
  let trials: Int
  /// One for each optimiser, with hyper-parameters as they were given.
  let starts: [SolveSettings]
  let systems: [(particles: Int, strength: Double)]

  init(_ arguments: Arguments) throws(CommandError) {
    self.arguments = arguments
    folder = arguments.text("output") ?? "tuned"
    trials = arguments.integer("trials") ?? 7
    let names = try arguments.optimizerNames ?? []
    if arguments.given("budget") != nil, arguments.given("steps") != nil {
      throw .usage("--budget cannot be given with --steps, which is in its place")
    }
    try SolveSettings.refuseForeignOptions(arguments, optimizers: names)
    let common = try SolveSettings(arguments)
    starts = names.map { common.running($0) }
    systems = arguments.systems
    for start in starts {
      for system in systems { _ = try TuneCommand.on(system, start).shape() }
    }
  }

  private static func on(_ system: (particles: Int, strength: Double), _ settings: SolveSettings) -> SolveSettings {
    var settings = settings
    (settings.particles, settings.strength) = system
    return settings
  }

  func run() throws(CommandError) {
    try files { () throws(FileError) in try makeFolders(folder) }
    var found: [JSONValue] = []
    for start in starts {
      let result = try tuned(start)
      found.append(result)
      if !arguments.json {
        let values = (result["hyperparameters"]?.members ?? []).map {
          " --\($0.key) \(digits($0.value.double ?? .nan))"
        }
        let score = result["score"]?.double.map { rightAligned(fixed($0, 5), 12) } ?? rightAligned("failed", 12)
        try show("\(padded(start.optimizer, 14))\(score)  --steps \(result["steps"]?.int ?? 0)\(values.joined())")
      }
    }
    if arguments.json { try show((["optimizers": .array(found)] as JSONValue).line) }
    let failed = found.filter { $0["score"]?.double == nil }.count
    if failed > 0 {
      throw .several("every trial was lost of \(failed) of \(found.count) optimisers", exitCode: 70)
    }
  }

  /// All trials of one optimiser, and the file that tells of them.
  private func tuned(_ start: SolveSettings) throws(CommandError) -> JSONValue {
    var start = start
    let method = try start.method()
    let earlier = try stepsOfTrials(start)
    if let earlier, let asked = start.steps, earlier != asked {
      throw .usage(
        "\(folder) holds trials of \(start.optimizer) with \(earlier) steps, and --steps is \(asked); choose another folder"
      )
    }
    if let earlier {
      start.steps = earlier
      if !arguments.quiet, arguments.given("budget") != nil {
        complain("\(start.optimizer): \(earlier) steps, those of its trials in \(folder), whatever the budget is now")
      }
    }
    if start.steps == nil { start.steps = try affordableSteps(start) }
    let standard = method.init(start.hyperparameters, preset: start.preset.flatMap(OptimizerPreset.init))
    let values = Dictionary(uniqueKeysWithValues: standard.values.map { ($0.name, $0.value) })
    let coordinates = method.options.filter { $0.bounds.lowerBound > 0 }.map { ($0.name, $0.bounds) }
    var told: [JSONValue] = []
    let search = CoordinateSearch(coordinates: coordinates, trials: trials)
    let best = try search.run(from: values.filter { value in coordinates.contains { $0.0 == value.key } }) {
      (values, number) throws(CommandError) in
      let score = try score(start, values, number)
      told.append([
        "hyperparameters": TuneCommand.json(values), "score": score.isFinite ? JSONValue(score) : .null,
      ])
      return score
    }
    let result: JSONValue = [
      "program": "nqs tune", "version": JSONValue(version), "optimizer": JSONValue(start.optimizer),
      "steps": start.steps.map { JSONValue($0) } ?? .null, "hyperparameters": TuneCommand.json(best.values),
      "score": best.score.isFinite ? JSONValue(best.score) : .null, "seed": JSONValue(String(start.seed)),
      "systems": .array(systems.map { JSONValue(TuneCommand.on($0, start).systemText) }), "trials": .array(told),
    ]
    try files { () throws(FileError) in
      try writeAtomically(result.pretty + "\n", to: TunedSettings.path(start.optimizer, in: folder))
    }
    return result
  }

  private static func json(_ values: [String: Double]) -> JSONValue {
    .object(values.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, JSONValue($0.value)) })
  }

  /// Σ (E + its error bar) over the systems; infinite where a run was lost and nothing of it is left.
  private func score(
    _ start: SolveSettings, _ values: [String: Double], _ number: Int
  ) throws(CommandError) -> Double {
    var sum = 0.0
    for system in systems {
      var settings = TuneCommand.on(system, start)
      settings.hyperparameters.merge(values) { $1 }
      let text = values.sorted { $0.key < $1.key }.map { "\($0.key) \(digits($0.value))" }.joined(separator: ", ")
      if !arguments.quiet {
        complain("\(start.optimizer), trial \(number) of \(trials): \(settings.systemText), \(text)")
      }
      let kept = KeptRun(arguments, settings, path(settings, number))
      var outcome = try kept.stored()
      if outcome.failure == nil {
        do throws(CommandError) {
          outcome = try kept.finished()
        } catch {
          guard case .numerical = error else { throw error }
        }
      }
      let (energy, error) = (outcome.result?["energy"]?.double, outcome.result?["energy_error"]?.double)
      sum += energy.flatMap { energy in error.map { energy + $0 } } ?? .infinity
    }
    return sum.isNaN ? .infinity : sum
  }

  private func path(_ settings: SolveSettings, _ number: Int) -> String {
    joinPath(folder, settings.caseName + "_trial\(number)")
  }

  /// Steps of a first trial that is there already; nil without one.
  private func stepsOfTrials(_ start: SolveSettings) throws(CommandError) -> Int? {
    let first = path(TuneCommand.on(systems[0], start), 1)
    guard let run = try files({ () throws(FileError) in try RunFolder.find(first) }) else { return nil }
    return try SolveSettings(run).steps
  }

  /// Steps that the budget pays for, by the time that twenty of them take: at least twenty and at most 100 000.
  private func affordableSteps(_ start: SolveSettings) throws(CommandError) -> Int {
    var probe = TuneCommand.on(systems[0], start)
    probe.steps = 20
    if !arguments.quiet { complain("\(start.optimizer): twenty steps, for their time") }
    let command = try SolveCommand(arguments, settings: probe, output: nil)
    guard let seconds = try command.secondsPerStep(), seconds > 0 else { return try start.method().defaultSteps }
    return Int(min(max(20, (arguments.number("budget") ?? 4) / seconds), 1e5))
  }
}
