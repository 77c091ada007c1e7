import Foundation
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A page by `nqs report` as a test reads it: its elements in order, and the cells of its tables.
final class ReportDocument: NSObject, XMLParserDelegate {
  struct Element {
    var name: String
    var attributes: [String: String]
    var text = ""
  }

  private(set) var elements: [Element] = []
  /// By caption: rows of cells. A second table of the same caption has a 2 behind it.
  private(set) var tables: [String: [[String]]] = [:]
  private var open: [Int] = []
  private var caption = ""

  /// - Returns: nil for a file that is not well-formed XML.
  init?(_ path: String) {
    super.init()
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let parser = XMLParser(data: data)
    parser.delegate = self
    guard parser.parse(), parser.parserError == nil else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes))
    open.append(elements.count - 1)
    if name == "tr" { tables[caption, default: []].append([]) }
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    let text = elements[open.removeLast()].text
    switch name {
    case "caption":
      caption = text
      while tables[caption] != nil { caption += " 2" }
      tables[caption] = []
    case "th", "td":
      let last = (tables[caption]?.count ?? 0) - 1
      tables[caption]?[last].append(text)
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    for index in open { elements[index].text += text }
  }

  /// What stands in elements of a name.
  func texts(_ name: String) -> [String] { elements.filter { $0.name == name }.map(\.text) }

  /// The second cell of the row that begins with a name.
  func value(_ name: String, in caption: String) -> String? {
    tables[caption]?.first { $0.first == name }.flatMap { $0.count > 1 ? $0[1] : nil }
  }
}

/// Whether a printed number is a value rounded to its last printed digit: "-2.471", "1.6e-03".
func tells(_ text: String?, _ value: Double?) -> Bool {
  guard let text, let value, let printed = Double(text) else { return false }
  let parts = text.split(separator: "e")
  let behind = parts[0].split(separator: ".").dropFirst().first?.count ?? 0
  let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
  // Half a unit of the last digit, and a little for the rounding of the comparison.
  return abs(printed - value) <= 0.5 * pow(10, Double(exponent - behind)) * (1 + 1e-9)
}

/// The same for "value ± error".
func tells(_ text: String?, _ value: Double?, error: Double?) -> Bool {
  let parts = (text ?? "").components(separatedBy: " ± ")
  return parts.count == 2 && tells(parts[0], value) && tells(parts[1], error)
}
