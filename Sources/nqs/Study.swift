import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let study = Command(
    name: "study", summary: "many systems with one optimiser and one set of settings",
    options: [
      Option("particles", .integers(1...64), "numbers of fermions A", default: "2,3,4,5,6", group: .system),
      Option("strengths", .numbers(-1e6...1e6), "strengths V0", default: "-20,-10,0,10,20", group: .system),
      Option("output", .path("DIR"), "the runs are kept in DIR/A<A>_V<V0>_<optimizer>", default: "study"),
      Option("list", nil, "run nothing; print one command a case, for a scheduler"),
      Option("collect", nil, "run nothing; tell of the cases that have ended"),
    ] + Setting.options().filter { !["particles", "strength"].contains($0.name) },
    notes: """
      A case that has ended is not run again, one that was interrupted goes on: the same command finishes what is left.
      A case is converged when its final energy lies within 1e-3 of the exact one, relative, and its error bar is below a
      third of that. "reached" is the first step from which on the mean of the last ten energies stays within 1e-3.

      On a machine with several slots, or a cluster, every case is a command of its own:
        nqs study --list --output DIR --threads 1 | parallel -j 2
        nqs study --collect --output DIR
      --collect wants the options that were given to --list. One process at a time runs a case: one that another process
      runs is told as such, and the others go on. So are cases that fail or cannot be read; the exit code is then the
      lowest of theirs: 65 for what cannot be read, 70 for a failure, 75 for another process.
      """
  ) { (arguments) throws(CommandError) in
    let study = try StudyCommand(arguments)
    if arguments.has("list") {
      for other in ["json", "collect"] where arguments.has(other) {
        throw .usage("--list cannot be given with --\(other); it prints commands and nothing else")
      }
      for (particles, strength) in study.systems { try show(study.command(particles, strength)) }
      return
    }
    try study.run()
  }
}

/// The cases of a study, one after the other.
private struct StudyCommand {
  let arguments: Arguments
  let systems: [(particles: Int, strength: Double)]
  let folder: String
  let common: SolveSettings
  var collects: Bool { arguments.has("collect") }

  init(_ arguments: Arguments) throws(CommandError) {
    self.arguments = arguments
    let particles = Option.parts(arguments.text("particles") ?? "").compactMap { Int($0) }
    let strengths = Option.parts(arguments.text("strengths") ?? "").compactMap { Double($0) }
      .map { $0 == 0 ? 0 : $0 }  // -0 is the same case
      .prefix(arguments.given("interaction") == nil ? .max : 1)
    systems = particles.flatMap { a in strengths.map { (a, $0) } }
    folder = arguments.text("output") ?? "study"
    common = try SolveSettings(arguments)
    try SolveSettings.refuseForeignOptions(arguments, optimizers: [common.optimizer])
    for (a, strength) in systems { _ = try settings(a, strength).shape() }
  }

  func settings(_ particles: Int, _ strength: Double) -> SolveSettings {
    var settings = common
    settings.particles = particles
    settings.strength = strength
    return settings
  }

  func path(_ particles: Int, _ strength: Double) -> String {
    let interaction = common.potentials.interaction == nil ? "V\(shortest(strength))" : "typed"
    return "\(folder)/A\(particles)_\(interaction)_\(common.optimizer)"
  }

  /// The command that runs one case alone, quietly: its options are those of this study.
  func command(_ particles: Int, _ strength: Double) -> String {
    let own = ["particles", "strengths", "output"]
    let given = arguments.command.options.filter { !own.contains($0.name) }.compactMap { option in
      arguments.given(option.name).map { " --\(option.name) \(quotedForShell($0))" }
    }
    let seed = arguments.given("seed").map { " --seed \($0)" } ?? ""
    let threads = arguments.given("threads").map { " --threads \($0)" } ?? ""
    return quotedForShell(programPath()) + " study --particles \(particles)"
      + (common.potentials.interaction == nil ? " --strengths \(shortest(strength))" : "")
      + " --output \(quotedForShell(folder))" + given.joined() + seed + threads + " --quiet"
  }

