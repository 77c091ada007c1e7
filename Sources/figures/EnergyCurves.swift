import AppendixFiles
import AppendixPlots

/// Runs of one system that are drawn in one frame: the energy of every step above, the distance to the exact one
/// beneath.
struct EnergyPanel: Sendable {
  /// One curve: its column in the data, its name in the legend.
  struct Run: Sendable {
    let column: String
    let optimiser: String

    init(_ optimiser: String, column: String? = nil) {
      self.column = column ?? optimiser
      self.optimiser = optimiser
    }
  }

  let title: String
  let runs: [Run]
  let exact: Double
  let hartreeFock: Double
  /// What the upper frame shows, in ħω; the noise near the end is small against the first steps.
  let energies: ClosedRange<Double>
  /// Steps that are drawn: as many as the shortest of the talk's optimisers has here. Adam goes on in `optimisers`.
  private static let steps = 200

  /// A colour is an optimiser's in every figure: that of its place in `optimisers`.
  private static let colours = ["adam", "ngd", "kfac", "qn-kfac", "qn-mr-kfac", "dgd", "pi-dgd"]

  func plots(_ table: NumericTable) throws(FigureError) -> (energies: Plot, errors: Plot) {
    let steps = Array(try table.needed("step").prefix(Self.steps))
    var (above, beneath): ([Series], [Series]) = ([], [])
    for run in runs {
      let values = Array(try table.needed(run.column).prefix(Self.steps))
      let colour = Self.colours.firstIndex(of: run.optimiser)
      let errors = runningMean(values).map { abs($0 - exact) / abs(exact) }
      above.append(Series(run.optimiser, x: steps, y: values, colour: colour))
      beneath.append(Series(run.optimiser, x: steps, y: errors, colour: colour))
    }
    let energyPlot = Plot(
      title: title, xAxis: Axis("step"),
      yAxis: Axis("energy (ħω)", from: energies.lowerBound, to: energies.upperBound), series: above,
      references: referenceEnergies(hartreeFock: hartreeFock, exact: exact), height: 190)
    let errorPlot = Plot(
      xAxis: Axis("step"), yAxis: Axis("relative error", scale: .logarithmic), series: beneath,
      legend: .none, height: 150)
    return (energyPlot, errorPlot)
  }
}

extension BookFigure {
  /// The energy of every step, where a run's unrest is seen, over the relative error of the mean of ten, where its
  /// progress is; a column for each system.
  ///
  /// - Parameters:
  ///   - source: another figure whose data hold these runs.
  ///   - commands: that made the data.
  static func energyCurves(
    _ name: String, title: String, panels: [EnergyPanel], source: BookFigure? = nil, commands: [String] = [],
    data: @escaping @Sendable (_ folders: [String]) throws -> FigureData = { _ in
      FigureData(table: NumericTable(rows: []))
    }
  ) -> BookFigure {
    BookFigure(
      name: name, source: source?.name, commands: source?.commands ?? commands, data: data,
      draw: { table, _ throws(FigureError) in
        var rows: [[any Picture]] = [[], []]
        for panel in panels {
          let (energies, errors) = try panel.plots(table)
          rows[0].append(energies)
          rows[1].append(errors)
        }
        return Figure(title: title, rows: rows)
      })
  }
}
