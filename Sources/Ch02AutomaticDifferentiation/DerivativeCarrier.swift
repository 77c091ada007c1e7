/// A number over a base that carries derivatives along: all that ``Dual`` and ``Adjoint`` have in common.
///
/// The two modes differ in one thing only, what they do with a partial derivative: forward mode multiplies it onto the
/// tangent at once, reverse mode writes it down for later. That is `composed`. Every rule of differentiation is written
/// in terms of it, once for both modes: arithmetic in this file, the elementary functions in
/// `DerivativeCarrier+Rules.swift`.
///
/// A partial derivative is a number of the base, computed in the base's own arithmetic. Where the base carries
/// derivatives itself, the partial is differentiated in turn: that is all there is to second derivatives.
public protocol DerivativeCarrier: DifferentiableScalar {
  /// The scalar without this layer's derivative: `Double`, or another carrier.
  associatedtype Base: DifferentiableScalar

  /// The number without this layer's derivative.
  var primal: Base { get }

  /// A number of the base, held constant at this layer; it keeps the base's own derivatives.
  init(constant: Base)

  /// y = f(x), dy = f′(x) dx.
  ///
  /// - Parameters:
  ///   - x: the argument, which knows dx.
  ///   - primal: f(x), in the base.
  ///   - partial: f′(x), in the base.
  static func composed(_ x: Self, primal: Base, partial: Base) -> Self

  /// z = f(x, y), dz = ∂f/∂x dx + ∂f/∂y dy.
  static func composed(_ x: Self, _ y: Self, primal: Base, partials: (Base, Base)) -> Self
}

extension DerivativeCarrier {
  /// A constant: its derivatives vanish at every layer.
  @inlinable public init(_ constant: Double) { self.init(constant: Base(constant)) }
  /// A constant.
  @inlinable public init(integerLiteral literal: Int) { self.init(constant: Base(Double(literal))) }
  /// A constant.
  @inlinable public init(floatLiteral literal: Double) { self.init(constant: Base(literal)) }

  /// A constant, if the integer is a `Double` without rounding.
  @inlinable
  public init?<Source: BinaryInteger>(exactly source: Source) {
    guard let constant = Double(exactly: source) else { return nil }
    self.init(constant)
  }

  /// The plain number, below all layers of derivatives.
  @inlinable public var value: Double { primal.value }

  /// Whether the plain values are equal; derivatives are not compared.
  @inlinable public static func == (x: Self, y: Self) -> Bool { x.value == y.value }
  /// Whether the plain value of x is below that of y; derivatives are not compared.
  @inlinable public static func < (x: Self, y: Self) -> Bool { x.value < y.value }

  /// z = x + y, dz = dx + dy.
  @inlinable
  public static func + (x: Self, y: Self) -> Self {
    composed(x, y, primal: x.primal + y.primal, partials: (1, 1))
  }

  /// z = x - y, dz = dx - dy.
  @inlinable
  public static func - (x: Self, y: Self) -> Self {
    composed(x, y, primal: x.primal - y.primal, partials: (1, -1))
  }

  /// y = -x, dy = -dx.
  @inlinable
  public static prefix func - (x: Self) -> Self {
    composed(x, primal: -x.primal, partial: -1)
  }

  /// z = x y, dz = y dx + x dy.
  @inlinable
  public static func * (x: Self, y: Self) -> Self {
    composed(x, y, primal: x.primal * y.primal, partials: (y.primal, x.primal))
  }

  /// q = x/y, dq = (dx - q dy)/y: the textbook's y² would underflow long before q does.
  @inlinable
  public static func / (x: Self, y: Self) -> Self {
    let quotient = x.primal / y.primal
    return composed(x, y, primal: quotient, partials: (1 / y.primal, -quotient / y.primal))
  }
}
