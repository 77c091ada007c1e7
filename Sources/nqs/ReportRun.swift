import AppendixFiles
import NeuralQuantumStates

/// A run as its folder tells it.
struct ReportRun {
  let folder: RunFolder
  let settings: SolveSettings
  /// `result.json`; nil for a run that has not ended.
  let result: JSONValue?
  /// Why the run failed, if it did.
  let failure: String?
  let history: NumericTable
  let measured: MeasuredTables
  /// Short, and another for each run of a report.
  var name = ""
  /// From the result, or from that of another run of the same system.
  var exact: Double?

  init(_ path: String) throws(CommandError) {
    let (folder, stored, failure, history) = try files { () throws(FileError) in
      let folder = try RunFolder.open(path)
      return (folder, try folder.readSettings(), try folder.readFailure(), try folder.readHistory())
    }
    self.folder = folder
    self.failure = failure
    result = try folder.readOutcome()
    self.history = history
    settings = try SolveSettings(json: stored, path: folder.settingsPath)
    measured = try MeasuredTables(folder)
    exact = result?["exact"]?.double
    try check()
  }

  private func check() throws(CommandError) {
    for name in StepRecord.columns(try settings.makeOptimizer()) where history[name] == nil {
      throw .data("\(folder.historyPath): no column is called \(name); the history of a run by nqs solve is needed")
    }
    let steps = column("step")
    guard steps == (0..<steps.count).map({ Double($0 + 1) }) else {
      throw .data("\(folder.historyPath): its steps are not 1, 2, 3, …; a row is missing or stands twice")
    }
    if let done = result?["steps"]?.int, done != steps.count {
      throw .data("\(folder.historyPath): it has \(steps.count) steps; \(folder.resultPath) tells of \(done)")
    }
  }

  var steps: Int { history.rows.count }

  /// A column of the history, NaN where there is nothing.
  func column(_ name: String) -> [Double] { history[name] ?? [] }

  func found(_ name: String) -> Double? { result?[name]?.double }

  /// Means of the last ten energies up to each step; of fewer at the beginning.
  var meanEnergies: [Double] {
    let energies = column("energy")
    return energies.indices.map { i in
      let window = energies[max(0, i - 9)...i]
      return window.reduce(0, +) / Double(window.count)
    }
  }

  /// |E - exact|/|exact| of each energy; nil where exact is unknown or 0.
  func relativeErrors(_ energies: [Double]) -> [Double]? {
    guard let exact, exact != 0 else { return nil }
    return energies.map { abs($0 - exact) / abs(exact) }
  }

  /// What the run was started with: an option's name and its value, nil for the optimiser's own.
  var options: [(option: Option, value: String?)] {
    let json = settings.json
    func text(_ name: String) -> String? {
      json[name].flatMap { $0.isNull ? nil : $0.text ?? $0.line }
    }
    return (Setting.options() + [Command.seed]).map { ($0, text($0.name)) }
  }

  /// The command that gives the same bits again; a resumed run's steps are all of its steps.
  var command: String {
    let done = result?["steps"]?.int.map { String($0) }
    let words = options.compactMap { option, value -> String? in
      let value = option.name == "steps" ? done ?? value : value
      return value.map { "--\(option.name) \($0)" }
    }
    return (["swift run -c release nqs solve"] + words).joined(separator: " ")
  }
}

extension ReportRun {
  /// The runs in these folders, each folder once; by A, then V0, then in the book's order of optimisers.
  static func all(_ paths: [String]) throws(CommandError) -> [ReportRun] {
    var runs: [ReportRun] = []
    var seen: Set<String> = []
    for path in paths {
      let run = try ReportRun(path)
      if seen.insert(run.folder.canonicalPath).inserted { runs.append(run) }
    }
    let names = optimizers.map { $0.name }
    func place(_ run: ReportRun) -> (Int, Double, Int, String) {
      let settings = run.settings
      let number = names.firstIndex(of: settings.optimizer) ?? names.count
      return (settings.particles, settings.strength, number, run.folder.canonicalPath)
    }
    return runs.sorted { place($0) < place($1) }
  }

  /// Lets runs without a known exact energy have that of another run of the same system.
  static func shareExactEnergies(_ runs: inout [ReportRun]) {
    for index in runs.indices where runs[index].exact == nil {
      let system = runs[index].settings.systemText
      runs[index].exact = runs.first { $0.settings.systemText == system && $0.exact != nil }?.exact
    }
  }

  /// Names runs by the first of these that tells them apart: the optimiser, the folder's name, its path, a number.
  static func name(_ runs: inout [ReportRun]) {
    let folders = runs.map(\.folder.path)
    let candidates: [[String]] = [
      runs.map(\.settings.optimizer),
      folders.map { $0.split(separator: "/").last.map(String.init) ?? $0 },
      folders,
      folders.enumerated().map { "\($0.offset + 1): \($0.element)" },
    ]
    let names = candidates.first { Set($0).count == runs.count } ?? folders
    for index in runs.indices { runs[index].name = names[index] }
  }
}

/// What `nqs measure` has written into a run's folder, if it has.
struct MeasuredTables {
  let density: NumericTable?
  let pairDensity: NumericTable?
  let densityMatrix: NumericTable?
  let occupationNumbers: NumericTable?

  init(_ folder: RunFolder) throws(CommandError) {
    func table(_ name: String, _ columns: [String], isSquare: Bool = false) throws(CommandError) -> NumericTable? {
      guard let table = try files({ () throws(FileError) in try folder.readTable(name + ".csv") }) else { return nil }
      let path = folder.path(name + ".csv")
      guard table.columns == columns, !table.rows.isEmpty else {
        throw .data("\(path): its columns are not \(columns.joined(separator: ", ")); a file by nqs measure is needed")
      }
      let side = Int(Double(table.rows.count).squareRoot().rounded())
      guard !isSquare || side * side == table.rows.count else {
        throw .data("\(path): \(table.rows.count) rows are no square of points; a row is missing")
      }
      return table
    }
    density = try table("one_body_density", ["x", "density", "error"])
    pairDensity = try table("pair_density", ["x", "x'", "density", "error"], isSquare: true)
    densityMatrix = try table("density_matrix", ["x", "x'", "value", "error"], isSquare: true)
    occupationNumbers = try table("occupation_numbers", ["k", "occupation", "error", "eigenvalue"])
  }

  var isEmpty: Bool { density == nil && pairDensity == nil && densityMatrix == nil && occupationNumbers == nil }

  /// The command that made the files and the energy it found, from their own comments: "nqs measure …: E = a ± b".
  var origin: String? {
    let comments = [density, pairDensity, densityMatrix, occupationNumbers].compactMap { $0 }.first?.comments ?? []
    guard let line = comments.first(where: { $0.hasPrefix("nqs measure") }) else { return nil }
    let words = line.split(separator: " ")
    guard words.count > 4, words[words.count - 2] == "±", words[words.count - 4] == "=",
      let energy = Double(words[words.count - 3]), let error = Double(words[words.count - 1])
    else { return line }
    return words.dropLast(3).joined(separator: " ") + " " + valueText(energy, error: error) + " ħω"
  }
}
