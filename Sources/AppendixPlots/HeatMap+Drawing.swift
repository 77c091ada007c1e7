extension HeatMap {
  /// More cells a side than a picture shows are merged into so many.
  private static let mostCells = 128
  private static let barWidth = 14.0

  package func drawing(width wish: Double, margins: Margins) -> Drawing {
    let wish = sensibleWidth(wish)
    let (rows, columns) = (max(rows, 0), max(columns, 0))
    let scales = axisScales
    let ends = ends
    let bar = AxisScale(low: ends.low, high: ends.high)

    // Left: the vertical axis. Right: the colour bar with its ticks and label.
    let side = { (length: Double) in
      AxisLayout(scales.y, label: yLabel, length: length, .up, wholeNumbers: y == nil)
    }
    let barSide = { (length: Double) in AxisLayout(bar, label: label, length: length, .up) }
    func left(_ height: Double) -> Double { max(side(height).widthLeft, margins.left.rounded(.up)) }
    func right(_ height: Double) -> Double {
      max(20 + Self.barWidth + barSide(height).widthLeft + 6, margins.right).rounded(.up)
    }

    // As many panels side by side as are at least 130 wide. The height decides how many lines the labels at the sides
    // take, these the width, and the width the height: once round is close, the rest makes the picture wider.
    let gap = 20.0
    let shape = rows > 0 && columns > 0 && x == nil && y == nil ? Double(rows) / Double(columns) : 1
    var (perRow, panelWidth, panelHeight) = (1, 0.0, 200.0)
    for _ in 0..<2 {
      let free = wish - left(panelHeight) - right(panelHeight)
      perRow = min(max(1, Int((free + gap) / (130 + gap))), max(panels.count, 1))
      panelWidth = max(min((free - Double(perRow - 1) * gap) / Double(perRow), 360), 120).rounded(.down)
      panelHeight = max(min(panelWidth * min(max(shape, 0.25), 4), 480), 60).rounded()
    }
    let (left, right) = (left(panelHeight), right(panelHeight))
    let span = Double(perRow) * panelWidth + Double(perRow - 1) * gap

    var drawing = Drawing(width: left + span + right)
    drawing.hasDivergingColours = colours == .diverging
    drawing.title = title.isEmpty ? (label.isEmpty ? "heat map" : label) : title
    drawing.summary = spokenSummary
    var top = 8.0
    for line in wrapped(title, .title, into: drawing.width - left - 4) {
      drawing.text(line, x: left, baseline: top + 10, .start, .title)
      top += TextStyle.title.lineHeight
    }

    var y0 = top
    let shown = panels.isEmpty ? [Panel(values: [])] : panels
    for first in stride(from: 0, to: shown.count, by: perRow) {
      let row = shown[first..<min(first + perRow, shown.count)]
      let headings = row.map { wrapped($0.title, .label, into: panelWidth) }
      let lines = headings.map(\.count).max() ?? 0
      let frameTop = y0 + Double(lines) * TextStyle.label.lineHeight + (lines > 0 ? 2 : 0)
      for (number, panel) in row.enumerated() {
        let x0 = left + Double(number) * (panelWidth + gap)
        let frame = Box(left: x0, top: frameTop, right: x0 + panelWidth, bottom: frameTop + panelHeight)
        for (line, words) in headings[number].enumerated() {
          let above = Double(headings[number].count - 1 - line) * TextStyle.label.lineHeight
          drawing.text(words, x: x0 + panelWidth / 2, baseline: frameTop - 7 - above, .middle, .label)
        }
        drawing.cells(panel.values, rows, columns, y == nil, colours, ends, in: frame, Self.mostCells)
        drawing.path(blockLines(in: frame), "thin ink")
        let canvas = Canvas(frame: frame, x: scales.x, y: scales.y)
        for line in panel.lines {
          // Ink of the page unless told otherwise: it is seen on both scales.
          let look = Look(line, number: line.style == .reference ? 0 : 6)
          drawing.series(line.points(Axis(), Axis()), line.style, look, on: canvas)
        }
        var up = side(panelHeight)
        if number > 0 { up.words = false }
        if number > 0 { up.lines = [] }
        let across = AxisLayout(
          scales.x, label: xLabel, length: panelWidth, .across, wholeNumbers: x == nil, overhang: gap / 2 - 2)
        drawing.axes(frame, x: across, y: up, outwards: true)
        y0 = max(y0, frame.bottom + across.heightBelow + 6)
      }
      let frames = Box(left: left, top: frameTop, right: left + span, bottom: frameTop + panelHeight)
      drawing.frame = first == 0 ? frames : drawing.frame.union(frames)
    }
    drawing.height = y0
    drawing.colourBar(colours, barSide(panelHeight), x: left + span + 20, drawing.frame.top, panelHeight)
    return drawing
  }

  /// Lines between blocks.
  private func blockLines(in frame: Box) -> String {
    guard let block, block > 0 else { return "" }
    var lines = ""
    for column in stride(from: block, to: columns, by: block) {
      let x = frame.left + frame.width * Double(column) / Double(columns)
      lines += "M\(coordinates(x, frame.top))V\(coordinate(frame.bottom))"
    }
    for row in stride(from: block, to: rows, by: block) {
      let y = frame.top + frame.height * Double(row) / Double(rows)
      lines += "M\(coordinates(frame.left, y))H\(coordinate(frame.right))"
    }
    return lines
  }

  private var spokenSummary: String {
    guard summary.isEmpty else { return summary }
    let names = panels.map(\.title).filter { !$0.isEmpty }
    return "\(label.isEmpty ? "Values" : label), \(rows) rows by \(columns) columns"
      + (names.isEmpty ? "." : ": \(names.joined(separator: ", ")).")
  }
}

