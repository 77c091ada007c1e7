/// What is wrong with a formula, and where.
package struct FormulaError: Error, Equatable, CustomStringConvertible {
  /// Counted in characters from 1; one more than there are where the text ends too soon.
  package let column: Int
  /// In words, without the column.
  package let reason: String

  /// One line.
  package var description: String { "column \(column): \(reason)" }
}

/// Recursive descent over the characters of a formula:
///
///     sum      = product { ("+" | "-") product }
///     product  = signed { ("*" | "/") signed }
///     signed   = ("+" | "-") signed | power
///     power    = atom [ "^" signed ]
///     atom     = number | name | function "(" sum ")" | "(" sum ")"
///
/// A power binds closer than a sign, -x^2 = -(x^2), and to the right, 2^3^2 = 2^9.
struct FormulaReader {
  private let characters: [Character]
  private let variable: String
  private let constants: [String: Double]
  private var place = 0
  private var depth = 0

  /// Parentheses, signs and powers within each other, at most: more would exhaust the stack.
  static let deepest = 200
  /// Characters, at most.
  static let longest = 10_000

  /// - Parameters:
  ///   - text: the formula.
  ///   - variable: what its variable is called.
  ///   - constants: numbers with names of the reader's own.
  init(_ text: String, variable: String, constants: [String: Double]) {
    characters = Array(text)
    self.variable = variable
    self.constants = constants
  }

  /// The tree of the whole text.
  mutating func read() throws(FormulaError) -> FormulaTree {
    guard characters.count <= Self.longest else {
      throw FormulaError(column: Self.longest + 1, reason: "the formula is longer than \(Self.longest) characters")
    }
    let tree = try sum()
    if let next = peek() {
      throw error(
        next == ")" ? "a parenthesis is closed that was not opened" : "an operator is missing before \(shown(next))")
    }
    return tree
  }

  private func error(_ reason: String, at place: Int? = nil) -> FormulaError {
    FormulaError(column: (place ?? self.place) + 1, reason: reason)
  }

  private func shown(_ character: Character) -> String { "'\(character)'" }

  /// The next character that is no space.
  private mutating func peek() -> Character? {
    while place < characters.count, characters[place].isWhitespace { place += 1 }
    return place < characters.count ? characters[place] : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    guard peek() == character else { return false }
    place += 1
    return true
  }

  private mutating func sum() throws(FormulaError) -> FormulaTree {
    var tree = try product()
    while true {
      if take("+") {
        tree = .sum(tree, try product())
      } else if take("-") {
        tree = .difference(tree, try product())
      } else {
        return tree
      }
    }
  }

  private mutating func product() throws(FormulaError) -> FormulaTree {
    var tree = try signed()
    while true {
      if take("*") {
        guard peek() != "*" else { throw error("'**' is written '^' here", at: place - 1) }
        tree = .product(tree, try signed())
      } else if take("/") {
        tree = .quotient(tree, try signed())
      } else {
        return tree
      }
    }
  }

  private mutating func signed() throws(FormulaError) -> FormulaTree {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw error("more than \(Self.deepest) levels within each other") }
    if take("-") { return .product(.constant(-1), try signed()) }
    if take("+") { return try signed() }
    return try power()
  }

  private mutating func power() throws(FormulaError) -> FormulaTree {
    let base = try atom()
    return take("^") ? .power(base, try signed()) : base
  }

  private mutating func atom() throws(FormulaError) -> FormulaTree {
    guard let next = peek() else {
      throw error(
        characters.allSatisfy(\.isWhitespace)
          ? "the formula is empty" : "the formula ends where a number or a name should come")
    }
    if next.isASCII, next.isNumber || next == "." { return .constant(try number()) }
    if Self.isLetter(next) { return try named() }
    let start = place
    guard take("(") else {
      throw error(
        ["+", "-", "*", "/", "^", ")"].contains(next)
          ? "a number or a name is missing before \(shown(next))" : "\(shown(next)) means nothing in a formula")
    }
    let inner = try sum()
    guard take(")") else { throw closing(of: start) }
    return inner
  }

  /// What stands where a parenthesis should be closed.
  private mutating func closing(of start: Int) -> FormulaError {
    guard let next = peek() else { return error("this parenthesis is not closed", at: start) }
    return error("an operator or ')' is missing before \(shown(next))")
  }

  private static func isLetter(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && character.isLetter)
  }

  /// Digits with a point and an exponent, as Swift reads them.
  private mutating func number() throws(FormulaError) -> Double {
    let start = place
    func digit(_ i: Int) -> Bool { i < characters.count && characters[i].isASCII && characters[i].isNumber }
    while digit(place) || (place < characters.count && characters[place] == ".") { place += 1 }
    if place < characters.count, characters[place] == "e" || characters[place] == "E" {
      // 2e and a name that begins with e are both wrong: a product has to be written.
      let signed = place + 1 < characters.count && ["+", "-"].contains(characters[place + 1])
      let first = place + (signed ? 2 : 1)
      guard digit(first) else { throw error("the exponent of this number has no digits", at: start) }
      place = first
      while digit(place) { place += 1 }
    }
    let text = String(characters[start..<place])
    let padded = (text.hasPrefix(".") ? "0" : "") + text
    guard let value = Double(padded), text != "." else { throw error("'\(text)' is not a number", at: start) }
    guard value.isFinite else { throw error("'\(text)' is too large", at: start) }
    return value
  }

  private mutating func named() throws(FormulaError) -> FormulaTree {
    let start = place
    while place < characters.count,
      Self.isLetter(characters[place]) || (characters[place].isASCII && characters[place].isNumber)
    {
      place += 1
    }
    let name = String(characters[start..<place])
    if let function = FormulaFunction(rawValue: name) {
      guard take("(") else { throw error("\(name) needs its argument in parentheses", at: start) }
      let open = place - 1
      guard peek() != ")" else { throw error("\(name) needs an argument") }
      let argument = try sum()
      guard take(")") else {
        if peek() == "," { throw error("\(name) has one argument") }
        throw closing(of: open)
      }
      return .function(function, argument)
    }
    if peek() == "(", name == variable || constants[name] != nil || name == "pi" {
      throw error("an operator is missing between '\(name)' and '('")
    }
    if name == variable { return .variable }
    if name == "pi" { return .constant(Double.pi) }
    if let value = constants[name] { return .constant(value) }
    if peek() == "(" {
      let names = FormulaFunction.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("there is no function '\(name)'; there are \(names)", at: start)
    }
    let own = constants.keys.sorted().map { ", \($0)" }.joined()
    throw error("'\(name)' has no value; the variable is \(variable), and there are pi\(own)", at: start)
  }
}
