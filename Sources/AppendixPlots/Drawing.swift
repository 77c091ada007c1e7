/// A rectangle of a drawing; y grows downwards, as in SVG.
package struct Box: Sendable, Equatable {
  package var left: Double
  package var top: Double
  package var right: Double
  package var bottom: Double

  package init(left: Double, top: Double, right: Double, bottom: Double) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  package var width: Double { right - left }
  package var height: Double { bottom - top }

  /// Whether the two have an inner point in common.
  package func overlaps(_ other: Box) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  /// The smallest rectangle around both.
  func union(_ other: Box) -> Box {
    Box(
      left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
      bottom: max(bottom, other.bottom))
  }

  func moved(_ x: Double, _ y: Double) -> Box {
    Box(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
  }
}

/// A line of text in a drawing, and the room that was kept for it.
package struct Label: Sendable, Equatable {
  package var text: String
  package var box: Box
}

/// An SVG picture while it is put together: marks so far, its size, and where words stand.
///
/// Nothing in it has an id, so that any number of drawings share a page; classes get a prefix when the file is written.
package struct Drawing: Sendable {
  /// What a screen reader says first, and what it says then.
  package internal(set) var title = ""
  package internal(set) var summary = ""
  package internal(set) var width: Double
  package internal(set) var height: Double
  /// The rectangle that data stay in: that of the plot, or the one around all panels.
  package internal(set) var frame: Box
  /// Every line of text, in the order of drawing.
  package internal(set) var labels: [Label] = []
  /// What words keep out of: frames with data, colour bars, samples of the legend, symbols.
  package internal(set) var boxes: [Box] = []

  /// Whether the style sheet needs the diverging scale's colours on a dark page.
  var hasDivergingColours = false
  var body = ""

  init(width: Double, height: Double = 0) {
    self.width = width
    self.height = height
    frame = Box(left: 0, top: 0, right: width, bottom: height)
  }

  enum Anchor: String { case start, middle, end }

  /// Words that start, are centred or end at x, on a baseline.
  mutating func text(_ text: String, x: Double, baseline y: Double, _ anchor: Anchor = .start, _ style: TextStyle) {
    let width = style.width(of: text)
    let left = anchor == .start ? x : anchor == .middle ? x - width / 2 : x - width
    labels.append(
      Label(text: text, box: Box(left: left, top: y - style.ascent, right: left + width, bottom: y + style.descent)))
    body += "<text class=\"\(style)\" x=\"\(coordinate(x))\" y=\"\(coordinate(y))\"\(attribute(anchor))>"
    body += "\(escaped(text))</text>\n"
  }

  /// Words that run upwards, centred at y, their baseline at x.
  mutating func turnedText(_ text: String, baseline x: Double, y: Double, _ style: TextStyle) {
    let half = style.width(of: text) / 2
    labels.append(
      Label(text: text, box: Box(left: x - style.ascent, top: y - half, right: x + style.descent, bottom: y + half)))
    body += "<text class=\"\(style)\" transform=\"translate(\(coordinates(x, y)))rotate(-90)\""
    body += "\(attribute(.middle))>\(escaped(text))</text>\n"
  }

  private func attribute(_ anchor: Anchor) -> String {
    anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
  }

  /// A path with classes of the style sheet; nothing for an empty path.
  mutating func path(_ commands: String, _ classes: String) {
    guard !commands.isEmpty else { return }
    body += "<path class=\"\(classes)\" d=\"\(commands)\"/>\n"
  }

  /// Another drawing, moved; its words are known to this one.
  mutating func add(_ other: Drawing, x: Double, y: Double) {
    body += "<g transform=\"translate(\(coordinates(x, y)))\">\n\(other.body)</g>\n"
    hasDivergingColours = hasDivergingColours || other.hasDivergingColours
    labels += other.labels.map { Label(text: $0.text, box: $0.box.moved(x, y)) }
    boxes += other.boxes.map { $0.moved(x, y) }
  }
}

/// The path around a rectangle.
func rectangle(_ box: Box) -> String {
  "M\(coordinates(box.left, box.top))H\(coordinate(box.right))V\(coordinate(box.bottom))H\(coordinate(box.left))Z"
}

/// Text for XML: the five characters that mean something there are written as references, and control characters, which
/// XML forbids, are left out. Line ends become spaces.
package func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\n", "\r", "\t": result += " "
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}"..."\u{FFFF}": break
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
