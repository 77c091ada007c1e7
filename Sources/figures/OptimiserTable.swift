import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 13: every optimiser of the book on eight systems, with settings tuned for the same budget: the relative error of the final
  /// energy, the middle one where there are several seeds.
  ///
  /// The data are made of the table that `nqs study --csv` prints.
  ///
  /// Columns of the data: particles, strength, then for each optimiser its runs, those that were lost, the median relative error,
  /// the runs that came within 1e-3 and stayed there, and the median of their processor seconds to that.
  static let optimiserTable: BookFigure = .init(
    name: "optimiser-table",
    commands: [
      "swift run -c release nqs tune --strengths=-20,10 --trials 7 --budget 3 --threads 1 --seed 91 --output runs/tuned",
      "swift run -c release nqs study --optimizers all --particles 2,4 --strengths=-20,-10,10,20 --seeds 7001,7002,7003 "
        + "--tuned runs/tuned --threads 1 --output runs/table",
      "swift run -c release nqs study --optimizers all --particles 2,4 --strengths=-20,-10,10,20 --seeds 7001,7002,7003 "
        + "--tuned runs/tuned --output runs/table --collect --csv > runs/table.csv",
      "swift run -c release figures optimiser-table --data runs/table.csv",
    ],
    data: { files in
      guard let path = files.first, files.count == 1 else {
        throw FigureError(description: "wanted: the table that nqs study --csv printed")
      }
      let runs = try StudyRow.all(in: try readText(path))
      let names = optimizers.map { $0.name }.filter { name in runs.contains { $0.optimiser == name } }
      let rounded = rounding(significant: 3)
      let rows = tableSystems.map { system -> [Double] in
        [Double(system.particles), system.strength]
          + names.flatMap { name -> [Double] in
            let own = runs.filter {
              $0.optimiser == name && $0.particles == system.particles && $0.strength == system.strength
            }
            let times = own.compactMap(\.secondsToTarget)
            return [
              Double(own.count), Double(own.count(where: \.isLost)), rounded(median(own.map(\.relativeError))),
              Double(times.count), rounded(median(times)),
            ]
          }
      }
      return FigureData(
        table: NumericTable(
          columns: ["particles", "strength"]
            + names.flatMap { name in ["_runs", "_lost", "", "_reached", "_seconds"].map { name + $0 } }, rows: rows),
        notes: ["512 walkers, 10 sweeps a step; as many steps as three processor seconds paid for at A = 2"])
    },
    draw: { table, _ throws(FigureError) in
      let names = table.columns.filter { table.columns.contains($0 + "_seconds") }
      var errors: [String: [Double]] = [:]
      for name in names { errors[name] = try table.needed(name) }
      // The best in the mean of all systems on top.
      func mean(_ name: String) -> Double {
        (errors[name] ?? []).reduce(0) { $0 + Double.log($1.isFinite ? max($1, 1e-6) : 1) }
      }
      let sorted = names.sorted { mean($0) < mean($1) }
      let cells = sorted.flatMap { name in
        (errors[name] ?? []).map { error in
          error.isFinite
            ? CaseGrid.Cell(scientific(error, 0), error <= 1e-3 ? .reached : error <= 1e-2 ? .close : .missed)
            : CaseGrid.Cell(state: .missing)
        }
      }
      let columns = zip(try table.needed("particles"), try table.needed("strength")).map {
        "A=\(Int($0)) V0=\(Int($1))".replacing("-", with: "−")
      }
      return CaseGrid(
        title: "Relative error of the final energy", rowLabel: "", columnLabel: "", rows: sorted, columns: columns,
        cells: cells,
        names: [.reached: "within 1e-3", .close: "within 1e-2", .missed: "further off", .missing: "no result"])
    })
}

private let tableSystems: [(particles: Int, strength: Double)] = [2, 4].flatMap { a in
  [-20.0, -10, 10, 20].map { (a, $0) }
}

private func median(_ values: [Double]) -> Double {
  let sorted = values.filter(\.isFinite).sorted()
  guard !sorted.isEmpty else { return .nan }
  return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
}

/// A line of the table that `nqs study --csv` prints.
private struct StudyRow {
  let particles: Int
  let strength: Double
  let optimiser: String
  let relativeError: Double
  /// Processor time until the mean of ten energies stayed within 1e-3; nil where it did not.
  let secondsToTarget: Double?
  let isLost: Bool

  static func all(in text: String) throws(FigureError) -> [StudyRow] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let head = lines.first else { throw FigureError(description: "the table is empty") }
    func place(_ column: String) throws(FigureError) -> Int {
      guard let place = head.firstIndex(of: column) else {
        throw FigureError(description: "the table has no column \(column); what nqs study --csv prints is wanted")
      }
      return place
    }
    let (a, v, name) = (try place("particles"), try place("strength"), try place("optimizer"))
    let (error, steps, target) = (try place("relative_error"), try place("steps"), try place("steps_to_1e-3"))
    let (processor, lost) = (try place("processor_seconds"), try place("lost"))
    var rows: [StudyRow] = []
    for line in lines.dropFirst() {
      guard line.count == head.count, let particles = Int(line[a]), let strength = Double(line[v]),
        let relativeError = Double(line[error])
      else { throw FigureError(description: "a line of the table cannot be read: \(line.joined(separator: ","))") }
      // Steps cost the same, so that the time to one of them is its share of the whole.
      var seconds: Double?
      if let all = Double(line[steps]), let reached = Double(line[target]), let time = Double(line[processor]), all > 0
      {
        seconds = time * reached / all
      }
      rows.append(
        StudyRow(
          particles: particles, strength: strength, optimiser: line[name], relativeError: relativeError,
          secondsToTarget: seconds, isLost: line[lost] == "1"))
    }
    return rows
  }
}