  func run() throws(CommandError) {
    try files { () throws(FileError) in collects ? try requireFolder(folder) : try makeFolders(folder) }
    var cases: [StudyCase] = []
    for (number, system) in systems.enumerated() {
      let settings = settings(system.particles, system.strength)
      if !arguments.quiet, !collects { complain("case \(number + 1) of \(systems.count): \(settings.systemText)") }
      let one = try outcome(settings, path(system.particles, system.strength))
      cases.append(one)
      if !arguments.json { try show(one.line) }
    }

    if collects, cases.allSatisfy({ $0.result == nil && $0.failure == nil }) { try refuseOthers() }
    let ended = cases.filter { $0.result != nil }.count
    let converged = cases.filter(\.isConverged).count
    if arguments.json {
      try show(
        ([
          "optimizer": JSONValue(common.optimizer), "ended": JSONValue(ended), "converged": JSONValue(converged),
          "cases": .array(cases.map(\.json)),
        ] as JSONValue).line)
    } else if ended < cases.count {
      try show("\(ended) of \(cases.count) ended, \(converged) converged")
    } else {
      try show("\(converged) of \(cases.count) cases converged")
    }
    let codes = cases.compactMap(\.failure?.exitCode)
    if let code = codes.min() {
      throw .several("\(codes.count) of \(cases.count) cases have no result; their lines say why", exitCode: code)
    }
  }

  /// Throws where the folder holds runs, and all of them are those of other cases or another optimiser.
  private func refuseOthers() throws(CommandError) {
    let names = try files { () throws(FileError) in try RunFolder.names(in: folder) }
    let own = systems.map { path($0.particles, $0.strength).dropFirst(folder.count + 1) }
    guard let name = names.first, !names.contains(where: { own.contains($0[...]) }) else { return }
    let run = try files { () throws(FileError) in try RunFolder.open("\(folder)/\(name)") }
    let there = try SolveSettings(run)
    var here = settings(systems[0].particles, systems[0].strength)
    here.steps = there.steps
    let difference = there.difference(from: here) ?? "its name is another"
    throw .usage("\(folder) holds \(name) and no run of this study: \(difference)")
  }

  /// One case, whatever comes of it: only what concerns the others too stops the study.
  private func outcome(_ settings: SolveSettings, _ path: String) throws(CommandError) -> StudyCase {
    do throws(CommandError) {
      return try finished(settings, path)
    } catch {
      switch error {
      case .usage, .interrupted, .several: throw error
      case .data, .numerical, .file: return StudyCase(settings: settings, folder: path, failure: error)
      }
    }
  }

  /// One case: read where it has ended, run to its end where it has not.
  private func finished(_ settings: SolveSettings, _ path: String) throws(CommandError) -> StudyCase {
    let before = try stored(settings, path)
    if collects || before.result != nil { return before }

    // Another process may have ended the case until here; from here on it cannot.
    let lock = try files { () throws(FileError) in try RunLock(path) }
    defer { lock.release() }
    let now = try stored(settings, path)
    if now.result != nil { return now }

    let resumed = try files { () throws(FileError) in try RunFolder.find(path) }
    _ = try SolveCommand(
      arguments, settings: settings, output: resumed == nil ? path : nil, resumed: resumed
    ).runLocked()
    return try stored(settings, path)
  }

  /// A case as its folder tells it: ended with at least the steps asked for, failed, or neither.
  private func stored(_ settings: SolveSettings, _ path: String) throws(CommandError) -> StudyCase {
    let found = try files { () throws(FileError) in try RunFolder.find(path) }
    guard let run = found else { return StudyCase(settings: settings, folder: path) }
    let contents = try files { () throws(FileError) in try run.read() }
    var before = try SolveSettings(run)
    before.steps = settings.steps
    if let difference = before.difference(from: settings) {
      throw .usage("\(path) holds a run with other settings: \(difference); choose another --output, or those settings")
    }
    let steps = try settings.totalSteps()
    let (result, failure) = try run.outcome(contents)
    guard let result, let done = result["steps"]?.int,
      done >= steps || result["lost"]?.text != nil || settings.steps == nil && result["arrived"]?.bool == true
    else {
      return StudyCase(settings: settings, folder: path, failure: failure.map { .numerical($0) })
    }
    return StudyCase(settings: settings, folder: path, result: result, energies: contents.history["energy"] ?? [])
  }
}

/// A word as a shell reads it.
func quotedForShell(_ word: String) -> String {
  let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./+,:@".contains($0) }
  return plain && !word.isEmpty
    ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
