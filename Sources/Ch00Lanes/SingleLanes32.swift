/// One scalar in single precision for each of 32 walkers: half the memory of `Lanes32`, and half the instructions.
///
/// Seven digits are too few for energies and gradients, which are small differences of large numbers. They are plenty where
/// an equation is solved to four digits by products alone, and the time goes into reading what is multiplied (chapter 12),
/// and where all that is asked is whether a number lies above another one, and it mostly does by far (chapter 5).
public struct SingleLanes32: BitwiseCopyable, Sendable, Equatable {
  public typealias Half = SIMD16<Float>

  public var low: Half
  public var high: Half

  @inlinable @inline(__always) public init(_ low: Half, _ high: Half) {
    self.low = low
    self.high = high
  }

  @inlinable @inline(__always) public static var zero: SingleLanes32 { SingleLanes32(Half(), Half()) }

  /// The nearest numbers in single precision.
  @inlinable @inline(__always) public init(rounding x: Lanes32) {
    low = Half(lowHalf: SIMD8<Float>(x.a), highHalf: SIMD8<Float>(x.b))
    high = Half(lowHalf: SIMD8<Float>(x.c), highHalf: SIMD8<Float>(x.d))
  }

  /// The same numbers in double precision.
  @inlinable @inline(__always) public var doubles: Lanes32 {
    Lanes32(Lanes(low.lowHalf), Lanes(low.highHalf), Lanes(high.lowHalf), Lanes(high.highHalf))
  }

  /// self += x·y.
  @inlinable @inline(__always) public mutating func addProduct(_ x: Float, _ y: SingleLanes32) {
    let s = Half(repeating: x)
    low = multiplyAdd(s, y.low, low)
    high = multiplyAdd(s, y.high, high)
  }

  /// self += x·y, lane by lane.
  @inlinable @inline(__always) public mutating func addProduct(_ x: SingleLanes32, _ y: SingleLanes32) {
    low = multiplyAdd(x.low, y.low, low)
    high = multiplyAdd(x.high, y.high, high)
  }

  @inlinable @inline(__always) public static func + (x: SingleLanes32, y: SingleLanes32) -> SingleLanes32 {
    SingleLanes32(x.low + y.low, x.high + y.high)
  }

  @inlinable @inline(__always) public static func - (x: SingleLanes32, y: SingleLanes32) -> SingleLanes32 {
    SingleLanes32(x.low - y.low, x.high - y.high)
  }

  @inlinable @inline(__always) public static func * (x: Float, y: SingleLanes32) -> SingleLanes32 {
    SingleLanes32(x * y.low, x * y.high)
  }

  @inlinable @inline(__always) public static func += (x: inout SingleLanes32, y: SingleLanes32) { x = x + y }
}
