import AppendixFiles
import AppendixPlots
import AppendixText

extension ReportRun {
  private func list(_ name: String) -> [Double] { (result?[name]?.elements ?? []).map { $0.double ?? .nan } }

  /// The levels of a run with several states, as its end has them, and as `nqs measure` has where it has been; nil for a ground
  /// state, and for a run that has not ended.
  private var levels: (names: [String], energies: [[Double]], errors: [[Double]], exact: [Double]?)? {
    let (energies, errors, exact) = (list("energies"), list("energy_errors"), list("exact_energies"))
    guard settings.states > 1, energies.count == settings.states, errors.count == energies.count else { return nil }
    var found = (
      names: ["at the end"], energies: [energies], errors: [errors], exact: exact.count == energies.count ? exact : nil
    )
    if let table = measured.levels, let again = table["energy"], let bars = table["error"] {
      found.names.append("nqs measure")
      found.energies.append(again)
      found.errors.append(bars)
    }
    return found
  }

  /// A row a level, from the lowest.
  var levelTable: ReportTable? {
    guard let levels else { return nil }
    let rows = (0..<settings.states).map { k -> [ReportTable.Cell] in
      let values = levels.energies.indices.map { valueText(levels.energies[$0][k], error: levels.errors[$0][k]) }
      let error = ReferenceEnergies.relativeError(levels.energies[0][k], exact: levels.exact?[k])
      let others = [levels.exact.map { fixed($0[k], 5) } ?? "unknown", error.map { scientific($0, 1) } ?? "-"]
      return (["level \(k)"] + values + others).map { .init($0) }
    }
    let heads = levels.names.map { $0 + " (ħω)" } + ["exact", "relative error"]
    return ReportTable("Levels", columns: ["level"] + heads, rows: rows, numbers: Set(1...heads.count))
  }

  /// The levels as lines beside the exact ones, and how far they are from those.
  var levelFigures: [ReportFigure] {
    guard let levels else { return [] }
    let columns = (levels.exact.map { [("exact", $0)] } ?? []) + Array(zip(levels.names, levels.energies))
    let ladders = columns.enumerated().map { place, column in
      // A line for each level, with gaps between them.
      let x = column.1.flatMap { _ in [Double(place) + 0.1, Double(place) + 0.9, .nan] }
      return Series(column.0, x: x, y: column.1.flatMap { [$0, $0, .nan] }, colour: place)
    }
    let values = zip(levels.energies[0], levels.errors[0]).map { valueText($0, error: $1) }.joined(separator: ", ")
    var figures = [
      ReportFigure(
        Plot(
          title: "Levels", xAxis: Axis("", from: 0, to: Double(columns.count)), yAxis: Axis("energy (ħω)"),
          series: ladders, height: 230, summary: "The lowest \(settings.states) levels in ħω: \(values)."),
        caption: "The lowest levels, side by side: " + columns.map(\.0).joined(separator: ", ") + ".")
    ]
    guard let exact = levels.exact else { return figures }
    let places = exact.indices.map { Double($0) }
    let deviations = levels.names.indices.map { i in
      Series(
        levels.names[i], x: places.map { $0 + 0.1 * Double(i) }, y: zip(levels.energies[i], exact).map { $0 - $1 },
        error: levels.errors[i], style: .points, colour: i + 1)
    }
    figures.append(
      ReportFigure(
        Plot(
          title: "Distance to the exact levels", xAxis: Axis("level"), yAxis: Axis("E - exact (ħω)"),
          series: deviations, references: [ReferenceLine(0, label: "exact")], height: 230,
          summary: "Each level's distance to the exact one, with its error bar."),
        caption: "Each level minus the exact one, with one standard error to either side."))
    return figures
  }
}
