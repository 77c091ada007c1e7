import AppendixFiles
import AppendixText
import NeuralQuantumStates

extension Command {
  static let compare: Command = .init(
    name: "compare", summary: "the same system and seed with several optimisers",
    options: [
      Option(
        "optimizers", .list(optimizers.map { $0.name } + ["all"]), "names, separated by commas, or all",
        default: optimizers.prefix { $0.name != MinSR.name }.map { $0.name }.joined(separator: ","),
        note: "those of chapters 6 to 12", group: .optimizer)
    ] + Setting.options().filter { $0.name != "optimizer" } + [
      .exact,
      .tuned,
      Option("output", .path("DIR"), "keep the runs in DIR/<optimizer>"),
    ],
    notes: """
      Every optimiser starts from the same pretrained network and walkers. A run that fails numerically is told in its
      row and does not stop the others.
      """
  ) { (arguments) throws(CommandError) in
    let names = try arguments.optimizerNames ?? []
    try SolveSettings.refuseForeignOptions(arguments, optimizers: names)
    let settings = try SolveSettings(arguments)
    let tuned = try TunedSettings.read(arguments, optimizers: names)
    let runs = names.map { name in
      var settings = settings.running(name)
      tuned[name]?.apply(to: &settings)
      return settings
    }
    for run in runs { _ = try run.shape() }
    func folder(_ name: String) -> String? { arguments.given("output").map { joinPath($0, name) } }
    for path in names.compactMap(folder) { try files { () throws(FileError) in try RunFolder.requireNone(at: path) } }
    let references = ReferenceEnergies(
      settings, exact: arguments.text("exact") != "none", threads: arguments.threads, quiet: arguments.quiet)
    var rows: [JSONValue] = []
    var lines = [comparisonLine("optimiser", "steps", "energy", "relative error", "seconds")]
    var failures = 0
    for (name, settings) in zip(names, runs) {
      if !arguments.quiet { complain("\(name):") }
      do throws(CommandError) {
        let outcome = try SolveCommand(
          arguments, settings: settings, references: references, output: folder(name)
        ).run()
        rows.append(outcome.json)
        lines.append(
          comparisonLine(
            name, "\(outcome.steps)", "\(fixed(outcome.final.energy, 5)) ± \(fixed(outcome.final.error, 5))",
            outcome.relativeError.map { scientific($0, 1) } ?? "-", fixed(outcome.seconds, 1)))
      } catch {
        guard case .numerical(let message) = error else { throw error }
        complain("nqs compare: \(name): \(message)")
        rows.append(["optimizer": JSONValue(name), "energy": .null, "failure": JSONValue(message)])
        lines.append(comparisonLine(name, "-", "failed", "-", "-"))
        failures += 1
      }
    }
    if arguments.json {
      try show((["exact": JSONValue(references.exact), "runs": .array(rows)] as JSONValue).line)
    } else {
      try show(lines.joined(separator: "\n"))
      if let exact = references.exact { try show("exact: \(fixed(exact, 5))") }
    }
    if failures > 0 { throw .several("\(failures) of \(names.count) runs failed", exitCode: 70) }
  }
}

private func comparisonLine(_ name: String, _ steps: String, _ energy: String, _ error: String, _ seconds: String)
  -> String
{
  padded(name, 12) + rightAligned(steps, 7) + rightAligned(energy, 24) + rightAligned(error, 16)
    + rightAligned(seconds, 10)
}
