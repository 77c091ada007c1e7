import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let study = Command(
    name: "study", summary: "many systems with one optimiser and one set of settings",
    options: [
      Option("particles", .integers(1...64), "numbers of fermions A", default: "2,3,4,5,6"),
      Option("strengths", .numbers(-1e6...1e6), "strengths V0", default: "-20,-10,0,10,20"),
      Option("output", .path("DIR"), "the runs are kept in DIR/A<A>_V<V0>_<optimizer>", default: "study"),
      Option("list", nil, "run nothing; print one command a case, for a scheduler"),
      Option("collect", nil, "run nothing; tell of the cases that have ended"),
    ] + SolveSettings.options.filter { !["particles", "strength"].contains($0.name) } + [SolveSettings.stepsOption],
    notes: """
      A case that has ended is not run again, one that was interrupted goes on: the same command finishes what is left.
      A case is converged when its final energy lies within 1e-3 of the exact one, relative, and its error bar is below a
      third of that. "reached" is the first step from which on the mean of the last ten energies stays within 1e-3.

      On a machine with several slots, or a cluster, every case is a command of its own:
        nqs study --list --output DIR | parallel -j 2
        nqs study --output DIR --collect
      """
  ) { (arguments) throws(CommandError) in
    let study = try StudyCommand(arguments)
    if arguments.has("list") {
      for (particles, strength) in study.systems { print(study.command(particles, strength)) }
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

  init(_ arguments: Arguments) throws(CommandError) {
    self.arguments = arguments
    let particles = Option.parts(arguments.text("particles") ?? "2,3,4,5,6").compactMap { Int($0) }
    let strengths = Option.parts(arguments.text("strengths") ?? "-20,-10,0,10,20").compactMap { Double($0) }
    systems = particles.flatMap { a in strengths.map { (a, $0) } }
    folder = arguments.text("output") ?? "study"
    common = SolveSettings(arguments)
    for (option, names) in OptimizerChoice.onlyFor
    where arguments.text(option) != nil && !names.contains(common.optimizer) {
      throw .usage("--\(option) means nothing to \(common.optimizer); it is for \(names.joined(separator: ", "))")
    }
    for (a, strength) in systems { _ = try settings(a, strength).shape() }
  }

  func settings(_ particles: Int, _ strength: Double) -> SolveSettings {
    var settings = common
    settings.particles = particles
    settings.strength = strength
    return settings
  }

  func path(_ particles: Int, _ strength: Double) -> String {
    "\(folder)/A\(particles)_V\(shortest(strength))_\(common.optimizer)"
  }

  /// The command that runs one case alone, quietly: its options are those of this study.
  func command(_ particles: Int, _ strength: Double) -> String {
    let own = ["particles", "strengths", "output"]
    let given = arguments.command.options.filter { !own.contains($0.name) }.compactMap { option in
      arguments.text(option.name).map { " --\(option.name) \($0)" }
    }
    let seed = arguments.text("seed").map { " --seed \($0)" } ?? ""
    let threads = arguments.text("threads").map { " --threads \($0)" } ?? ""
    return "swift run -c release nqs study --particles \(particles) --strengths \(shortest(strength))"
      + " --output \(quotedForShell(folder))" + given.joined() + seed + threads + " --quiet"
  }

  func run() throws(CommandError) {
    var cases: [StudyCase] = []
    var failure: CommandError?
    for (number, system) in systems.enumerated() {
      let settings = settings(system.particles, system.strength)
      if !arguments.quiet { complain("case \(number + 1) of \(systems.count): \(settings.systemText)") }
      do throws(CommandError) {
        let one = try self.case(settings, path(system.particles, system.strength))
        cases.append(one)
        if !arguments.json { print(one.line) }
      } catch {
        guard case .numerical(let message) = error else { throw error }
        complain("nqs study: \(settings.systemText): \(message)")
        let one = StudyCase(settings: settings, folder: path(system.particles, system.strength), failure: message)
        cases.append(one)
        if !arguments.json { print(one.line) }
        failure = error
      }
    }
    let converged = cases.filter(\.isConverged).count
    if arguments.json {
      print(
        ([
          "optimizer": JSONValue(common.optimizer), "converged": JSONValue(converged),
          "cases": .array(cases.map(\.json)),
        ] as JSONValue).line)
    } else {
      print("\(converged) of \(cases.count) cases converged")
    }
    if let failure { throw failure }
  }

  /// One case: read where it has ended, finished where it has not.
  private func `case`(_ settings: SolveSettings, _ path: String) throws(CommandError) -> StudyCase {
    let choice = try OptimizerChoice.named(settings.optimizer)
    let steps = settings.steps ?? choice.steps
    var resumed: RunFolder?
    if let folder = try? RunFolder.open(path) {
      let stored = try files { () throws(FileError) in try folder.readSettings() }
      var before = try SolveSettings(json: stored, path: folder.settingsPath)
      before.steps = settings.steps
      guard before == settings else {
        throw .usage("\(path) holds a run with other settings; choose another --output, or the settings of that run")
      }
      if let one = try finished(settings, folder, steps: steps) { return one }
      resumed = folder
    }
    guard !arguments.has("collect") else { return StudyCase(settings: settings, folder: path) }
    let references = ReferenceEnergies(settings, exact: true, threads: arguments.threads)
    _ = try SolveCommand(
      arguments, settings: settings, references: references, output: resumed == nil ? path : nil, resumed: resumed
    ).run()
    let folder = try files { () throws(FileError) in try RunFolder.open(path) }
    guard let one = try finished(settings, folder, steps: steps) else {
      throw .data("\(folder.resultPath): the result of this very run is missing")
    }
    return one
  }

  /// The case of a run that has ended with at least these steps; nil for one that has not.
  private func finished(_ settings: SolveSettings, _ folder: RunFolder, steps: Int) throws(CommandError) -> StudyCase? {
    let read = try files { () throws(FileError) -> (JSONValue, NumericTable)? in
      guard let result = try folder.readResult() else { return nil }
      return (result, try folder.readHistory())
    }
    guard let (result, history) = read else { return nil }
    guard let done = result["steps"]?.int, done >= steps else { return nil }
    return StudyCase(settings: settings, folder: folder.path, result: result, energies: history["energy"] ?? [])
  }
}

/// A word as a shell reads it.
func quotedForShell(_ word: String) -> String {
  let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./+,:@".contains($0) }
  return plain && !word.isEmpty
    ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
