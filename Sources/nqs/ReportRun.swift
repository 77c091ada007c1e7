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

  init(_ path: String, threads: Int) throws(CommandError) {
    let (folder, contents) = try files { () throws(FileError) in
      let folder = try RunFolder.open(path)
      return (folder, try folder.read())
    }
    self.folder = folder
    settings = try SolveSettings(folder)
    (result, failure) = try folder.outcome(contents)
    history = contents.history
    try SavedFormat.requireHistory(history, of: try settings.makeOptimizer(), path: folder.historyPath)
    measured = try MeasuredTables(folder, states: settings.states)
    // While a run goes on there is no result yet that knows it.
    exact = result.map { $0["exact"]?.double } ?? ReferenceEnergies.exactEnergy(settings, threads: threads)
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
      // A typed interaction has no strength and no range.
      if settings.potentials.interaction != nil, ["strength", "range"].contains(name) { return nil }
      return json[name].flatMap { $0.isNull ? nil : $0.text ?? $0.line }
    }
    return (Setting.options() + [Command.seed]).map { ($0, text($0.name)) }
  }

  /// The command that gives the same bits again; a resumed run's steps are all of its steps.
  var command: String {
    let done = result?["steps"]?.int.map { String($0) }
    let words = options.compactMap { option, value -> String? in
      let value = option.name == "steps" ? done ?? value : value
      // Where the steps are known, they end the run.
      if option.name == "target", done != nil { return nil }
      return value.map { shellOption(option.name, $0) }
    }
    let weights = settings.weights.map { ["--weights FILE  # a file whose tensors have the checksum \($0)"] } ?? []
    return (["swift run -c release nqs solve"] + words + weights).joined(separator: " ")
  }
}

extension ReportRun {
  /// The runs in these folders, each folder once; by A, then V0, then in the book's order of optimisers.
  static func all(_ paths: [String], threads: Int) throws(CommandError) -> [ReportRun] {
    var runs: [ReportRun] = []
    var seen: Set<String> = []
    for path in paths {
      let run = try ReportRun(path, threads: threads)
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
  /// Of a run with several states, and nothing else then.
  let levels: NumericTable?

  /// What `measured.json` tells; nil where nothing was measured.
  private let about: JSONValue?

  init(_ folder: RunFolder, states: Int) throws(CommandError) {
    let kinds = states == 1 ? Self.densityKinds : [("levels", Self.levelColumns, false)]
    let names = kinds.map { $0.name + ".csv" }
    let found = try files { () throws(FileError) in try folder.readMeasured(names) }
    about = found?.about
    for (kind, table) in zip(kinds, found?.tables ?? []) {
      let path = folder.path(kind.name + ".csv")
      guard table.columns == kind.columns, !table.rows.isEmpty else {
        throw .data(
          "\(path): its columns are not \(kind.columns.joined(separator: ", ")); a file by nqs measure is needed")
      }
      let side = Int(Double(table.rows.count).squareRoot().rounded())
      guard states == 1 || table.rows.count == states else {
        throw .data("\(path): \(table.rows.count) rows; one for each of \(states) levels is needed")
      }
      guard !kind.isSquare || side * side == table.rows.count else {
        throw .data("\(path): \(table.rows.count) rows are no square of points; a row is missing")
      }
    }
    let tables = found?.tables ?? []
    func table(_ index: Int) -> NumericTable? { tables.isEmpty || states > 1 ? nil : tables[index] }
    levels = states > 1 ? tables.first : nil
    (density, pairDensity, densityMatrix, occupationNumbers) = (table(0), table(1), table(2), table(3))
  }

  /// Columns of the levels of a run with several states.
  static let levelColumns = ["k", "energy", "error"]

  private static let densityKinds: [(name: String, columns: [String], isSquare: Bool)] = [
    ("one_body_density", ["x", "density", "error"], false),
    ("pair_density", ["x", "x'", "density", "error"], true),
    ("density_matrix", ["x", "x'", "value", "error"], true),
    ("occupation_numbers", ["k", "occupation", "error", "eigenvalue"], false),
  ]

  var isEmpty: Bool { about == nil }

  /// The command that made the files and the energy that it found: "nqs measure …: E = a ± b".
  var origin: String? {
    guard let command = about?["command"]?.text else { return nil }
    guard let energy = about?["energy"]?.double, let error = about?["energy_error"]?.double else { return command }
    return "\(command): E = \(valueText(energy, error: error)) ħω"
  }
}
