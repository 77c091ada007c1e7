import AppendixPlots
import Foundation
import Testing

@Suite("P.9 Words in a drawing") struct WordsInADrawing {
  @Test("the five characters of XML are written as references, control characters are left out")
  func escaping() {
    #expect(escaped("a < b & \"c\" > 'd'") == "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;")
    #expect(escaped("a\u{0}b\u{1B}c\nd\te\u{FFFF}") == "abc d e")
    #expect(escaped("ħω ≈ 10⁻³ 漢") == "ħω ≈ 10⁻³ 漢")
  }

  @Test("what goes in as a title comes out of the parser as it was")
  func roundTrip() {
    let text = "</title><script>\"&'"
    let svg = Plot(title: text, xAxis: Axis(text), series: [Series(text, y: [1, 2])], summary: text).svg()
    let document = SVGDocument(svg)
    #expect(document?.texts("title") == [text] && document?.texts("desc") == [text])
    #expect(document?.texts("text").filter { $0 == text }.count == 3)
    #expect(document?.elements.contains { $0.name == "script" } == false)
  }

  @Test("widths add up, grow with the size, and bold is wider")
  func widths() {
    #expect(textWidth("", size: 12) == 0)
    #expect(textWidth("00", size: 10) == 2 * textWidth("0", size: 10))
    #expect(textWidth("W", size: 20) > textWidth("i", size: 20) * 3)
    #expect(textWidth("step", size: 12, bold: true) > textWidth("step", size: 12))
    // A letter with its accent as a character of its own is as wide as the letter.
    #expect(textWidth("e\u{301}", size: 12) == textWidth("e", size: 12))
  }

  @Test("the class of a picture comes from its prefix, and the style sheet concerns nothing else")
  func prefix() {
    let svg = Plot(series: [Series("", y: [1, 2])]).svg(prefix: "run-7\"{}")
    #expect(SVGDocument(svg)?.elements.first?.attributes["class"] == "run-7")
    let rules = styleSheet(prefix: "run-7").split(separator: "\n").filter { $0 != "}" && !$0.hasPrefix("@media") }
    #expect(!rules.isEmpty && rules.allSatisfy { $0.hasPrefix(".run-7") })
  }

  @Test("every class of every kind of picture has a rule, and dark pages have colours of their own")
  func classes() {
    let sheet = styleSheet()
    let plot = Plot(
      xAxis: Axis("x"),
      series: (0..<8).map { Series("\($0)", y: [1, 2, .nan, 3], error: [1, 1, 1, 1]) }
        + [Series("p", y: [1], style: .points), Series("r", y: [1, 2], style: .reference)])
    let grid = CaseGrid(rows: ["2"], columns: ["a", "b"], cells: [.init("x", .reached), .init(state: .missed)])
    let map = HeatMap(rows: 1, columns: 2, panels: [.init(values: [1, .nan])])
    let signed = HeatMap(rows: 1, columns: 3, panels: [.init(values: [1, -1, 0.3])], colours: .diverging, block: 1)
    let diagram = Diagram(
      boxes: [.init("x", column: 0, row: 0, colour: 1), .init("y", values: [1], column: 1, row: 0)],
      arrows: [.init(from: 0, to: 1, label: "f", isDashed: true)])
    let pictures: [any Picture] = [plot, grid, map, signed, diagram]
    for element in SVGDocument(Figure(title: "f", stacked: pictures).svg())?.elements.dropFirst() ?? [] {
      for name in (element.attributes["class"] ?? "").split(separator: " ") where name != "data" {
        #expect(sheet.contains(".plot .\(name){"), "\(name)")
      }
    }
    let halves = sheet.components(separatedBy: "@media screen and (prefers-color-scheme:dark)")
    #expect(halves.count == 2 && halves.allSatisfy { $0.contains(".paper{") && $0.contains(".c0{") })
  }

  @Test("a picture without a style sheet is the same picture")
  func withoutStyle() {
    // Only a picture with values on the diverging scale has the rules for them.
    let map = HeatMap(rows: 1, columns: 2, panels: [.init(values: [1, -1])], colours: .diverging)
    for (picture, hasValues) in [(Plot(series: [Series("", y: [1, 2])]), false), (map, true)] as [(any Picture, Bool)] {
      let sheet = "<style>\n\(styleSheet(hasValues: hasValues))</style>\n"
      #expect(picture.svg().replacingOccurrences(of: sheet, with: "") == picture.svg(style: false))
    }
  }
}
