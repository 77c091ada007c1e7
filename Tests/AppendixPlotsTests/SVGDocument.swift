import AppendixPlots
import Foundation
import TestSupport
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// An SVG document as a test reads it: its elements in order, with the class of the group that each stands in.
final class SVGDocument: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    var group: String
    var text = ""
  }

  private(set) var elements: [Element] = []
  private var open: [Int] = []
  private var groups: [String] = []

  /// - Returns: nil for text that is not well-formed XML.
  init?(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse(), parser.parserError == nil else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes, group: groups.last ?? ""))
    open.append(elements.count - 1)
    if name == "g" { groups.append(attributes["class"] ?? groups.last ?? "") }
  }
  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    open.removeLast()
    if name == "g" { groups.removeLast() }
  }
  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in open.suffix(1) { elements[index].text += text }
  }

  /// What stands in elements of a name.
  func texts(_ name: String) -> [String] { elements.filter { $0.name == name }.map(\.text) }

  /// Paths of a class inside groups of another.
  func paths(_ kind: String, in group: String = "data") -> [String] {
    elements.filter { element in
      element.name == "path" && element.group.split(separator: " ").contains(Substring(group))
        && (element.attributes["class"] ?? "").split(separator: " ").contains(Substring(kind))
    }.compactMap { $0.attributes["d"] }
  }
}

extension SVGDocument {
  /// How many numbers stand beneath each frame, at its left, and at the right of each colour bar, in the order of
  /// drawing.
  var axisNumbers: [(across: Int, up: Int, bar: Int)] {
    elements.indices.filter { elements[$0].attributes["class"] == "axis" }.map { index in
      func numbers(_ texts: some Sequence<Element>, _ anchor: String?) -> Int {
        texts.prefix { $0.name == "text" }.count {
          $0.attributes["class"] == "small" && $0.attributes["text-anchor"] == anchor
        }
      }
      let after = elements[(index + 1)...]
      return (numbers(after, "middle"), numbers(after, "end"), numbers(elements[..<index].reversed(), nil))
    }
  }
}

/// The places that a path of M, L, H, V and Z visits; nil where it has anything else.
func places(_ path: String) -> [(x: Double, y: Double)]? {
  var result: [(x: Double, y: Double)] = []
  var command: Character = "Z"
  var numbers: [Double] = []
  func flush() -> Bool {
    switch command {
    case "M", "L":
      guard numbers.count % 2 == 0 else { return false }
      for i in stride(from: 0, to: numbers.count, by: 2) { result.append((numbers[i], numbers[i + 1])) }
    case "H": for x in numbers { result.append((x, result.last?.y ?? .nan)) }
    case "V": for y in numbers { result.append((result.last?.x ?? .nan, y)) }
    case "Z": return numbers.isEmpty
    default: return false
    }
    return true
  }
  // "M1 2L3 4 5 6" in pieces: M, 1, 2, L, 3, 4, 5, 6.
  let spaced = path.reduce(into: "") { $0 += $1.isLetter ? " \($1) " : String($1) }
  for piece in spaced.split(separator: " ") {
    if let number = Double(piece) {
      numbers.append(number)
    } else {
      guard flush(), let letter = piece.first else { return nil }
      (command, numbers) = (letter, [])
    }
  }
  return flush() ? result : nil
}

extension SplitMix64 {
  /// A number from 0 up to 1.
  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }
}

/// No axis of a drawing has a single number: with one, nobody can read off a distance.
func expectScales(_ svg: String, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
  guard let numbers = SVGDocument(svg)?.axisNumbers else {
    Issue.record("not well-formed", sourceLocation: sourceLocation)
    return
  }
  #expect(
    numbers.allSatisfy { $0.across != 1 && $0.up != 1 && $0.bar != 1 }, comment, sourceLocation: sourceLocation)
}

/// Claims that hold for every drawing: it is well-formed, nothing has an id, words are where no data and no other words
/// are, all inside the picture.
func expectReadable(_ picture: some Picture, width: Double = 640, sourceLocation: SourceLocation = #_sourceLocation) {
  let drawing = picture.drawing(width: width)
  let svg = drawing.document()
  guard let document = SVGDocument(svg) else {
    Issue.record("not well-formed", sourceLocation: sourceLocation)
    return
  }
  #expect(!document.elements.contains { $0.attributes["id"] != nil }, sourceLocation: sourceLocation)
  #expect(!svg.contains("nan") && !svg.contains("inf"), sourceLocation: sourceLocation)
  for (number, label) in drawing.labels.enumerated() {
    let box = label.box
    #expect(
      box.left >= 0 && box.top >= 0 && box.right <= drawing.width && box.bottom <= drawing.height,
      "\(label.text) leaves the picture", sourceLocation: sourceLocation)
    for other in drawing.labels[(number + 1)...] where box.overlaps(other.box) {
      Issue.record("\(label.text) meets \(other.text)", sourceLocation: sourceLocation)
    }
    for obstacle in drawing.boxes where box.overlaps(obstacle) && label.text != "no data" {
      Issue.record("\(label.text) at \(box) meets \(obstacle)", sourceLocation: sourceLocation)
    }
  }
}
