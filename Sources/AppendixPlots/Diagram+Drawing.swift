extension Diagram {
  private static let cell = 15.0
  /// Between two boxes of a row at least, enough for an arrow, and between two rows.
  private static let (leastGap, rowGap) = (26.0, 16.0)

  package func drawing(width wish: Double, margins: Margins) -> Drawing {
    let wish = sensibleWidth(wish)
    let sizes = boxes.map { box -> (width: Double, height: Double) in
      let words = box.lines.map { TextStyle.label.width(of: $0) }.max() ?? 0
      let values = box.values.isEmpty ? 0 : Self.cell + 4
      return (
        max(words, Double(box.values.count) * Self.cell) + 14,
        Double(box.lines.count) * TextStyle.label.lineHeight + values + 8
      )
    }

    // From columns and rows to lengths.
    let (firstColumn, firstRow) = (boxes.map(\.column).min() ?? 0, boxes.map(\.row).min() ?? 0)
    let rowPitch = (sizes.map(\.height).max() ?? 0) + Self.rowGap
    var pitch = 0.0
    for (i, a) in boxes.enumerated() {
      for (j, b) in boxes.enumerated() where b.column > a.column {
        let isBeside = abs(a.row - b.row) * rowPitch < (sizes[i].height + sizes[j].height) / 2 + 2
        let needed = ((sizes[i].width + sizes[j].width) / 2 + Self.leastGap) / (b.column - a.column)
        if isBeside { pitch = max(pitch, needed) }
      }
    }
    func left(_ pitch: Double) -> Double {
      boxes.indices.map { sizes[$0].width / 2 - (boxes[$0].column - firstColumn) * pitch }.max() ?? 0
    }
    func extent(_ pitch: Double) -> Double {
      left(pitch) + (boxes.indices.map { sizes[$0].width / 2 + (boxes[$0].column - firstColumn) * pitch }.max() ?? 0)
    }
    // What the boxes leave of the width goes between the columns.
    let span = (boxes.map(\.column).max() ?? 0) - firstColumn
    for _ in 0..<3 where span > 0 { pitch = max(pitch, pitch + (wish - 16 - margins.left - extent(pitch)) / span) }
    let start = max(margins.left, 8) + left(pitch)

    var drawing = Drawing(width: max(wish, start + extent(pitch) - left(pitch) + 8).rounded(.up))
    drawing.title = title.isEmpty ? "diagram" : title
    drawing.summary = summary.isEmpty ? boxes.flatMap(\.lines).joined(separator: ", ") + "." : summary
    var top = 8.0
    for line in wrapped(title, .title, into: drawing.width - 16) {
      drawing.text(line, x: max(margins.left, 8), baseline: top + 10, .start, .title)
      top += TextStyle.title.lineHeight
    }
    top += 4 + (boxes.indices.map { sizes[$0].height / 2 - (boxes[$0].row - firstRow) * rowPitch }.max() ?? 0)

    let frames = boxes.indices.map { index in
      let (x, y) = (start + (boxes[index].column - firstColumn) * pitch, top + (boxes[index].row - firstRow) * rowPitch)
      let (w, h) = (sizes[index].width / 2, sizes[index].height / 2)
      return AppendixPlots.Box(left: x - w, top: y - h, right: x + w, bottom: y + h)
    }
    for arrow in arrows { drawing.arrow(arrow, from: frames[arrow.from], to: frames[arrow.to]) }
    for arrow in arrows { drawing.label(of: arrow, from: frames[arrow.from], to: frames[arrow.to]) }
    drawing.hasDivergingColours = boxes.contains { !$0.values.isEmpty }
    let largest = largest ?? boxes.flatMap(\.values).filter(\.isFinite).map(abs).max() ?? 1
    for (box, frame) in zip(boxes, frames) { drawing.box(box, frame, cell: Self.cell, largest: largest) }
    drawing.frame = frames.dropFirst().reduce(frames.first ?? drawing.frame) { $0.union($1) }
    drawing.height = ((frames.map(\.bottom).max() ?? top) + 8).rounded(.up)
    return drawing
  }
}

