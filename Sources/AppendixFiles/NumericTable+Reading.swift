extension NumericTable {
  /// Reads a CSV file of numbers.
  ///
  /// Fields are separated by commas, with spaces around them if one likes. The first line that is neither empty nor a
  /// comment is the header if none of its fields is a number. Every line must have as many fields as the first one.
  ///
  /// - Parameters:
  ///   - allowNonFinite: lets `nan` and `inf` pass.
  ///   - dropTornLine: a last line without line break is dropped: what a kill leaves of a row that was being appended.
  package static func read(
    _ path: String, allowNonFinite: Bool = false, dropTornLine: Bool = false
  ) throws(FileError) -> NumericTable {
    var bytes = try readBytes(path)
    if dropTornLine { bytes.removeLast(bytes.reversed().prefix { $0 != UInt8(ascii: "\n") }.count) }
    return try parse(try decodedText(bytes, path: path), path: path, allowNonFinite: allowNonFinite)
  }

  /// The same for text in memory, which errors call `path`.
  package static func parse(
    _ text: String, path: String = "CSV text", allowNonFinite: Bool = false
  ) throws(FileError) -> NumericTable {
    var table = NumericTable(rows: [])
    var width: Int?
    // Spreadsheets put a byte-order mark in front.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = trimmed(line)
      if line.isEmpty { continue }
      if line.hasPrefix("#") {
        table.comments.append(String(trimmed(line.dropFirst())))
        continue
      }
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      guard fields.count == width ?? fields.count else {
        let problem = "\(fields.count) fields where the first line has \(width ?? 0)"
        let expected = "every line needs as many, separated by commas"
        throw .badData(path: path, place: "line \(index + 1)", problem: problem, expected: expected)
      }
      if width == nil, fields.allSatisfy({ !$0.isEmpty && Double($0) == nil }) {
        table.columns = fields.map(unquoted)
        if let bad = table.columns.first(where: { !isColumnName($0) }) {
          let problem = "\"\(bad)\" is no column's name"
          let expected = "it needs at least one character, and may hold no quote"
          throw .badData(path: path, place: "line \(index + 1)", problem: problem, expected: expected)
        }
      } else {
        table.rows.append(try numbers(fields, line: index + 1, path: path, allowNonFinite: allowNonFinite))
      }
      width = fields.count
    }
    return table
  }

  private static func numbers(
    _ fields: [Substring], line: Int, path: String, allowNonFinite: Bool
  ) throws(FileError) -> [Double] {
    var row: [Double] = []
    for (index, field) in fields.enumerated() {
      let place = "line \(line), column \(index + 1)"
      guard let number = Double(field) else {
        let problem = field.isEmpty ? "the field is empty" : "\"\(field)\" is no number"
        throw .badData(path: path, place: place, problem: problem, expected: "a number such as -1.25 is needed")
      }
      guard number.isFinite || allowNonFinite else {
        throw .badData(
          path: path, place: place, problem: "\(field) is not finite", expected: "a finite number is needed")
      }
      row.append(number)
    }
    return row
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private static func unquoted(_ field: Substring) -> String {
    let isQuoted = field.count >= 2 && field.hasPrefix("\"") && field.hasSuffix("\"")
    return String(isQuoted ? field.dropFirst().dropLast() : field)
  }
}
