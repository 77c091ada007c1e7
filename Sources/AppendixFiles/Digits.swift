/// A number in the fewest decimal digits that read back as the very same bits; a whole number without ".0".
///
///     digits(0.1) == "0.1"      digits(-20) == "-20"      digits(1e300) == "1e+300"      digits(.nan) == "nan"
package func digits(_ number: Double) -> String {
  guard !number.isNaN else { return "nan" }
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// The number that a text is, from its first character to its last; nil where it is none.
///
///     number("-1.5e3") == -1500      number("+.5") == 0.5      number("nan")?.isNaN == true
///     number("0.2\0x") == nil        number("0x1p3") == nil    number("1d-1") == nil
///
/// Decimal digits with at most one point among them and an exponent if need be; or `nan`, `inf`, `infinity` in any
/// case. At most 400 characters: more digits than any `Double` has are a slip.
package func number(_ text: some StringProtocol) -> Double? { number(text.utf8) }

/// The same for the bytes of a text.
func number(_ text: some Collection<UInt8>) -> Double? {
  let bytes = Array(text.prefix(401))
  guard bytes.count <= 400 else { return nil }
  var rest = bytes[...]
  func skipSign() {
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest.removeFirst() }
  }
  func skipDigits() -> Int {
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }.count
    rest = rest.dropFirst(digits)
    return digits
  }
  skipSign()
  let word = String(decoding: rest, as: UTF8.self).lowercased()
  if !["nan", "inf", "infinity"].contains(word) {
    var count = skipDigits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      count += skipDigits()
    }
    guard count > 0 else { return nil }
    if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
      rest.removeFirst()
      skipSign()
      guard skipDigits() > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
  }
  return Double(String(decoding: bytes, as: UTF8.self))
}

/// A text as error messages quote it: of a long one only the beginning.
package func shortened(_ text: some StringProtocol) -> String {
  let start = String(text.prefix(40))
  return start.utf8.count == text.utf8.count ? start : start + "…"
}
