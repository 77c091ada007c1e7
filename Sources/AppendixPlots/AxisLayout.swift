/// An axis of a certain length: its marks, their places from 0 to the length, and its label in lines.
struct AxisLayout: Sendable {
  enum Direction { case across, up }

  var scale: AxisScale
  var ticks: Ticks
  var lines: [String]
  /// Whether words are drawn; a panel above another leaves the common axis to it.
  var words = true

  init(
    _ scale: AxisScale, label: String, length: Double, _ direction: Direction, wholeNumbers: Bool = false
  ) {
    self.scale = scale
    lines = wrapped(label, .label, into: length)
    func fits(_ ticks: [Tick]) -> Bool {
      // Neighbours keep a distance of half a digit and more; upwards labels take a line each, and six are plenty.
      let style = TextStyle.small
      if direction == .up && ticks.count > 7 { return false }
      if direction == .across && ticks.count > 11 { return false }
      var edge = -Double.infinity
      let sorted = scale.downwards ? ticks.reversed() : ticks
      for tick in sorted {
        let place = (scale.fraction(tick.value) ?? 0) * length
        let half = direction == .up ? style.lineHeight * 0.7 : style.width(of: tick.label) / 2 + 5
        if place - half < edge { return false }
        edge = place + half
      }
      return true
    }
    ticks =
      scale.scale == .logarithmic
      ? .logarithmic(from: scale.low, to: scale.high, fits: fits)
      : .linear(from: scale.low, to: scale.high, wholeNumbers: wholeNumbers, fits: fits)
    // Where even two do not fit, the first stands for them.
    if !fits(ticks.labelled) { ticks.labelled = Array(ticks.labelled.prefix(1)) }
  }

  /// The widest of the tick labels.
  var labelWidth: Double {
    words ? ticks.labelled.map { TextStyle.small.width(of: $0.label) }.max() ?? 0 : 0
  }

  /// Room beneath a frame for tick labels and label.
  var heightBelow: Double {
    guard words else { return 8 }
    let marks = ticks.labelled.isEmpty ? 8 : TextStyle.small.lineHeight + 8
    return marks + (lines.isEmpty ? 0 : Double(lines.count) * TextStyle.label.lineHeight + 4)
  }

  /// Room left of a frame for tick labels and label.
  var widthLeft: Double {
    let marks = ticks.labelled.isEmpty ? 4 : labelWidth + 10
    return (marks + (lines.isEmpty ? 4 : Double(lines.count) * TextStyle.label.lineHeight + 8)).rounded(.up)
  }
}

extension Drawing {
  /// A frame with marks on all four sides that point inwards, and words at the left and beneath.
  mutating func axes(_ frame: Box, x: AxisLayout, y: AxisLayout) {
    func across(_ value: Double) -> Double { frame.left + min(max(x.scale.fraction(value) ?? 0, 0), 1) * frame.width }
    func up(_ value: Double) -> Double { frame.bottom - min(max(y.scale.fraction(value) ?? 0, 0), 1) * frame.height }

    var marks = rectangle(frame)
    func marksAcross(_ values: [Double], _ length: Double) {
      for place in values.map(across) where place > frame.left + 0.5 && place < frame.right - 0.5 {
        marks += "M\(coordinates(place, frame.bottom))v\(coordinate(-length))"
        marks += "M\(coordinates(place, frame.top))v\(coordinate(length))"
      }
    }
    func marksUp(_ values: [Double], _ length: Double) {
      for place in values.map(up) where place > frame.top + 0.5 && place < frame.bottom - 0.5 {
        marks += "M\(coordinates(frame.left, place))h\(coordinate(length))"
        marks += "M\(coordinates(frame.right, place))h\(coordinate(-length))"
      }
    }
    marksAcross(x.ticks.labelled.map(\.value), 6)
    marksAcross(x.ticks.small, 3)
    marksUp(y.ticks.labelled.map(\.value), 6)
    marksUp(y.ticks.small, 3)
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
    for (number, line) in y.lines.enumerated() {
      let behind = Double(y.lines.count - 1 - number) * TextStyle.label.lineHeight
      let baseline = frame.left - y.labelWidth - 12 - behind - TextStyle.label.descent
      turnedText(line, baseline: baseline, y: (frame.top + frame.bottom) / 2, .label)
    }
  }
}
