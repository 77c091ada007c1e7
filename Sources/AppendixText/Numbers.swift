#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A number with so many digits behind the point, and "-" where there is no finite one.
///
///     fixed(2.5, 3)        // "2.500"
///     fixed(-1e-9, 3)      // "0.000": zero has no sign
package func fixed(_ x: Double, _ digits: Int) -> String {
  let text = formatted(x, "%.*f", digits)
  return text.hasPrefix("-") && text.allSatisfy { "-0.".contains($0) } && x.isFinite ? String(text.dropFirst()) : text
}

/// A number with one digit before the point, so many behind it, and an exponent; "-" where there is no finite one.
///
///     scientific(0.00163, 1)      // "1.6e-03"
///     scientific(0.00163, 0)      // "2e-03"
package func scientific(_ x: Double, _ digits: Int) -> String { formatted(x, "%.*e", digits) }

/// Numbers side by side, each with so many digits behind the point and right-aligned in a column.
///
///     columns([1, -0.5], 2)      // "  1.00 -0.50"
///
/// - Parameters:
///   - numbers: in their order.
///   - digits: behind the point.
///   - width: characters of a column; room for three before the point and a space if nil.
package func columns(_ numbers: some Sequence<Double>, _ digits: Int = 6, width: Int? = nil) -> String {
  numbers.map { rightAligned(fixed($0, digits), width ?? digits + 4) }.joined()
}

/// How many there are of what: "1 column", "3 columns".
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// The answer to a claim, as pages print it.
package func yesOrNo(_ claim: Bool) -> String { claim ? "yes" : "no" }

/// - Parameter format: one conversion that takes a precision and a number.
private func formatted(_ x: Double, _ format: String, _ digits: Int) -> String {
  guard x.isFinite else { return "-" }
  precondition((0...100).contains(digits), "\(digits) digits behind the point; 0 to 100 are possible")
  // The largest number has 309 digits before its point.
  // Unsafe: `vsnprintf` writes through a pointer, at most the buffer's own count; both formats take the two arguments
  // that they get.
  var buffer = [CChar](repeating: 0, count: 420)
  let count = withVaList([Int32(digits), x]) { vsnprintf(&buffer, buffer.count, format, $0) }
  return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
