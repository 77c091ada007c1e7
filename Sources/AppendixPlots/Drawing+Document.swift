/// Anything that this module draws.
package protocol Picture: Sendable {
  /// The picture at a width, which is a wish: words that need more room make the picture wider.
  ///
  /// `margins` are the least room left and right of the frame, by which pictures in a column line up.
  func drawing(width: Double, margins: Margins) -> Drawing
}

/// Room left and right of a frame.
package struct Margins: Sendable, Equatable {
  package var left: Double
  package var right: Double

  package init(left: Double = 0, right: Double = 0) {
    self.left = left
    self.right = right
  }
}

extension Picture {
  package func drawing(width: Double = 640) -> Drawing { drawing(width: width, margins: Margins()) }

  /// The picture as an SVG document, which also stands inside HTML as it is.
  ///
  /// - Parameters:
  ///   - width: units of length across; about as many CSS pixels. A phone shows 360 well, a journal's column 400.
  ///   - prefix: the class of the picture; the style sheet's rules concern what is inside this class only. Letters,
  ///     digits and hyphens; anything else is left out.
  ///   - style: whether the style sheet is in the document. A page with many pictures may have it once: `styleSheet`.
  package func svg(width: Double = 640, prefix: String = "plot", style: Bool = true) -> String {
    drawing(width: width).document(prefix: prefix, style: style)
  }
}

/// A width that something can be drawn in: 200 to 10 000.
func sensibleWidth(_ wish: Double) -> Double { min(max(wish.isFinite ? wish.rounded() : 640, 200), 10_000) }

extension Drawing {
  /// The SVG document.
  package func document(prefix: String = "plot", style: Bool = true) -> String {
    let name = className(prefix)
    let (w, h) = (coordinate(width), coordinate(height))
    let size = "viewBox=\"0 0 \(w) \(h)\" width=\"\(w)\" height=\"\(h)\""
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="\(name)" \(size) role="img">
      <title>\(escaped(title))</title>
      <desc>\(escaped(summary))</desc>
      \(style ? "<style>\n\(styleSheet(prefix: name, hasValues: hasDivergingColours))</style>\n" : "")\
      <path class="paper" d="M0 0H\(w)V\(h)H0Z"/>
      \(body)</svg>

      """
  }
}

private func className(_ prefix: String) -> String {
  let allowed = prefix.unicodeScalars.filter {
    ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
  }
  let name = String(String.UnicodeScalarView(allowed))
  return name.first?.isLetter == true ? name : "plot" + name
}

/// Rules for all pictures of a prefix: light on paper and on light screens, dark where the reader's system is dark.
///
/// A picture is as wide as it was drawn and shrinks where the page is narrower.
///
/// - Parameters:
///   - prefix: what the names of its classes begin with.
///   - hasValues: whether the rules for values on a diverging scale are among them, a line for each of 63 colours.
package func styleSheet(prefix: String = "plot", hasValues: Bool = true) -> String {
  let name = className(prefix)
  let fonts = "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",Arial,sans-serif"
  var rules = [
    ".\(name){max-width:100%;height:auto;font-family:\(fonts)}",
    ".\(name) path{fill:none}",
  ]
  rules += TextStyle.allCases.map {
    ".\(name) .\($0){font-size:\(coordinate($0.size))px\($0.isBold ? ";font-weight:600" : "")}"
  }
  rules += [
    ".\(name) .axis{stroke-width:1}",
    ".\(name) .line{stroke:currentColor;stroke-width:1.6;stroke-linejoin:round}",
    ".\(name) .thin{stroke:currentColor;stroke-width:1.1}",
    ".\(name) .band{fill:currentColor;fill-opacity:.18}",
    ".\(name) .mark{fill:currentColor}",
    ".\(name) .sign{stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}",
    ".\(name) .cells{shape-rendering:crispEdges}",
  ]
  for (number, dash) in dashes.enumerated() where !dash.isEmpty {
    rules.append(".\(name) .d\(number){stroke-dasharray:\(dash)}")
  }
  rules += inks(name, dark: false)
  rules.append("@media screen and (prefers-color-scheme:dark){")
  rules += inks(name, dark: true)
  if hasValues, let levels = ColourMap.diverging.darkLevels {
    rules += levels.enumerated().map { ".\(name) .v\($0.offset){stroke:\($0.element.hexadecimal)}" }
  }
  return rules.joined(separator: "\n") + "\n}\n"
}

private func inks(_ name: String, dark: Bool) -> [String] {
  let ink = dark ? "#e8e8e8" : "#1b1b1b"
  var rules = [
    ".\(name) .paper{fill:\(dark ? "#14171c" : "#fff")}",
    ".\(name) text{fill:\(ink)}",
    ".\(name) .axis{stroke:\(dark ? "#b9bdc4" : "#333")}",
    ".\(name) .ink{color:\(dark ? "#b9bdc4" : "#555")}",
    ".\(name) .none{fill:\(dark ? "#3a3f47" : "#d9d9d9")}",
  ]
  rules.append(".\(name) .sign{stroke:\(ink)}")
  rules += CaseState.allCases.map { ".\(name) .\($0){fill:\((dark ? $0.tint.dark : $0.tint.light).hexadecimal)}" }
  rules += curveColours.enumerated().map {
    ".\(name) .c\($0.offset){color:\((dark ? $0.element.dark : $0.element.light).hexadecimal)}"
  }
  return rules
}
