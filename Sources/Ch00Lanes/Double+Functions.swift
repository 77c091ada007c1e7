#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

// The C library's functions, as static members: chapters need no platform import, and the names clash with nobody's.
extension Double {
  public static func exp(_ x: Double) -> Double { libraryExp(x) }
  public static func log(_ x: Double) -> Double { libraryLog(x) }
  public static func tanh(_ x: Double) -> Double { libraryTanh(x) }
  public static func sin(_ x: Double) -> Double { librarySin(x) }
  public static func cos(_ x: Double) -> Double { libraryCos(x) }
  public static func erf(_ x: Double) -> Double { libraryErf(x) }
  public static func pow(_ x: Double, _ y: Double) -> Double { libraryPow(x, y) }
  /// ln n!, n ≥ 0.
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
