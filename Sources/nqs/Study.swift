import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let study: Command = .init(
    name: "study", summary: "many systems with one optimiser and one set of settings",
    options: [
      Option("particles", .integers(1...64), "numbers of fermions A", default: "2,3,4,5,6", group: .system),
      Option("strengths", .numbers(-1e6...1e6), "strengths V0", default: "-20,-10,0,10,20", group: .system),
      Option(
        "optimizers", .list(optimizers.map { $0.name } + ["all"]), "several, in place of --optimizer", group: .optimizer
      ),
      Option("seeds", .seeds, "several, in place of --seed"),
      Option("output", .path("DIR"), "the runs are kept in DIR/A<A>_V<V0>_<optimizer>", default: "study"),
      .tuned,
      Option("list", nil, "run nothing; print one command a case, for a scheduler"),
      Option("collect", nil, "run nothing; tell of the cases that have ended"),
      Option("csv", nil, "a table in place of lines: steps and seconds to 1e-2 and 1e-3, and how each run ended"),
    ] + Setting.options().filter { !["particles", "strength"].contains($0.name) },
    notes: """
      A case that has ended is not run again, one that was interrupted goes on: the same command finishes what is left.
      A case is converged when its final energy lies within 1e-3 of the exact one, relative, and its error bar is below a
      third of that. "reached" is the first step from which on the mean of the last ten energies stays within 1e-3.
      With several optimisers or seeds a case is one of each; folders of several seeds end with _seed and its number.
      The table's seconds are those of a clock on the wall; processor_seconds is what all threads took together, which
      other work on the machine changes less, and is left out for a run that was interrupted.

      On a machine with several slots, or a cluster, every case is a command of its own:
        nqs study --list --output DIR --threads 1 | parallel -j 2
        nqs study --collect --output DIR
      --collect wants the options that were given to --list. One process at a time runs a case: one that another process
      runs is told as such, and the others go on. So are cases that fail or cannot be read; the exit code is then the
      lowest of theirs: 65 for what cannot be read, 70 for a failure, 75 for another process.
      """
  ) { (arguments) throws(CommandError) in
    if arguments.has("csv"), arguments.json { throw .usage("--csv cannot be given with --json") }
    let study = try StudyCommand(arguments)
    if arguments.has("list") {
      for other in ["json", "collect"] where arguments.has(other) {
        throw .usage("--list cannot be given with --\(other); it prints commands and nothing else")
      }
      for settings in study.cases { try show(study.command(settings)) }
      return
    }
    try study.run()
  }
}

/// The cases of a study, one after the other.
private struct StudyCommand {
  let arguments: Arguments
  /// By seed, then optimiser, then A, then V0.
  let cases: [SolveSettings]
  let folder: String
  var collects: Bool { arguments.has("collect") }

  init(_ arguments: Arguments) throws(CommandError) {
    self.arguments = arguments
    folder = arguments.text("output") ?? "study"
    let common = try SolveSettings(arguments)
    for (several, one) in [("optimizers", "optimizer"), ("seeds", "seed")]
    where arguments.given(several) != nil && arguments.given(one) != nil {
      throw .usage("--\(one) cannot be given with --\(several)")
    }
    let all = try arguments.optimizerNames ?? [common.optimizer]
    try SolveSettings.refuseForeignOptions(arguments, optimizers: all)
    let tuned = try TunedSettings.read(arguments, optimizers: all)
    let seeds = arguments.given("seeds").map { Option.parts($0).compactMap { UInt64($0) } } ?? [common.seed]
    cases = seeds.flatMap { seed in
      all.flatMap { name in
        arguments.systems.map { system in
          var settings = arguments.given("optimizers") == nil ? common : common.running(name)
          tuned[name]?.apply(to: &settings)
          (settings.particles, settings.strength, settings.seed) = (system.particles, system.strength, seed)
          return settings
        }
      }
    }
    for settings in cases { _ = try settings.shape() }
  }

  func path(_ settings: SolveSettings) -> String {
    joinPath(folder, name(settings))
  }

  /// The folder of a case in that of the study.
  private func name(_ settings: SolveSettings) -> String {
    settings.caseName + (arguments.given("seeds") == nil ? "" : "_seed\(settings.seed)")
  }

