/// A number in the fewest decimal digits that read back as the very same bits; a whole number without ".0".
///
///     digits(0.1) == "0.1"      digits(-20) == "-20"      digits(1e300) == "1e+300"      digits(.nan) == "nan"
package func digits(_ number: Double) -> String {
  let text = "\(number)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
