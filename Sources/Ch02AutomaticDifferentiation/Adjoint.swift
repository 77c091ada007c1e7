/// Reverse mode: a number that remembers on a tape how it was computed.
///
/// One evaluation and one walk back over its tape give the derivatives of one output by all inputs, at a cost that does
/// not grow with their number. ``Dual`` gives the derivatives of all outputs along one direction, and needs no memory.
///
///     let tape = Tape<Double>()
///     let x = tape.variable(2), y = tape.variable(3)
///     tape.gradient(of: x * x * y, by: [x, y])      // [12, 4]
///
/// A constant has no tape, and an operation on constants records nothing.
public struct Adjoint<Base: DifferentiableScalar>: DerivativeCarrier {
  /// The value, in the base.
  public let primal: Base

  /// Where the number's history stands; `nil` for a constant.
  public let tape: Tape<Base>?

  /// The number's node on its tape.
  @usableFromInline let index: Int

  @inlinable
  init(_ primal: Base, tape: Tape<Base>?, index: Int) {
    self.primal = primal
    self.tape = tape
    self.index = index
  }

  /// A constant: it has no tape, and all its derivatives are 0.
  @inlinable
  public init(constant: Base) { self.init(constant, tape: nil, index: Tape<Base>.none) }

  /// True for the constant 0; a variable whose value is 0 is not identically zero.
  @inlinable public var isIdenticallyZero: Bool { tape == nil && primal.isIdenticallyZero }

  /// y = f(x), with ∂y/∂x written on the tape of x; a constant x records nothing.
  @inlinable
  public static func composed(_ x: Self, primal: Base, partial: Base) -> Self {
    guard let tape = x.tape else { return Self(constant: primal) }
    return Self(
      primal, tape: tape, index: tape.record(operands: (x.index, Tape<Base>.none), partials: (partial, 0)))
  }

  /// z = f(x, y), with ∂z/∂x and ∂z/∂y written on the operands' tape. Operands on two different tapes stop the program.
  @inlinable
  public static func composed(_ x: Self, _ y: Self, primal: Base, partials: (Base, Base)) -> Self {
    guard let tape = x.tape ?? y.tape else { return Self(constant: primal) }
    precondition(
      x.tape == nil || y.tape == nil || x.tape === y.tape,
      "operands on two different tapes: variables of an outer gradient enter an inner one as its constants")
    return Self(primal, tape: tape, index: tape.record(operands: (x.index, y.index), partials: partials))
  }
}

extension Adjoint: CustomStringConvertible {
  /// The value alone, without the tape.
  public var description: String { "Adjoint(\(primal))" }
}
