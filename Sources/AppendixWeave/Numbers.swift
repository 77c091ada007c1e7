/// A piece of a printed line.
enum Token: Equatable {
  case word(String)
  case number(PrintedNumber)
  case plusMinus
  /// A duration with its unit, "3.2 ms".
  case time
  /// A number of the machine that printed it, "≈ 0.8", on a line that ends in an answer.
  case approximate
}

/// A number as it was printed.
struct PrintedNumber: Equatable {
  var text: String
  var value: Double
  /// One unit of the last printed digit: 0.01 for "2.43", 1e-5 for "1.2e-4".
  var lastDigit: Double
  /// Without point and exponent: a count.
  var isWhole: Bool
}

private let timeUnits: Set<String> = [
  "s", "ms", "µs", "μs", "us", "ns", "min", "second", "seconds", "minute", "minutes", "milliseconds",
]

/// Words, numbers, ± and times of a line; how many spaces lie between them does not count, since the width of one
/// number moves the next.
///
/// Digits inside words ("x1", "Ch03", "F64") are part of the word.
///
/// On a line that ends in "yes" or "no" a number behind ≈ is set apart: there the answer is what counts.
func tokens(_ line: Substring) -> [Token] {
  let isAnswered = ["yes", "no"].contains { trimmed(line).hasSuffix(" " + $0) }
  var tokens: [Token] = []
  var word = ""
  func endWord() {
    if !word.isEmpty { tokens.append(.word(word)) }
    word = ""
  }
  var rest = line
  var previous: Character = " "
  while let character = rest.first {
    let shown = rest.dropFirst().drop { $0 == " " }
    if isAnswered, character == "≈", let text = numberText(shown, after: " ") {
      endWord()
      tokens.append(.approximate)
      rest = shown.dropFirst(text.count)
      previous = "0"
      if let length = timeUnitLength(rest) { rest = rest.dropFirst(length) }
      continue
    }
    if !isWordCharacter(previous), let text = numberText(rest, after: previous) {
      endWord()
      rest = rest.dropFirst(text.count)
      previous = "0"
      if let length = timeUnitLength(rest) {
        rest = rest.dropFirst(length)
        tokens.append(.time)
      } else {
        tokens.append(.number(number(text)))
      }
      continue
    }
    if character == "±" || character.isWhitespace {
      endWord()
      if character == "±" { tokens.append(.plusMinus) }
    } else {
      word.append(character)
    }
    previous = character
    rest.removeFirst()
  }
  endWord()
  return tokens
}

private func isWordCharacter(_ character: Character) -> Bool {
  character.isLetter || character == "_" || isDigit(character)
}

private func isDigit(_ character: Character?) -> Bool { character.map { $0.isASCII && $0.isNumber } ?? false }

/// The number that the text begins with: [+-−]? digits (. digits)? (e [+-]? digits)?; nil where there is none.
private func numberText(_ text: Substring, after previous: Character) -> Substring? {
  var rest = text
  if let sign = rest.first, "+-−".contains(sign), previous != ")" { rest.removeFirst() }
  guard isDigit(rest.first) else { return nil }
  rest = rest.drop(while: isDigit)
  if rest.first == ".", isDigit(rest.dropFirst().first) { rest = rest.dropFirst().drop(while: isDigit) }
  if rest.first == "e" || rest.first == "E" {
    var exponent = rest.dropFirst()
    if exponent.first == "+" || exponent.first == "-" { exponent.removeFirst() }
    if isDigit(exponent.first) { rest = exponent.drop(while: isDigit) }
  }
  return text[..<rest.startIndex]
}

private func number(_ text: Substring) -> PrintedNumber {
  let plain = text.map { $0 == "−" ? "-" : String($0).lowercased() }.joined()
  let parts = plain.split(separator: "e")
  let decimals = parts[0].split(separator: ".").dropFirst().first?.count ?? 0
  let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
  return PrintedNumber(
    text: String(text), value: Double(plain) ?? .nan, lastDigit: Double("1e\(exponent - decimals)") ?? 0,
    isWhole: decimals == 0 && parts.count == 1)
}

/// The characters that a unit of time takes, with a space before it; nil where none follows.
private func timeUnitLength(_ text: Substring) -> Int? {
  let spaces = text.prefix { $0 == " " }.count
  let unit = text.dropFirst(spaces).prefix(while: isWordCharacter)
  return spaces <= 1 && timeUnits.contains(String(unit)) ? spaces + unit.count : nil
}
