extension Plot {
  package func drawing(width wish: Double, margins: Margins) -> Drawing {
    guard !isIsometric else {
      // The frame's width decides its height, and numbers at a frame of another height may need more width.
      var plot = self
      plot.isIsometric = false
      let scales = scales(series.map { $0.points(xAxis, yAxis) })
      let shape = (scales.y.high - scales.y.low) / (scales.x.high - scales.x.low)
      for _ in 0..<2 { plot.height = plot.drawing(width: wish, margins: margins).frame.width * min(max(shape, 0.1), 4) }
      return plot.drawing(width: wish, margins: margins)
    }
    let points = series.map { $0.points(xAxis, yAxis) }
    let empty = points.allSatisfy { $0.allSatisfy { $0 == nil } }
    let scales = scales(points)
    let height = max(height.isFinite ? height : 0, 60).rounded()
    let wish = sensibleWidth(wish)

    // Left: the vertical axis. Right: a legend, or room for half of the last label.
    let up = AxisLayout(scales.y, label: yAxis.label, length: height, .up)
    let left = max(up.widthLeft, margins.left.rounded(.up))
    let named = entries(points).filter { !$0.name.isEmpty }
    let side = sideLegend(named, room: wish - left)
    var right = side.map { $0.width + 24 } ?? 0
    var frameWidth = max(wish - left - max(right, margins.right), 120)
    var across = AxisLayout(scales.x, label: xAxis.label, length: frameWidth, .across)
    across.words = !sharesAxisBelow
    let overhang = across.labelWidth / 2 + 2
    right = max(right, margins.right, overhang, 10).rounded(.up)
    frameWidth = max(wish - left - right, 120).rounded(.down)
    across = AxisLayout(scales.x, label: xAxis.label, length: frameWidth, .across)
    across.words = !sharesAxisBelow

    var drawing = Drawing(width: left + frameWidth + right)
    drawing.title = title.isEmpty ? yAxis.label : title
    drawing.summary = spokenSummary
    let heading = wrapped(title, .title, into: frameWidth + right - 4)
    let top = max(8, Double(heading.count) * TextStyle.title.lineHeight + 10)
    for (number, line) in heading.enumerated() {
      let baseline = 18 + Double(number) * TextStyle.title.lineHeight
      drawing.text(line, x: left, baseline: baseline, .start, .title)
    }
    let frame = Box(left: left, top: top, right: left + frameWidth, bottom: top + height)
    drawing.frame = frame
    drawing.height = frame.bottom + across.heightBelow + 4

    if empty {
      across.ticks = Ticks()
      var bare = up
      bare.ticks = Ticks()
      drawing.axes(frame, x: across, y: bare)
      let centre = (x: (frame.left + frame.right) / 2, y: (frame.top + frame.bottom) / 2)
      drawing.text("no data", x: centre.x, baseline: centre.y, .middle, .label)
      return drawing
    }

    let canvas = Canvas(frame: frame, x: scales.x, y: scales.y)
    for line in references { drawing.reference(line, on: canvas) }
    for (index, look) in looks.enumerated() { drawing.series(points[index], series[index].style, look, on: canvas) }
    drawing.axes(frame, x: across, y: up)

    if let side {
      side.draw(on: &drawing, x: frame.right + 20, y: frame.top + 2)
    } else if legend != .none && !named.isEmpty {
      let beneath = Legend(named, room: drawing.width - left - 8)
      beneath.draw(on: &drawing, x: left, y: drawing.height + 4)
      drawing.height += beneath.height + 8
      drawing.width = max(drawing.width, left + beneath.width + 4)
    }
    return drawing
  }

  var hasData: Bool { series.contains { !$0.points(xAxis, yAxis).allSatisfy { $0 == nil } } }

  var horizontalScale: AxisScale { scales(series.map { $0.points(xAxis, yAxis) }).x }

  /// Whether a drawing of this width has its legend at the right.
  func hasSideLegend(width: Double) -> Bool {
    let points = series.map { $0.points(xAxis, yAxis) }
    let up = AxisLayout(scales(points).y, label: yAxis.label, length: height, .up)
    return sideLegend(entries(points).filter { !$0.name.isEmpty }, room: width - up.widthLeft) != nil
  }

  /// The legend at the right, if it is wanted there and fits.
  private func sideLegend(_ named: [Legend.Entry], room: Double) -> Legend? {
    guard legend == .right || legend == .automatic, !named.isEmpty else { return nil }
    let part = legend == .right ? 0.5 : 0.28
    let side = Legend(named, room: room * part, columns: 1)
    let wraps = side.rows.joined().contains { $0.lines.count > 1 }
    if legend == .automatic && (wraps || room < 420) { return nil }
    return side.height <= height && side.width <= room * part ? side : nil
  }
}

extension Drawing {
  fileprivate mutating func reference(_ line: ReferenceLine, on canvas: Canvas) {
    let frame = canvas.frame
    switch line.direction {
    case .horizontal:
      guard let up = canvas.y.fraction(line.value), (0...1).contains(up) else { return }
      path("M\(coordinates(frame.left, frame.bottom - up * frame.height))H\(coordinate(frame.right))", line.classes)
    case .vertical:
      guard let across = canvas.x.fraction(line.value), (0...1).contains(across) else { return }
      path("M\(coordinates(frame.left + across * frame.width, frame.top))V\(coordinate(frame.bottom))", line.classes)
    }
  }
}
