/// Several pictures as one: plots beneath each other and side by side, their frames in line.
///
///     Figure(title: "PI-DGD", stacked: [Plot(yAxis: Axis("λ"), …), Plot(yAxis: Axis("ρ"), …)], sharedAxis: true)
package struct Figure: Picture {
  package var title: String
  /// Rows from top to bottom, each from left to right. Where a row is too narrow for its pictures it is broken.
  package var rows: [[any Picture]]
  /// Whether plots in a column have one horizontal axis, drawn beneath the last of them, and one legend if they have
  /// the same names.
  package var sharedAxis: Bool
  /// What a screen reader tells; those of the pictures if empty.
  package var summary: String
  /// No picture of a row is narrower.
  package var leastWidth: Double

  package init(
    title: String = "", rows: [[any Picture]], sharedAxis: Bool = false, summary: String = "", leastWidth: Double = 230
  ) {
    self.title = title
    self.rows = rows
    self.sharedAxis = sharedAxis
    self.summary = summary
    self.leastWidth = leastWidth
  }

  /// One column.
  package init(
    title: String = "", stacked: [any Picture], sharedAxis: Bool = false, summary: String = "", leastWidth: Double = 230
  ) {
    self.init(
      title: title, rows: stacked.map { [$0] }, sharedAxis: sharedAxis, summary: summary, leastWidth: leastWidth)
  }
}

extension Figure {
  private static let gap = 12.0

  package func drawing(width wish: Double, margins: Margins) -> Drawing {
    let wish = sensibleWidth(wish)
    let perRow = max(1, Int((wish + Self.gap) / (max(leastWidth, 60) + Self.gap)))
    let broken = rows.flatMap { row in
      stride(from: 0, to: row.count, by: perRow).map { Array(row[$0..<min($0 + perRow, row.count)]) }
    }
    let columns = broken.map(\.count).max() ?? 0
    func width(_ row: [any Picture]) -> Double {
      ((wish - Double(row.count - 1) * Self.gap) / Double(row.count)).rounded(.down)
    }
    let pictures = sharedAxis ? withSharedAxes(broken, width: width) : broken

    // Margins of a column are those of its most demanding picture; that changes ticks and may change demands once more.
    var demands = [Margins](repeating: margins, count: columns)
    var drawings: [[Drawing]] = []
    for _ in 0..<3 {
      let used = demands
      drawings = pictures.map { row in
        row.enumerated().map { column, picture in
          picture.drawing(width: width(row), margins: row.count == columns ? used[column] : margins)
        }
      }
      for (index, row) in drawings.enumerated() where row.count == columns {
        for (column, drawing) in row.enumerated() {
          // A long name in a legend makes a drawing wider, but is no reason to move frames.
          let right = min(drawing.width, width(pictures[index])) - drawing.frame.right
          demands[column].left = max(demands[column].left, drawing.frame.left)
          demands[column].right = max(demands[column].right, right)
        }
      }
      if demands == used { break }
    }
    return composed(drawings, columns: columns)
  }

  private func composed(_ drawings: [[Drawing]], columns: Int) -> Drawing {
    let widths = (0..<columns).map { column in
      drawings.filter { $0.count == columns }.map { $0[column].width }.max() ?? 0
    }
    var result = Drawing(width: 200)
    result.title = title.isEmpty ? drawings.joined().map(\.title).filter { !$0.isEmpty }.joined(separator: "; ") : title
    result.summary = summary.isEmpty ? drawings.joined().map(\.summary).joined(separator: " ") : summary
    for row in drawings {
      let lengths = row.count == columns ? widths : row.map(\.width)
      result.width = max(result.width, lengths.reduce(0, +) + Double(max(row.count - 1, 0)) * Self.gap)
    }

    var top = 4.0
    let left = drawings.first?.first?.frame.left ?? 0
    for line in wrapped(title, .heading, into: result.width - left - 4) {
      result.text(line, x: left, baseline: top + 16, .start, .heading)
      top += TextStyle.heading.lineHeight
    }
    var frame: Box?
    for row in drawings {
      // Frames of a row begin at one height.
      let frameTop = row.map(\.frame.top).max() ?? 0
      var (x, bottom) = (0.0, top)
      for (column, drawing) in row.enumerated() {
        let y = top + frameTop - drawing.frame.top
        result.add(drawing, x: x, y: y)
        let moved = drawing.frame.moved(x, y)
        frame = frame?.union(moved) ?? moved
        bottom = max(bottom, y + drawing.height)
        x += (row.count == columns ? widths[column] : drawing.width) + Self.gap
      }
      top = bottom + 4
    }
    result.frame = frame ?? result.frame
    result.height = top + 4
    return result
  }

  /// Plots of a column get the same ends, and all but the last leave the words to it.
  private func withSharedAxes(_ rows: [[any Picture]], width: ([any Picture]) -> Double) -> [[any Picture]] {
    var rows = rows
    for column in 0..<(rows.map(\.count).max() ?? 0) {
      let places = rows.indices.filter { column < rows[$0].count && rows[$0][column] is Plot }
      var plots = places.compactMap { rows[$0][column] as? Plot }
      guard plots.count > 1, let scale = plots.first?.xAxis.scale, plots.allSatisfy({ $0.xAxis.scale == scale }) else {
        continue
      }
      let scales = plots.filter(\.hasData).map(\.horizontalScale)
      let names = plots.map { $0.series.map(\.name) + $0.references.map(\.label) }
      let oneLegend = Set(names).count == 1 && plots.map(\.looks).allSatisfy { $0 == plots[0].looks }
      let atSide = plots[0].hasSideLegend(width: width(rows[places[0]]))
      for index in plots.indices {
        if let low = scales.map(\.low).min(), let high = scales.map(\.high).max() {
          (plots[index].xAxis.from, plots[index].xAxis.to) = (low, high)
        }
        plots[index].sharesAxisBelow = index < plots.count - 1
        if oneLegend && index != (atSide ? 0 : plots.count - 1) { plots[index].legend = .none }
        if oneLegend && !atSide && index == plots.count - 1 && plots[index].legend == .automatic {
          plots[index].legend = .beneath
        }
        rows[places[index]][column] = plots[index]
      }
    }
    return rows
  }
}
