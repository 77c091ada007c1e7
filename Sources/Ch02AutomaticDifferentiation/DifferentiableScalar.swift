/// A number that ordinary formulas are written with, and that a derivative can be read from afterwards.
///
/// A function is written once, generically, as if for `Double`:
///
///     func rosenbrock<S: DifferentiableScalar>(_ x: [S]) -> S {
///       power(1 - x[0], 2) + 100 * power(x[1] - x[0] * x[0], 2)
///     }
///
/// and then means three things: at `S = Double` the value, at `Dual<Double>` the value with one directional derivative,
/// at `Adjoint<Double>` the value with a recording of how it came about, from which the whole gradient follows. ``Dual``
/// and ``Adjoint`` are numbers over any such number, so they stack: `Adjoint<Dual<Double>>` gives second derivatives.
///
/// A long formula of generic numbers and literals takes the compiler very long, or it gives up ("unable to type-check"): name
/// its parts, `let square: S = x[0] * x[0]`. A number of one's own is a constant by `S(a)`, as in `S(a) * x[0]`.
///
/// Conventions:
/// - `<` and `==` compare the plain `value`, so `if x < 0` takes the branch that it takes for `Double`. A branch is
///   differentiated as it was taken; the derivative knows nothing of a jump between branches.
/// - A literal, or `S(c)` of a `Double`, is a constant: its derivatives vanish and it costs nothing to record.
/// - Products of the chain rule in which one factor is exactly zero are zero, whatever the other one is
///   (see `chained`).
public protocol DifferentiableScalar: SignedNumeric, Comparable, ExpressibleByFloatLiteral where Magnitude == Self {
  /// A constant.
  init(_ constant: Double)

  /// The plain number, below all layers of derivatives.
  var value: Double { get }

  /// Whether the number and all the derivatives that it carries are zero: it is the constant 0, not a 0 that moves.
  var isIdenticallyZero: Bool { get }

  /// x/y; ±∞ or NaN where the denominator is 0.
  static func / (numerator: Self, denominator: Self) -> Self
  /// x ← x/y.
  static func /= (numerator: inout Self, denominator: Self)

  /// e^x.
  static func exp(_ x: Self) -> Self
  /// ln x; -∞ at 0, NaN below.
  static func log(_ x: Self) -> Self
  /// tanh x.
  static func tanh(_ x: Self) -> Self
  /// sin x, x in radians.
  static func sin(_ x: Self) -> Self
  /// cos x, x in radians.
  static func cos(_ x: Self) -> Self
  /// Square root; at 0 its derivative is +∞, the limit from the right.
  static func sqrt(_ x: Self) -> Self
  /// |x|; at 0 its derivative is 0, the middle of its one-sided derivatives -1 and 1.
  static func abs(_ x: Self) -> Self
  /// xⁿ; x⁰ is the constant 1 also at x = 0.
  static func power(_ x: Self, _ exponent: Int) -> Self
  /// x^y for x > 0, or for any x where y is a constant integer.
  static func power(_ x: Self, _ exponent: Self) -> Self
}

extension DifferentiableScalar {
  /// x ← x y.
  @inlinable public static func *= (x: inout Self, y: Self) { x = x * y }
  /// x ← x/y.
  @inlinable public static func /= (x: inout Self, y: Self) { x = x / y }

  /// |x|, for the standard library's generic algorithms.
  @inlinable public var magnitude: Self { Self.abs(self) }

  /// A term of the chain rule, (∂f/∂x) · dx, with 0 · ∞ = 0.
  ///
  /// So √x has a zero derivative where x is the constant 0, and √(x² + y²) has one at the origin, its subgradient of
  /// least length, where IEEE arithmetic alone would give NaN. Both modes use this product, so they agree there.
  @inlinable
  public static func chained(_ partial: Self, _ derivative: Self) -> Self {
    partial.isIdenticallyZero || derivative.isIdenticallyZero ? 0 : partial * derivative
  }
}
