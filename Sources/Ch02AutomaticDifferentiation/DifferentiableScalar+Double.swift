import Ch00Lanes

/// The bottom of every stack of derivatives: a number that carries none.
extension Double: DifferentiableScalar {
  /// The number itself.
  @inlinable public var value: Double { self }
  /// Whether it is 0 (or -0), since it carries no derivatives.
  @inlinable public var isIdenticallyZero: Bool { self == 0 }

  /// √x; NaN below 0.
  @inlinable public static func sqrt(_ x: Double) -> Double { x.squareRoot() }
  /// |x|; NaN stays NaN.
  @inlinable public static func abs(_ x: Double) -> Double { x.magnitude }
  /// xⁿ by the C library's `pow`; 1 for n = 0.
  @inlinable public static func power(_ x: Double, _ exponent: Int) -> Double { pow(x, Double(exponent)) }
  /// x^y by the C library's `pow`; NaN for x < 0 unless y is an integer.
  @inlinable public static func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }
}
