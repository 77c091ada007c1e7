import AppendixFiles
import AppendixPlots

extension BookFigure {
  /// Relative error of the energy against the step, for several optimisers at one system and seed.
  ///
  /// Columns of the data: step, then for each optimiser its energy and standard error. The drawing shows means over the
  /// last ten steps: a single step's energy is mostly the noise of its walkers.
  ///
  /// - Parameters:
  ///   - names: the optimisers, as the folders of `nqs compare --output DIR` are called.
  ///   - folders: those of the runs, where they are called otherwise.
  ///   - commands: that made the runs.
  static func learningCurves(
    _ name: String, title: String, names: [String], folders: [String]? = nil, exact: Double, commands: [String]
  ) -> BookFigure {
    let runs = folders ?? names.map { "runs/\(name)/\($0)" }
    return BookFigure(
      name: name,
      commands: commands + ["swift run -c release figures \(name) --data " + runs.joined(separator: " ")],
      data: { folders in FigureData(table: try histories(names, of: folders)) },
      draw: { table, _ throws(FigureError) in
        let steps = try table.needed("step")
        var series: [Series] = []
        for name in names {
          let errors = runningMean(try table.needed(name)).map { abs($0 - exact) / abs(exact) }
          series.append(Series(name, x: steps, y: errors))
        }
        return Plot(
          title: title, xAxis: Axis("step"), yAxis: Axis("relative error of the energy", scale: .logarithmic),
          series: series, references: [ReferenceLine(1e-3, label: "1e-3")])
      })
  }

  /// The energies of runs by step, and their errors, from one folder for each name.
  static func histories(_ names: [String], of folders: [String]) throws -> NumericTable {
    guard folders.count == names.count else {
      throw FigureError(description: "wanted: one run folder for each of " + names.joined(separator: ", "))
    }
    return try merged(names, try folders.map { try RunFolder.open($0).read().history })
  }

  /// One table: step, and each run's energy and error; NaN where a run has ended.
  private static func merged(_ names: [String], _ histories: [NumericTable]) throws(FigureError) -> NumericTable {
    var columns: [[Double]] = []
    for history in histories {
      columns.append(try history.needed("energy"))
      columns.append(try history.needed("energy_error"))
    }
    let steps = columns.map(\.count).max() ?? 0
    let headings: [String] = names.flatMap { [$0, $0 + "_error"] }
    let rows = (0..<steps).map { step -> [Double] in
      [Double(step + 1)] + columns.map { step < $0.count ? rounded($0[step]) : Double.nan }
    }
    return NumericTable(columns: ["step"] + headings, rows: rows)
  }

  /// More digits than the energies' error bars have, and fewer to store.
  private static let rounded = rounding(decimals: 7)
}

/// Means of the last ten values, as the tables count steps to an error; fewer at the start, NaN where there is none.
func runningMean(_ values: [Double]) -> [Double] {
  values.indices.map { i in
    guard values[i].isFinite else { return .nan }
    let window = values[max(0, i - 9)...i].filter(\.isFinite)
    return window.reduce(0, +) / Double(window.count)
  }
}
