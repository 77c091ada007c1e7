import Ch00Lanes

/// The bottom of every stack of derivatives: a number that carries none.
extension Double: DifferentiableScalar {
  @inlinable public var value: Double { self }
  @inlinable public var isIdenticallyZero: Bool { self == 0 }

  @inlinable public static func sqrt(_ x: Double) -> Double { x.squareRoot() }
  @inlinable public static func abs(_ x: Double) -> Double { x.magnitude }
  @inlinable public static func power(_ x: Double, _ exponent: Int) -> Double { pow(x, Double(exponent)) }
  @inlinable public static func power(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }
}
