extension JSONValue {
  /// Reads JSON text (RFC 8259), strictly: every departure is an error that names its line and column.
  ///
  /// A key that stands twice in one object is an error too (the standard leaves it open, and which one counts has
  /// been used for mischief), as are numbers too large for a `Double` and nesting deeper than 128.
  ///
  /// - Parameters:
  ///   - bytes: the text, in UTF-8.
  ///   - path: what error messages call the text.
  package static func parse(_ bytes: [UInt8], path: String = "JSON text") throws(FileError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    do {
      return try parser.document()
    } catch {
      let before = bytes[..<min(error.offset, bytes.count)]
      let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
      let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
      throw .badData(
        path: path, place: "line \(line), column \(column)", problem: error.problem, expected: error.expected)
    }
  }

  /// The same for a string.
  package static func parse(_ text: String, path: String = "JSON text") throws(FileError) -> JSONValue {
    try parse(Array(text.utf8), path: path)
  }
}

private struct SyntaxError: Error {
  var offset: Int
  var problem: String
  var expected: String
}

/// Recursive descent: one method for each rule of the grammar.
private struct JSONParser {
  let bytes: [UInt8]
  var next = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var byte: UInt8? { next < bytes.count ? bytes[next] : nil }

  func failure(_ expected: String, at offset: Int? = nil, problem: String? = nil) -> SyntaxError {
    let found =
      switch byte {
      case nil: "the text ends early"
      case let byte? where byte > 0x20 && byte < 0x7F: "unexpected '\(Character(Unicode.Scalar(byte)))'"
      case let byte?: "unexpected byte \(byte)"
      }
    return SyntaxError(offset: offset ?? next, problem: problem ?? found, expected: expected)
  }

  mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { next += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    next += 1
    return true
  }

  mutating func document() throws(SyntaxError) -> JSONValue {
    let result = try value(depth: 0)
    guard byte == nil else { throw failure("nothing may follow the value") }
    return result
  }

  /// A value with the space around it.
  mutating func value(depth: Int) throws(SyntaxError) -> JSONValue {
    guard depth <= 128 else { throw failure("128 levels are allowed", problem: "nested too deeply") }
    skipSpace()
    let result: JSONValue
    switch byte {
    case UInt8(ascii: "{"): result = try object(depth: depth)
    case UInt8(ascii: "["): result = try array(depth: depth)
    case UInt8(ascii: "\""): result = .string(try string())
    case UInt8(ascii: "t"): result = try word("true", .bool(true))
    case UInt8(ascii: "f"): result = try word("false", .bool(false))
    case UInt8(ascii: "n"): result = try word("null", .null)
    default: result = .number(try number())
    }
    skipSpace()
    return result
  }

  mutating func object(depth: Int) throws(SyntaxError) -> JSONValue {
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    next += 1
    skipSpace()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      let start = next
      guard byte == UInt8(ascii: "\"") else { throw failure("a key in double quotes belongs here") }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw failure("each key may stand once", at: start, problem: "the key \"\(shortened(key))\" stands twice")
      }
      skipSpace()
      guard take(":") else { throw failure("a colon belongs after a key") }
      members.append(.init(key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw failure("a comma or '}' belongs here") }
    return .object(members)
  }

  mutating func array(depth: Int) throws(SyntaxError) -> JSONValue {
    var elements: [JSONValue] = []
    next += 1
    skipSpace()
    if take("]") { return .array([]) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw failure("a comma or ']' belongs here") }
    return .array(elements)
  }

  mutating func word(_ word: String, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
    guard bytes[next...].starts(with: word.utf8) else { throw failure("true, false or null belongs here") }
    next += word.utf8.count
    return value
  }

  /// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
  mutating func number() throws(SyntaxError) -> Double {
    let start = next
    _ = take("-")
    if !take("0") { try digitRun("a value belongs here") }
    if take(".") { try digitRun("a digit belongs after the point") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digitRun("a digit belongs in the exponent")
    }
    let text = String(decoding: bytes[start..<min(next, start + 401)], as: UTF8.self)
    guard text.utf8.count <= 400 else {
      throw failure(
        "400 are allowed", at: start, problem: "the number \(shortened(text)) has \(next - start) characters")
    }
    guard let number = AppendixFiles.number(text), number.isFinite else {
      throw failure("its magnitude must be below 1.8e308", at: start, problem: "the number \(text) is too large")
    }
    return number
  }

  mutating func digitRun(_ expected: String) throws(SyntaxError) {
    let start = next
    while let byte, byte >= 0x30, byte <= 0x39 { next += 1 }
    guard next > start else { throw failure(expected) }
  }

  mutating func string() throws(SyntaxError) -> String {
    let start = next
    var content: [UInt8] = []
    next += 1
    while !take("\"") {
      guard let byte else { throw failure("a closing quote belongs to it", at: start, problem: "a string never ends") }
      guard byte >= 0x20 else { throw failure("control characters in strings are written as \\u00XX") }
      next += 1
      if byte == UInt8(ascii: "\\") {
        content += String(Character(try escape())).utf8
      } else {
        content.append(byte)
      }
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw failure("UTF-8 is needed", at: start, problem: "a string is not UTF-8")
    }
    return text
  }

  mutating func escape() throws(SyntaxError) -> Unicode.Scalar {
    let start = next
    guard let byte else { throw failure("an escape belongs after a backslash") }
    next += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      // Characters beyond 16 bits come as a pair of surrogates.
      var code = try hexadecimal()
      if code & 0xFC00 == 0xD800, take("\\"), take("u") {
        let low = try hexadecimal()
        if low & 0xFC00 == 0xDC00 { code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF }
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw failure("surrogates come in pairs", at: start - 1, problem: "an escape is no character")
      }
      return scalar
    default:
      throw failure("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u is allowed", at: start - 1, problem: "unknown escape")
    }
  }

  mutating func hexadecimal() throws(SyntaxError) -> UInt32 {
    let text = bytes[next..<min(next + 4, bytes.count)]
    let isHexadecimal = text.count == 4 && text.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    guard isHexadecimal, let code = UInt32(String(decoding: text, as: UTF8.self), radix: 16) else {
      throw failure("four hexadecimal digits belong after \\u", problem: "an escape is incomplete")
    }
    next += 4
    return code
  }
}
