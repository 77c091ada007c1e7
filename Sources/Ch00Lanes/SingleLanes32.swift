/// One scalar in single precision for each of 32 walkers: half the memory of ``Lanes32``, and half the instructions.
///
/// Seven digits are too few for energies and gradients, which are small differences of large numbers. They are plenty
/// where an equation is solved to four digits by products alone, and the time goes into reading what is multiplied
/// (chapter 12), and where all that is asked is whether a number lies above another one, and it mostly does by far
/// (chapter 5).
///
/// Two halves, because `SIMD32<Float>` is no vector that the compiler knows: it comes out number by number.
public struct SingleLanes32: WalkerRow {
  /// Sixteen walkers.
  public typealias Vector = SIMD16<Float>

  /// Walkers 0 … 15.
  public var low: Vector
  /// Walkers 16 … 31.
  public var high: Vector

  /// 32 walkers from two groups of sixteen, in order.
  @inlinable @inline(__always) public init(_ low: Vector, _ high: Vector) {
    self.low = low
    self.high = high
  }

  /// The same number in all 32 lanes.
  @inlinable @inline(__always) public init(repeating x: Float) { self.init(Vector(repeating: x), Vector(repeating: x)) }

  /// The nearest single-precision numbers: a relative error of at most 2⁻²⁴; ±∞ beyond 3.4e38.
  @inlinable @inline(__always) public init(rounding x: Lanes32) {
    low = Vector(lowHalf: SIMD8<Float>(x.a), highHalf: SIMD8<Float>(x.b))
    high = Vector(lowHalf: SIMD8<Float>(x.c), highHalf: SIMD8<Float>(x.d))
  }

  /// The same numbers in double precision, without error.
  @inlinable @inline(__always) public var doubles: Lanes32 {
    Lanes32(Lanes(low.lowHalf), Lanes(low.highHalf), Lanes(high.lowHalf), Lanes(high.highHalf))
  }

  /// f(x, y, z) on the two groups of sixteen walkers, one after the other.
  @inlinable @inline(__always)
  public func zip(
    _ y: SingleLanes32, _ z: SingleLanes32, _ f: (Vector, Vector, Vector) -> Vector
  ) -> SingleLanes32 {
    SingleLanes32(f(low, y.low, z.low), f(high, y.high, z.high))
  }

  /// tanh x in sixteen lanes, to 4e-7 relative.
  @inlinable @inline(__always) public static func tanh(_ x: Vector) -> Vector { Vector.tanh(x) }
}
