// Derivatives of the elementary functions, each a line of a table of derivatives. What needs a second thought are the
// places where the line in the table is right and its floating-point value is not.

extension DerivativeCarrier {
  /// e^x, with (e^x)′ = e^x.
  @inlinable
  public static func exp(_ x: Self) -> Self {
    let exponential = Base.exp(x.primal)
    return composed(x, primal: exponential, partial: exponential)
  }

  /// ln x, with (ln x)′ = 1/x; -∞ at x = 0, NaN below.
  @inlinable
  public static func log(_ x: Self) -> Self {
    composed(x, primal: Base.log(x.primal), partial: 1 / x.primal)
  }

  /// tanh′ = 4 e^(-2|x|) / (1 + e^(-2|x|))², to full relative precision for every x.
  ///
  /// 1 - tanh² would be 0, or rounding noise, from |x| ≈ 18 on. The derivative is even, so either sign of the exponent
  /// gives the same function; taking the one that cannot overflow is no kink, and higher derivatives at 0 are right as
  /// well.
  @inlinable
  public static func tanh(_ x: Self) -> Self {
    let decay = Base.exp(x.value < 0 ? 2 * x.primal : -2 * x.primal)
    return composed(x, primal: Base.tanh(x.primal), partial: 4 * decay / ((1 + decay) * (1 + decay)))
  }

  /// sin x, x in radians, with sin′ = cos.
  @inlinable
  public static func sin(_ x: Self) -> Self {
    composed(x, primal: Base.sin(x.primal), partial: Base.cos(x.primal))
  }

  /// cos x, x in radians, with cos′ = -sin.
  @inlinable
  public static func cos(_ x: Self) -> Self {
    composed(x, primal: Base.cos(x.primal), partial: -Base.sin(x.primal))
  }

  /// √x, with (√x)′ = 1/(2√x): +∞ at a variable x = 0; NaN below.
  @inlinable
  public static func sqrt(_ x: Self) -> Self {
    let root = Base.sqrt(x.primal)
    return composed(x, primal: root, partial: 1 / (2 * root))
  }

  /// |x|, with the derivative 0 at x = 0; NaN stays NaN.
  @inlinable
  public static func abs(_ x: Self) -> Self {
    x.value > 0 ? x : x.value < 0 ? -x : x.value == 0 ? 0 : x
  }

  /// xⁿ with n xⁿ⁻¹; the recursion through the bases ends in x⁰, a constant, before x could be divided by.
  @inlinable
  public static func power(_ x: Self, _ exponent: Int) -> Self {
    switch exponent {
    case 0: 1
    case 1: x
    default:
      composed(
        x, primal: Base.power(x.primal, exponent),
        partial: Base(Double(exponent)) * Base.power(x.primal, exponent - 1))
    }
  }

  /// x^y with y x^(y-1) and x^y ln x.
  ///
  /// At x = 0 < y the second one is taken as the constant 0, its limit. For 0 < y ≤ 1 the mixed derivative ∂²/∂x∂y
  /// diverges there and is not represented.
  @inlinable
  public static func power(_ x: Self, _ exponent: Self) -> Self {
    if exponent.isIdenticallyZero { return 1 }
    let power = Base.power(x.primal, exponent.primal)
    let isOrigin = x.value == 0 && exponent.value > 0
    return composed(
      x, exponent, primal: power,
      partials: (
        exponent.primal * Base.power(x.primal, exponent.primal - 1),
        isOrigin ? 0 : power * Base.log(x.primal)
      ))
  }
}
