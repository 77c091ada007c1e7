extension JSONValue {
  /// The value on one line.
  ///
  /// Numbers have the fewest digits that read back as the same bits; JSON knows no infinity and no NaN: both are null.
  package var line: String {
    switch self {
    case .null: "null"
    case .bool(let bool): bool ? "true" : "false"
    case .number(let number): number.isFinite ? digits(number) : "null"
    case .string(let text): quoted(text)
    case .array(let elements): "[" + elements.map(\.line).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { quoted($0.key) + ": " + $0.value.line }.joined(separator: ", ") + "}"
    }
  }

  /// The value over several lines for people: a key a line, lists of plain values on one line.
  package var pretty: String { pretty(indent: "") }

  private func pretty(indent: String) -> String {
    let deeper = indent + "  "
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.map { deeper + quoted($0.key) + ": " + $0.value.pretty(indent: deeper) }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let elements) where elements.contains(where: { $0.members != nil || $0.elements != nil }):
      return "[\n" + elements.map { deeper + $0.pretty(indent: deeper) }.joined(separator: ",\n") + "\n\(indent)]"
    default:
      return line
    }
  }
}

/// A JSON string: quotes, backslashes and control characters escaped, everything else as it is.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in printable(text).unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case ..<" ":
      let hexadecimal = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count) + hexadecimal
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
