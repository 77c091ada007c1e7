/// An axis of a certain length: its marks, their places from 0 to the length, and its label in lines.
struct AxisLayout: Sendable {
  enum Direction { case across, up }

  var scale: AxisScale
  var ticks: Ticks
  var lines: [String]
  /// Whether words are drawn; a panel above another leaves the common axis to it.
  var words = true

  /// - Parameter overhang: how far words may reach beyond the ends of an axis across.
  init(
    _ scale: AxisScale, label: String, length: Double, _ direction: Direction, wholeNumbers: Bool = false,
    overhang: Double = .infinity
  ) {
    self.scale = scale
    lines = wrapped(label, .label, into: length)
    func fits(_ ticks: [Tick]) -> Bool {
      // Neighbours keep a distance, and even short labels do not crowd.
      let style = TextStyle.small
      var edge = -Double.infinity
      let sorted = scale.reversed ? ticks.reversed() : ticks
      for tick in sorted {
        let place = (scale.fraction(tick.value) ?? 0) * length
        let width = direction == .up ? 0 : style.width(of: tick.label)
        if place - width / 2 < -overhang || place + width / 2 > length + overhang { return false }
        let half = direction == .up ? 13 : max(width / 2 + 6, 20)
        if place - half < edge { return false }
        edge = place + half
      }
      return true
    }
    ticks =
      scale.scale == .logarithmic
      ? .logarithmic(from: scale.low, to: scale.high, fits: fits)
      : .linear(from: scale.low, to: scale.high, wholeNumbers: wholeNumbers, fits: fits)
  }

  /// The widest of the tick labels.
  var labelWidth: Double {
    words ? ticks.labelled.map { TextStyle.small.width(of: $0.label) }.max() ?? 0 : 0
  }

  /// Room beneath a frame for tick labels and label.
  var heightBelow: Double {
    guard words else { return 2 }
    let marks = ticks.labelled.isEmpty ? 8 : TextStyle.small.lineHeight + 8
    return marks + (lines.isEmpty ? 0 : Double(lines.count) * TextStyle.label.lineHeight + 4)
  }

  /// Room left of a frame for tick labels and label.
  var widthLeft: Double {
    let marks = ticks.labelled.isEmpty ? 4 : labelWidth + 10
    return (marks + (lines.isEmpty ? 4 : Double(lines.count) * TextStyle.label.lineHeight + 8)).rounded(.up)
  }
}
