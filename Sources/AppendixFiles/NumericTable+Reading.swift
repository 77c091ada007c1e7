extension NumericTable {
  /// Reads a CSV file of numbers; "-" is standard input.
  ///
  /// Fields are separated by commas, with spaces and double quotes around them if one likes. Lines that begin with `#`
  /// are skipped. The first other line is the header if all of its fields begin with a letter. Every line must have as
  /// many fields as the first one.
  ///
  /// - Parameters:
  ///   - path: of the file, or "-".
  ///   - allowNonFinite: lets `nan` and `inf` pass.
  package static func read(_ path: String, allowNonFinite: Bool = false) throws(FileError) -> NumericTable {
    try parse(try readBytes(path), path: path == "-" ? "standard input" : path, allowNonFinite: allowNonFinite)
  }

  /// The same for a text; `path` is what error messages call it.
  package static func parse(
    _ text: String, path: String = "CSV text", allowNonFinite: Bool = false
  ) throws(FileError) -> NumericTable {
    try parse(Array(text.utf8), path: path, allowNonFinite: allowNonFinite)
  }

  /// The same for bytes in memory, which errors call `path`.
  package static func parse(
    _ bytes: [UInt8], path: String, allowNonFinite: Bool = false
  ) throws(FileError) -> NumericTable {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .badData(path: path, problem: "not a text file", expected: "UTF-8 text is needed")
    }
    var table = NumericTable(rows: [])
    var width: Int?
    for (index, line) in lines(bytes).enumerated() {
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
        unquoted(trimmed($0))
      }
      guard fields.count == width ?? fields.count else {
        let problem = "\(fields.count) fields where the first line has \(width ?? 0)"
        let expected = "every line needs as many, separated by commas"
        throw .badData(path: path, place: "line \(index + 1)", problem: problem, expected: expected)
      }
      if width == nil, fields.allSatisfy({ isColumnName(text($0)) }) {
        table.columns = fields.map(text)
        if let name = repeated(table.columns) {
          throw .badData(
            path: path, place: "line \(index + 1)", problem: "two columns are called \(shortened(name))",
            expected: "names must differ")
        }
      } else {
        table.rows.append(try numbers(fields, line: index + 1, path: path, allowNonFinite: allowNonFinite))
      }
      width = fields.count
    }
    return table
  }

  private static func numbers(
    _ fields: [ArraySlice<UInt8>], line: Int, path: String, allowNonFinite: Bool
  ) throws(FileError) -> [Double] {
    var row: [Double] = []
    row.reserveCapacity(fields.count)
    for (index, field) in fields.enumerated() {
      let place = "line \(line), column \(index + 1)"
      guard let number = number(field) else {
        let problem = field.isEmpty ? "the field is empty" : "\"\(shortened(text(field)))\" is no number"
        throw .badData(path: path, place: place, problem: problem, expected: advice(field))
      }
      guard number.isFinite || allowNonFinite else {
        let problem = "\(text(field)) is not finite"
        throw .badData(path: path, place: place, problem: problem, expected: "a finite number is needed")
      }
      row.append(number)
    }
    return row
  }

  /// What would be right, for a field that is no number: perhaps it is several, with something else between them.
  private static func advice(_ field: ArraySlice<UInt8>) -> String {
    let separators: [(Unicode.Scalar, String)] = [
      (";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (" ", "spaces"),
    ]
    for (separator, name) in separators {
      let parts = field.split(separator: UInt8(ascii: separator)).map { unquoted(trimmed($0)) }
      if parts.count > 1, parts.allSatisfy({ number($0) != nil }) {
        return "its numbers are separated by \(name); commas are needed"
      }
    }
    return "a number such as -1.25 is needed"
  }

  private static func repeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  // MARK: Text as bytes, which are quick to go through

  /// Lines without the spaces around them; they end with a line feed, a carriage return, or both. A byte-order mark,
  /// which spreadsheets put in front, is skipped.
  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    for (index, byte) in bytes.enumerated() where index >= start {
      guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
      // The line feed of a pair adds no line.
      let isPair = byte == UInt8(ascii: "\n") && index > 0 && bytes[index - 1] == UInt8(ascii: "\r")
      if !isPair { lines.append(trimmed(bytes[start..<index])) }
      start = index + 1
    }
    lines.append(trimmed(bytes[start...]))
    return lines
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var text = text.drop(while: isSpace)
    while text.last.map(isSpace) == true { text.removeLast() }
    return text
  }

  private static func unquoted(_ field: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let quote = UInt8(ascii: "\"")
    let isQuoted = field.count >= 2 && field.first == quote && field.last == quote
    return isQuoted ? trimmed(field.dropFirst().dropLast()) : field
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
