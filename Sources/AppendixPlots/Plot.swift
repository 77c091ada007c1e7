/// Curves and points in a frame: learning curves, densities, energies against strength.
///
///     Plot(
///       title: "Energy", xAxis: Axis("step"), yAxis: Axis("energy (ħω)"),
///       series: [Series("adam", y: adam, error: adamErrors), Series("dgd", y: dgd, error: dgdErrors)],
///       references: [ReferenceLine(-2.4717558, label: "exact")])
///
/// Whatever the values, something is drawn: gaps where they have no place on an axis, and "no data" where none has.
package struct Plot: Picture, Equatable {
  package var title: String
  package var xAxis: Axis
  package var yAxis: Axis
  package var series: [Series]
  package var references: [ReferenceLine]
  package var legend: LegendPlace
  /// Of the frame; words add to it.
  package var height: Double
  /// Whether a unit is as long upwards as across, as where both axes are positions. `height` is then ignored.
  package var isIsometric: Bool
  /// What a screen reader tells; composed from labels and names if empty.
  package var summary: String

  /// The axis across belongs to a plot beneath this one: small marks only.
  var sharesAxisBelow = false

  package init(
    title: String = "", xAxis: Axis = Axis(), yAxis: Axis = Axis(), series: [Series] = [],
    references: [ReferenceLine] = [], legend: LegendPlace = .automatic, height: Double = 260, isIsometric: Bool = false,
    summary: String = ""
  ) {
    self.title = title
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
    self.references = references
    self.legend = legend
    self.height = height
    self.isIsometric = isIsometric
    self.summary = summary
  }
}

extension Plot {
  /// The axes' scales: from points, upper bounds and reference lines; lower bounds only where the axis is linear,
  /// since on a logarithmic one a bound near zero would squeeze everything else.
  func scales(_ points: [[Series.Point?]]) -> (x: AxisScale, y: AxisScale) {
    let all = points.joined().compactMap { $0 }
    var across = all.map(\.x)
    var up = all.map(\.y)
    for bounds in all.compactMap(\.bounds) {
      up.append(bounds.upper)
      if yAxis.scale == .linear { up.append(bounds.lower) }
    }
    for line in references {
      if line.direction == .horizontal { up.append(line.value) } else { across.append(line.value) }
    }
    // Curves run from edge to edge; marks need a little room.
    let marks = series.contains { $0.style == .points }
    return (AxisScale(xAxis, values: across, padding: marks ? 0.03 : 0), AxisScale(yAxis, values: up))
  }

  /// Series and lines that are drawn, with their looks, as the legend lists them.
  func entries(_ points: [[Series.Point?]]) -> [Legend.Entry] {
    zip(series, looks).enumerated().map { index, pair in
      let band = points[index].contains { $0?.bounds != nil }
      return Legend.Entry(name: pair.0.name, sample: .series(pair.0.style, pair.1, band: band))
    }
      + references.filter { ($0.direction == .horizontal ? yAxis : xAxis).has($0.value) }.map {
        Legend.Entry(name: $0.label, sample: .reference($0))
      }
  }

  var looks: [Look] {
    var number = 0
    return series.map { series in
      defer { if series.style != .reference && series.style != .outline && series.colour == nil { number += 1 } }
      return Look(series, number: number)
    }
  }

  var spokenSummary: String {
    guard summary.isEmpty else { return summary }
    func words(_ axis: Axis, _ otherwise: String) -> String {
      (axis.label.isEmpty ? otherwise : axis.label) + (axis.scale == .logarithmic ? " (logarithmic)" : "")
    }
    let names = (series.map(\.name) + references.map(\.label)).filter { !$0.isEmpty }
    let list = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
    return "\(words(yAxis, "values")) against \(words(xAxis, "index"))\(list)."
  }
}
