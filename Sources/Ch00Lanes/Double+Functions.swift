#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

// The C library's functions, as static members: chapters need no platform import, and the names clash with nobody's.
extension Double {
  /// e^x; ∞ above 709.8, 0 below -745.2, NaN stays NaN.
  public static func exp(_ x: Double) -> Double { libraryExp(x) }
  /// ln x; -∞ at 0, NaN below.
  public static func log(_ x: Double) -> Double { libraryLog(x) }
  /// tanh x, between -1 and 1.
  public static func tanh(_ x: Double) -> Double { libraryTanh(x) }
  /// sin x, x in radians; NaN at ±∞.
  public static func sin(_ x: Double) -> Double { librarySin(x) }
  /// cos x, x in radians; NaN at ±∞.
  public static func cos(_ x: Double) -> Double { libraryCos(x) }
  /// erf x = 2/√π ∫₀ˣ e^(-t²) dt, between -1 and 1.
  public static func erf(_ x: Double) -> Double { libraryErf(x) }
  /// x^y; NaN for x < 0 unless y is an integer, 1 for y = 0.
  public static func pow(_ x: Double, _ y: Double) -> Double { libraryPow(x, y) }
  /// ln n!, a sum of logarithms.
  /// - Complexity: O(n).
  /// - Precondition: n ≥ 0.
  public static func logFactorial(_ n: Int) -> Double {
    precondition(n >= 0, "the factorial of \(n) is not defined")
    return n < 2 ? 0 : (2...n).reduce(0) { $0 + libraryLog(Double($1)) }
  }
}

// Inside the extension above `exp` would mean the member itself.
private func libraryExp(_ x: Double) -> Double { exp(x) }
private func libraryLog(_ x: Double) -> Double { log(x) }
private func libraryTanh(_ x: Double) -> Double { tanh(x) }
private func librarySin(_ x: Double) -> Double { sin(x) }
private func libraryCos(_ x: Double) -> Double { cos(x) }
private func libraryErf(_ x: Double) -> Double { erf(x) }
private func libraryPow(_ x: Double, _ y: Double) -> Double { pow(x, y) }