extension Drawing {
  fileprivate mutating func box(_ box: Diagram.Box, _ frame: Box, cell: Double, largest: Double) {
    if box.isOutlined {
      body += "<g class=\"\(ink(box.colour))\">\n"
      path(rectangle(frame), "paper")
      if box.colour != nil { path(rectangle(frame), "band") }
      path(rectangle(frame), "thin")
      body += "</g>\n"
    }
    let middle = (frame.left + frame.right) / 2
    for (number, line) in box.lines.enumerated() {
      let baseline = frame.top + 4 + Double(number) * TextStyle.label.lineHeight + TextStyle.label.ascent + 2
      text(line, x: middle, baseline: baseline, .middle, .label)
    }
    guard !box.values.isEmpty else { return }
    let levels = ColourMap.diverging.levels
    let left = middle - Double(box.values.count) * cell / 2
    let y = frame.bottom - 4 - cell / 2
    for (number, value) in box.values.enumerated() where value.isFinite {
      let part = 0.5 + 0.5 * value / (largest > 0 ? largest : 1)
      let level = Int((min(max(part, 0), 1) * Double(levels.count - 1)).rounded())
      let x = left + Double(number) * cell
      body +=
        "<path class=\"cells v\(level)\" stroke=\"\(levels[level].hexadecimal)\" stroke-width=\"\(coordinate(cell))\""
      body += " d=\"M\(coordinates(x, y))h\(coordinate(cell))\"/>\n"
    }
    // Squares of the middle colour have the paper's, nearly.
    let strip = Box(left: left, top: y - cell / 2, right: left + cell * Double(box.values.count), bottom: y + cell / 2)
    var lines = rectangle(strip)
    for number in 1..<max(box.values.count, 1) {
      lines += "M\(coordinates(left + Double(number) * cell, strip.top))v\(coordinate(cell))"
    }
    path(lines, "axis")
    boxes.append(strip)
  }

  /// From border to border along the line between the middles.
  fileprivate mutating func arrow(_ arrow: Diagram.Arrow, from a: Box, to b: Box) {
    guard let (start, tip) = ends(from: a, to: b) else { return }
    let length = ((tip.x - start.x) * (tip.x - start.x) + (tip.y - start.y) * (tip.y - start.y)).squareRoot()
    guard length > 1 else { return }
    let (ux, uy) = ((tip.x - start.x) / length, (tip.y - start.y) / length)
    let neck = Place(x: tip.x - 7 * ux, y: tip.y - 7 * uy)
    body += "<g class=\"\(ink(arrow.colour))\">\n"
    path(
      "M\(coordinates(start.x, start.y))L\(coordinates(neck.x, neck.y))", arrow.isDashed ? "line d2" : "line")
    path(
      "M\(coordinates(tip.x, tip.y))L\(coordinates(neck.x - 3.5 * uy, neck.y + 3.5 * ux)) "
        + "\(coordinates(neck.x + 3.5 * uy, neck.y - 3.5 * ux))Z", "mark")
    body += "</g>\n"
  }

  fileprivate mutating func label(of arrow: Diagram.Arrow, from a: Box, to b: Box) {
    guard !arrow.label.isEmpty, let (start, tip) = ends(from: a, to: b) else { return }
    let (x, y) = (0.5 * (start.x + tip.x), 0.5 * (start.y + tip.y))
    let half = TextStyle.small.width(of: arrow.label) / 2 + 2
    path(rectangle(Box(left: x - half, top: y - 8, right: x + half, bottom: y + 8)), "paper")
    text(arrow.label, x: x, baseline: y + 4, .middle, .small)
  }

  /// Where the line between the middles leaves one box and enters the other, three units before its border.
  private func ends(from a: Box, to b: Box) -> (Place, Place)? {
    func middle(_ box: Box) -> Place { Place(x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2) }
    func grown(_ box: Box) -> Box {
      Box(left: box.left - 3, top: box.top - 3, right: box.right + 3, bottom: box.bottom + 3)
    }
    guard let (_, start) = segment(from: middle(a), to: middle(b), in: grown(a)),
      let (end, _) = segment(from: middle(a), to: middle(b), in: grown(b))
    else { return nil }
    return (start, end)
  }

  private func ink(_ colour: Int?) -> String {
    colour.map { "c\((($0 % curveColours.count) + curveColours.count) % curveColours.count)" } ?? "ink"
  }
}
