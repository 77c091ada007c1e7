/// A number rounded to hundredths, without zeros at its end: coordinates in SVG.
///
///     coordinate(12.5)       // "12.5"
///     coordinate(-0.001)     // "0"
///
/// - Precondition: finite, and less than 1e15 in size.
func coordinate(_ x: Double) -> String {
  let hundredths = Int((x * 100).rounded())
  let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
  let sign = hundredths < 0 ? "-" : ""
  if rest == 0 { return "\(sign)\(whole)" }
  if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
  return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
}

/// Two coordinates with a space between them.
func coordinates(_ x: Double, _ y: Double) -> String { "\(coordinate(x)) \(coordinate(y))" }

/// Logarithm to base ten of a positive number, from the four operations only.
///
///     x = s 2ᵉ with s in [√½, √2),      ln s = 2 (z + z³/3 + z⁵/5 + …),      z = (s - 1)/(s + 1)
///
/// The C libraries of Linux and macOS differ in the last bit; these operations do not. z² is below 0.0295, so twelve
/// terms leave less than 1e-18. Good to two units in the last place or so.
func decimalLogarithm(_ x: Double) -> Double {
  precondition(x > 0 && x.isFinite, "logarithm of \(x)")
  var significand = x.significand
  var exponent = Double(x.exponent)
  if significand > 1.4142135623730951 {
    significand /= 2
    exponent += 1
  }
  let z = (significand - 1) / (significand + 1)
  var sum = 0.0
  for k in stride(from: 23, through: 1, by: -2) { sum = sum * (z * z) + 1 / Double(k) }
  let log10Of2 = 0.30102999566398120
  let log10OfE = 0.43429448190325183
  return exponent * log10Of2 + 2 * z * sum * log10OfE
}

/// The largest k with 10ᵏ ≤ x.
func decade(of x: Double) -> Int {
  let guess = Int(decimalLogarithm(x).rounded(.down))
  if powerOfTen(guess + 1) <= x { return guess + 1 }
  return powerOfTen(guess) > x ? guess - 1 : guess
}

/// 10ᵏ, correctly rounded; infinite from k = 309 on, 0 below k = -323.
func powerOfTen(_ k: Int) -> Double { decimal(1, k) }

/// 10ʸ from the four operations only, good to a few units in the last place: eᶠ by its series.
func powerOfTen(_ y: Double) -> Double {
  let whole = y.rounded()
  let f = (y - whole) * 2.302585092994046
  var sum = 1.0
  for k in stride(from: 20.0, through: 1, by: -1) { sum = 1 + f / k * sum }
  return powerOfTen(Int(whole)) * sum
}

/// m 10ᵏ, correctly rounded, since text is read that way.
func decimal(_ m: Int, _ k: Int) -> Double { Double("\(m)e\(k)") ?? .nan }

/// m 10ᵏ in plain digits, with a proper minus sign.
///
///     decimalText(-25, -1)      // "−2.5"
func decimalText(_ m: Int, _ k: Int) -> String {
  guard m != 0 else { return "0" }
  var digits = String(abs(m))
  if k >= 0 {
    digits += String(repeating: "0", count: k)
  } else {
    digits = String(repeating: "0", count: max(0, 1 - k - digits.count)) + digits
    digits.insert(".", at: digits.index(digits.endIndex, offsetBy: k))
  }
  return (m < 0 ? "\u{2212}" : "") + digits
}

/// 10ᵏ with the exponent raised.
func powerText(_ k: Int) -> String {
  let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
  return "10" + (k < 0 ? "⁻" : "") + String(String(abs(k)).map { raised[$0.wholeNumberValue ?? 0] })
}
