/// One number for each of 32 walkers, in double or in single precision.
///
/// What both precisions share is written with this protocol, once. Its members become part of every loop that uses
/// them, where the loop is compiled for one precision; a loop that is not pays a call and more for each of them, a
/// hundred times the arithmetic. So loops over rows are the kernels of `PanelRow` (chapter 1), compiled for both.
public protocol WalkerRow: BitwiseCopyable, Sendable, Equatable {
  /// `Double` or `Float`.
  associatedtype Scalar: SIMDScalar & BinaryFloatingPoint & Sendable where Scalar.SIMD4Storage: Sendable
  /// The walkers that one register holds, or two: 8 doubles or 16 floats.
  associatedtype Vector: SIMD where Vector.Scalar == Scalar

  /// The same number for all walkers.
  init(repeating x: Scalar)

  /// The nearest numbers of this precision.
  init(rounding x: Lanes32)

  /// The same numbers in double precision.
  var doubles: Lanes32 { get }

  /// f(x, y, z), eight or sixteen walkers a call.
  func zip(_ y: Self, _ z: Self, _ f: (Vector, Vector, Vector) -> Vector) -> Self

  /// tanh x, lane by lane; NaN stays NaN. The accuracy is that of the precision: see the conforming types.
  static func tanh(_ x: Vector) -> Vector
}

extension WalkerRow {
  /// 0 for all 32 walkers.
  @inlinable @inline(__always) public static var zero: Self { Self(repeating: 0) }

  /// f(x), eight or sixteen walkers a call.
  @inlinable @inline(__always) public func map(_ f: (Vector) -> Vector) -> Self { zip(self, self) { x, _, _ in f(x) } }

  /// f(x, y), eight or sixteen walkers a call.
  @inlinable @inline(__always) public func zip(_ other: Self, _ f: (Vector, Vector) -> Vector) -> Self {
    zip(other, other) { x, y, _ in f(x, y) }
  }

  /// self += x·y with one x for all walkers, rounded once where the processor can.
  @inlinable @inline(__always) public mutating func addProduct(_ x: Scalar, _ y: Self) {
    let s = Vector(repeating: x)
    self = zip(y) { multiplyAdd(s, $1, $0) }
  }

  /// self += x·y, walker by walker, rounded once where the processor can.
  @inlinable @inline(__always) public mutating func addProduct(_ x: Self, _ y: Self) {
    self = zip(x, y) { multiplyAdd($1, $2, $0) }
  }

  /// x + y, walker by walker.
  @inlinable @inline(__always) public static func + (x: Self, y: Self) -> Self { x.zip(y) { $0 + $1 } }
  /// x - y, walker by walker.
  @inlinable @inline(__always) public static func - (x: Self, y: Self) -> Self { x.zip(y) { $0 - $1 } }
  /// x·y, walker by walker.
  @inlinable @inline(__always) public static func * (x: Self, y: Self) -> Self { x.zip(y) { $0 * $1 } }
  /// x/y, walker by walker; ±∞ or NaN where y = 0.
  @inlinable @inline(__always) public static func / (x: Self, y: Self) -> Self { x.zip(y) { $0 / $1 } }
  /// x·y with one x for all walkers.
  @inlinable @inline(__always) public static func * (x: Scalar, y: Self) -> Self { y.map { x * $0 } }
  /// x + y with one x for all walkers.
  @inlinable @inline(__always) public static func + (x: Scalar, y: Self) -> Self { y.map { x + $0 } }
  /// x ← x + y, walker by walker.
  @inlinable @inline(__always) public static func += (x: inout Self, y: Self) { x = x + y }
  /// x ← x - y, walker by walker.
  @inlinable @inline(__always) public static func -= (x: inout Self, y: Self) { x = x - y }
  /// -x, walker by walker, as 0 - x: the result for 0 is +0.
  @inlinable @inline(__always) public prefix static func - (x: Self) -> Self { x.map { 0 - $0 } }
}
