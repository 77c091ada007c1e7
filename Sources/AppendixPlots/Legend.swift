/// Where the names of the series stand. They are never inside the frame.
package enum LegendPlace: Sendable {
  /// Beneath the frame, or at its right where all names are short and there is room.
  case automatic
  case right
  case beneath
  case none
}

/// Names with samples, laid out in columns.
struct Legend: Sendable {
  enum Sample: Sendable {
    case series(Series.Style, Look, band: Bool)
    case reference(ReferenceLine)
    case state(CaseState)
  }
  struct Entry: Sendable {
    var name: String
    var sample: Sample
  }

  static let sampleWidth = 28.0
  /// Between sample and name, and between columns.
  static let gap = 6.0
  static let columnGap = 18.0

  var rows: [[(lines: [String], sample: Sample)]] = []
  var columnWidths: [Double] = []

  /// - Parameters:
  ///   - room: from the left end of the first sample to the right end of the longest name.
  ///   - columns: at most so many.
  init(_ entries: [Entry], room: Double, columns limit: Int = .max) {
    guard !entries.isEmpty else { return }
    let before = Self.sampleWidth + Self.gap
    let laidOut = entries.map { (lines: wrapped($0.name, .small, into: max(room - before, 40)), sample: $0.sample) }
    let widths = laidOut.map { before + ($0.lines.map { TextStyle.small.width(of: $0) }.max() ?? 0) }
    // The most columns that fit.
    for columns in (1...min(limit, entries.count)).reversed() {
      // Rows of nearly equal length: five names in four columns are three and two.
      let rowCount = (entries.count + columns - 1) / columns
      let perRow = (entries.count + rowCount - 1) / rowCount
      rows = stride(from: 0, to: laidOut.count, by: perRow).map { Array(laidOut[$0..<min($0 + perRow, laidOut.count)]) }
      columnWidths = (0..<perRow).map { column in
        stride(from: column, to: widths.count, by: perRow).map { widths[$0] }.max() ?? 0
      }
      if width <= room { break }
    }
  }

  var width: Double { columnWidths.reduce(0, +) + Self.columnGap * Double(max(columnWidths.count - 1, 0)) }
  var height: Double { rows.reduce(0) { $0 + height(of: $1) } }

  private func height(of row: [(lines: [String], sample: Sample)]) -> Double {
    Double(max(1, row.map(\.lines.count).max() ?? 1)) * TextStyle.small.lineHeight + 3
  }

  func draw(on drawing: inout Drawing, x: Double, y: Double) {
    var top = y
    for row in rows {
      var left = x
      for (number, entry) in row.enumerated() {
        let middle = top + TextStyle.small.lineHeight / 2
        drawing.sample(entry.sample, left: left, middle: middle)
        for (line, words) in entry.lines.enumerated() {
          drawing.text(
            words, x: left + Self.sampleWidth + Self.gap,
            baseline: middle + 4 + Double(line) * TextStyle.small.lineHeight, .start, .small)
        }
        left += columnWidths[number] + Self.columnGap
      }
      top += height(of: row)
    }
  }
}

extension Drawing {
  fileprivate mutating func sample(_ sample: Legend.Sample, left: Double, middle: Double) {
    let right = left + Legend.sampleWidth
    let centre = Place(x: (left + right) / 2, y: middle)
    boxes.append(Box(left: left, top: middle - 8, right: right, bottom: middle + 8))
    let across = "M\(coordinates(left, middle))H\(coordinate(right))"
    switch sample {
    case .series(let style, let look, let band):
      body += "<g class=\"\(look.ink)\">\n"
      if band && style != .points {
        path(rectangle(Box(left: left, top: middle - 5, right: right, bottom: middle + 5)), "band")
      }
      switch style {
      case .points:
        if band { path("M\(coordinates(centre.x, middle - 6))v12m-2.5 0h5m-5 -12h5", "thin") }
        path(markPath(look.shape, at: centre, size: 3), "mark")
      case .reference: path(across, "thin \(look.dash)")
      case .outline: path(across, "thin")
      case .line, .steps, .path: path(across, look.lineClasses)
      }
      body += "</g>\n"
    case .reference(let line):
      path(line.direction == .horizontal ? across : "M\(coordinates(centre.x, middle - 7))v14", line.classes)
    case .state(let state):
      path(rectangle(Box(left: left, top: middle - 8, right: right, bottom: middle + 8)), state.rawValue)
      cellSymbol(state, at: centre)
    }
  }
}