  /// The command that runs one case alone, quietly: its options are those of this study.
  func command(_ settings: SolveSettings) -> String {
    let own = ["particles", "strengths", "output", "optimizers", "seeds"]
    // What another optimiser of the study was given is nothing to this one.
    let foreign = SolveSettings.hyperparameterNames.filter { !$0.optimizers.contains(settings.optimizer) }.map(\.name)
    let given = arguments.command.options.filter { !(own + foreign).contains($0.name) }.compactMap { option in
      arguments.given(option.name).map { " " + shellOption(option.name, $0) }
    }
    // Several were asked for: one of several has the same folder.
    let seed =
      arguments.given("seeds") != nil
      ? " --seeds \(settings.seed)" : arguments.given("seed").map { " --seed \($0)" } ?? ""
    let optimizer = arguments.given("optimizers") == nil ? "" : " --optimizers \(settings.optimizer)"
    let threads = arguments.given("threads").map { " --threads \($0)" } ?? ""
    return quotedForShell(programPath()) + " study --particles \(settings.particles)"
      + (settings.potentials.interaction == nil ? " --strengths \(shortest(settings.strength))" : "")
      + " --output \(quotedForShell(folder))" + given.joined() + optimizer + seed + threads + " --quiet"
  }

  func run() throws(CommandError) {
    try files { () throws(FileError) in collects ? try requireFolder(folder) : try makeFolders(folder) }
    let isTable = arguments.has("csv")
    if isTable { try show(StudyCase.columns.joined(separator: ",")) }
    let severalOptimizers = Set(self.cases.map(\.optimizer)).count > 1
    var cases: [StudyCase] = []
    for (number, settings) in self.cases.enumerated() {
      if !arguments.quiet, !collects {
        let optimizer = severalOptimizers ? ", \(settings.optimizer)" : ""
        complain("case \(number + 1) of \(self.cases.count): \(settings.systemText)\(optimizer)")
      }
      let one = try outcome(settings, path(settings))
      cases.append(one)
      if isTable {
        if one.result != nil { try show(one.row.joined(separator: ",")) }
        if let failure = one.failure { complain("nqs study: \(path(settings)): \(failure.message)") }
      } else if !arguments.json {
        try show((severalOptimizers ? padded(settings.optimizer, 14) : "") + one.line)
      }
    }
    if collects, cases.allSatisfy({ $0.result == nil && $0.failure == nil }) { try refuseOthers() }
    let ended = cases.filter { $0.result != nil }.count
    let converged = cases.filter(\.isConverged).count
    if isTable {
      // Its rows are all that is wanted on standard output.
    } else if arguments.json {
      try show(
        ([
          "optimizer": severalOptimizers ? .null : JSONValue(self.cases[0].optimizer), "ended": JSONValue(ended),
          "converged": JSONValue(converged),
          "cases": .array(cases.map(\.json)),
        ] as JSONValue).line)
    } else if ended < cases.count {
      try show("\(ended) of \(cases.count) ended, \(converged) converged")
    } else {
      try show("\(converged) of \(cases.count) cases converged")
    }
    let codes = cases.compactMap(\.failure?.exitCode)
    if let code = codes.min() {
      throw .several("\(codes.count) of \(cases.count) cases have no result", exitCode: code)
    }
  }

  /// Throws where the folder holds runs, and all of them are those of other cases or another optimiser.
  private func refuseOthers() throws(CommandError) {
    if let run = try files({ () throws(FileError) in try RunFolder.find(folder) }) {
      throw .usage("\(run.path) is a run itself; the folder of a study is needed")
    }
    let names = try files { () throws(FileError) in try RunFolder.names(in: folder) }
    let own = cases.map(name)
    guard let name = names.first, !names.contains(where: own.contains) else { return }
    let run = try files { () throws(FileError) in try RunFolder.open(joinPath(folder, name)) }
    let there = try SolveSettings(run)
    var here = cases[0]
    (here.steps, here.target) = (there.steps, there.target)
    let difference = there.difference(from: here) ?? "its name is another"
    throw .usage("\(folder) holds \(name) and no run of this study: \(difference)")
  }

  /// One case, whatever comes of it: only what concerns the others too stops the study.
  private func outcome(_ settings: SolveSettings, _ path: String) throws(CommandError) -> StudyCase {
    do throws(CommandError) {
      let kept = KeptRun(arguments, settings, path)
      return try collects ? kept.stored() : kept.finished()
    } catch {
      switch error {
      case .usage, .interrupted, .several: throw error
      case .data, .numerical, .file: return StudyCase(settings: settings, folder: path, failure: error)
      }
    }
  }
}

/// An option and its value as a shell reads them; with = where the value looks like another option.
func shellOption(_ name: String, _ value: String) -> String {
  "--\(name)\(value.hasPrefix("-") ? "=" : " ")\(quotedForShell(value))"
}

/// A word as a shell reads it.
func quotedForShell(_ word: String) -> String {
  let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./+,:@".contains($0) }
  return plain && !word.isEmpty
    ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
