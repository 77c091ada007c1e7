extension Drawing {
  /// A frame with marks, words at its left and beneath it.
  ///
  /// - Parameter outwards: marks at the left and beneath only, which colours inside cannot hide; else on all four
  ///   sides, pointing inwards.
  mutating func axes(_ frame: Box, x: AxisLayout, y: AxisLayout, outwards: Bool = false) {
    boxes.append(frame)
    func across(_ value: Double) -> Double { frame.left + min(max(x.scale.fraction(value) ?? 0, 0), 1) * frame.width }
    func up(_ value: Double) -> Double { frame.bottom - min(max(y.scale.fraction(value) ?? 0, 0), 1) * frame.height }

    var marks = rectangle(frame)
    func marksAcross(_ values: [Double], _ length: Double) {
      for place in values.map(across) where outwards || (place > frame.left + 0.5 && place < frame.right - 0.5) {
        marks += "M\(coordinates(place, frame.bottom))v\(coordinate(outwards ? length : -length))"
        if !outwards { marks += "M\(coordinates(place, frame.top))v\(coordinate(length))" }
      }
    }
    func marksUp(_ values: [Double], _ length: Double) {
      for place in values.map(up) where outwards || (place > frame.top + 0.5 && place < frame.bottom - 0.5) {
        marks += "M\(coordinates(frame.left, place))h\(coordinate(outwards ? -length : length))"
        if !outwards { marks += "M\(coordinates(frame.right, place))h\(coordinate(-length))" }
      }
    }
    let (long, short) = outwards ? (4.0, 2.0) : (6.0, 3.0)
    marksAcross(x.ticks.labelled.map(\.value), long)
    marksAcross(x.ticks.small, short)
    marksUp(y.ticks.labelled.map(\.value), long)
    marksUp(y.ticks.small, short)
    path(marks, "axis")

    if x.words {
      for tick in x.ticks.labelled {
        text(tick.label, x: across(tick.value), baseline: frame.bottom + 18, .middle, .small)
      }
      let start = frame.bottom + x.heightBelow - Double(x.lines.count) * TextStyle.label.lineHeight
      for (number, line) in x.lines.enumerated() {
        let baseline = start + Double(number) * TextStyle.label.lineHeight + TextStyle.label.ascent
        text(line, x: (frame.left + frame.right) / 2, baseline: baseline, .middle, .label)
      }
    }
    if y.words {
      for tick in y.ticks.labelled {
        text(tick.label, x: frame.left - 6, baseline: up(tick.value) + 4, .end, .small)
      }
    }
    // From the left edge, so that the labels of plots beneath each other stand in one line.
    for (number, line) in y.lines.enumerated() {
      let baseline = 4 + TextStyle.label.ascent + Double(number) * TextStyle.label.lineHeight
      turnedText(line, baseline: baseline, y: (frame.top + frame.bottom) / 2, .label)
    }
  }
}