extension Drawing {
  fileprivate mutating func cells(
    _ values: [Double], _ rows: Int, _ columns: Int, _ downwards: Bool, _ colours: ColourMap,
    _ ends: (low: Double, high: Double), in frame: Box, _ most: Int
  ) {
    path(rectangle(frame), "none")
    guard rows > 0 && columns > 0 else { return }
    let (height, width) = (min(rows, most), min(columns, most))
    let cells = merged(values, rows: rows, columns: columns, height: height, width: width)

    let palette = colours.levels
    let top = Double(palette.count - 1)
    let levels = cells.map { value -> Int? in
      guard value.isFinite else { return nil }
      let fraction = value / (ends.high - ends.low) - ends.low / (ends.high - ends.low)
      return Int((min(max(fraction, 0), 1) * top).rounded())
    }
    let (sx, sy) = (frame.width / Double(width), frame.height / Double(height))
    let start = downwards ? frame.top + sy / 2 : frame.bottom - sy / 2
    body += "<g class=\"cells\" transform=\"translate(\(coordinates(frame.left, start)))"
    body += "scale(\(scaleText(sx)) \(scaleText(downwards ? sy : -sy)))\">\n"
    let paths = cellRuns(levels, rows: height, columns: width, count: palette.count).paths
    for (level, commands) in paths.enumerated() where !commands.isEmpty {
      body += "<path\(dark(colours, level)) stroke=\"\(palette[level].hexadecimal)\" d=\"\(commands)\"/>\n"
    }
    body += "</g>\n"
  }

  /// The class by which a dark page gives a level another colour; none on a scale that is the same on both.
  private func dark(_ colours: ColourMap, _ level: Int) -> String {
    colours == .diverging ? " class=\"v\(level)\"" : ""
  }

  fileprivate mutating func colourBar(
    _ colours: ColourMap, _ axis: AxisLayout, x: Double, _ top: Double, _ height: Double
  ) {
    let bar = Box(left: x, top: top, right: x + 14, bottom: top + height)
    boxes.append(bar)
    let levels = colours.levels
    for (number, colour) in levels.enumerated() {
      let low = bar.bottom - height * Double(number) / Double(levels.count)
      let high = bar.bottom - height * Double(number + 1) / Double(levels.count)
      if colours == .diverging {
        body += "<path class=\"cells v\(number)\" stroke=\"\(colour.hexadecimal)\""
        body += " stroke-width=\"\(coordinate(low - high + 0.3))\""
        body += " d=\"M\(coordinates(bar.left, (low + high) / 2))H\(coordinate(bar.right))\"/>\n"
        continue
      }
      let strip = rectangle(Box(left: bar.left, top: high, right: bar.right, bottom: low))
      body += "<path style=\"fill:\(colour.hexadecimal)\" class=\"cells\" d=\"\(strip)\"/>\n"
    }
    var marks = rectangle(bar)
    for tick in axis.ticks.labelled {
      let y = bar.bottom - min(max(axis.scale.fraction(tick.value) ?? 0, 0), 1) * height
      marks += "M\(coordinates(bar.right, y))h4"
      text(tick.label, x: bar.right + 8, baseline: y + 4, .start, .small)
    }
    path(marks, "axis")
    for (number, line) in axis.lines.enumerated() {
      let behind = Double(number) * TextStyle.label.lineHeight
      let baseline = bar.right + 12 + axis.labelWidth + behind + TextStyle.label.ascent
      turnedText(line, baseline: baseline, y: (bar.top + bar.bottom) / 2, .label)
    }
  }
}

/// A factor to four digits behind the point; hundredths would be half a pixel off at the end of a row of a hundred
/// cells.
private func scaleText(_ x: Double) -> String {
  let scaled = Int((abs(x) * 10_000).rounded())
  let rest = String(scaled % 10_000)
  let digits = String(repeating: "0", count: 4 - rest.count) + rest
  return "\(x < 0 ? "-" : "")\(scaled / 10_000).\(digits)"
}
