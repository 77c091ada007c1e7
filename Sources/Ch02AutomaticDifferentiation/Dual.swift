/// Forward mode: a number with its derivative along one direction.
///
///     x + ẋ ε,  ε² = 0:   f(x + ẋ ε) = f(x) + f′(x) ẋ ε
///
/// Seed ẋ = 1 in one variable and every number that is computed from it carries its own derivative. One pass gives the
/// derivative of all outputs along one direction; ``Adjoint`` gives that of one output along all directions.
///
///     let x = Dual(2.0, tangent: 1)
///     (x * x * x).tangent             // 12
///
/// Over another ``Dual`` it carries second derivatives: in `Dual<Dual<Double>>`, `tangent.tangent` is ∂²f.
public struct Dual<Base: DifferentiableScalar>: DerivativeCarrier {
  /// x, the value in the base.
  public var primal: Base
  /// ẋ, the derivative along the seeded direction.
  public var tangent: Base

  /// x + ẋ ε.
  @inlinable
  public init(_ primal: Base, tangent: Base) {
    self.primal = primal
    self.tangent = tangent
  }

  /// x + 0 ε.
  @inlinable public init(constant: Base) { self.init(constant, tangent: 0) }

  /// True where value and tangent are both identically zero.
  @inlinable public var isIdenticallyZero: Bool { primal.isIdenticallyZero && tangent.isIdenticallyZero }

  /// y = f(x), ẏ = f′(x) ẋ.
  @inlinable
  public static func composed(_ x: Self, primal: Base, partial: Base) -> Self {
    Self(primal, tangent: Base.chained(partial, x.tangent))
  }

  /// z = f(x, y), ż = ∂f/∂x ẋ + ∂f/∂y ẏ.
  @inlinable
  public static func composed(_ x: Self, _ y: Self, primal: Base, partials: (Base, Base)) -> Self {
    Self(primal, tangent: Base.chained(partials.0, x.tangent) + Base.chained(partials.1, y.tangent))
  }
}

extension Dual: Sendable where Base: Sendable {}

extension Dual: CustomStringConvertible {
  /// Value and tangent.
  public var description: String { "Dual(\(primal), tangent: \(tangent))" }
}
