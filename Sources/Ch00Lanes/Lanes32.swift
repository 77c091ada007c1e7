/// One scalar for each of 32 walkers: the unit in which this package stores and computes.
///
/// Four registers of eight lanes are enough independent work to hide the latency of a fused multiply-add, and a panel of
/// 64 such rows (16 KiB) fits the first-level cache. Every loop over walkers in the book is a loop over these.
public struct Lanes32: BitwiseCopyable, Sendable, Equatable {
  public var a: Lanes
  public var b: Lanes
  public var c: Lanes
  public var d: Lanes

  /// Walkers in one value.
  public static let count = 32

  @inlinable @inline(__always) public init(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// The same number in all lanes.
  @inlinable @inline(__always) public init(repeating x: Double) {
    let lanes = Lanes(repeating: x)
    self.init(lanes, lanes, lanes, lanes)
  }

  @inlinable @inline(__always) public static var zero: Lanes32 { Lanes32(repeating: 0) }

  /// The scalar of one walker, 0 ≤ walker < 32. For tests and input: far slower than whole lanes.
  @inlinable public subscript(walker: Int) -> Double {
    get {
      switch walker / 8 {
      case 0: a[walker % 8]
      case 1: b[walker % 8]
      case 2: c[walker % 8]
      default: d[walker - 24]
      }
    }
    set {
      switch walker / 8 {
      case 0: a[walker % 8] = newValue
      case 1: b[walker % 8] = newValue
      case 2: c[walker % 8] = newValue
      default: d[walker - 24] = newValue
      }
    }
  }

  /// The 32 numbers as an array, walker by walker.
  @inlinable public var array: [Double] { a.array + b.array + c.array + d.array }

  /// f applied to each of the four groups of lanes.
  @inlinable @inline(__always) public func map(_ f: (Lanes) -> Lanes) -> Lanes32 { Lanes32(f(a), f(b), f(c), f(d)) }

  /// f applied to the groups of two values, side by side.
  @inlinable @inline(__always) public func zip(_ other: Lanes32, _ f: (Lanes, Lanes) -> Lanes) -> Lanes32 {
    Lanes32(f(a, other.a), f(b, other.b), f(c, other.c), f(d, other.d))
  }

  /// self += x·y.
  @inlinable @inline(__always) public mutating func addProduct(_ x: Double, _ y: Lanes32) {
    let s = Lanes(repeating: x)
    a = multiplyAdd(s, y.a, a)
    b = multiplyAdd(s, y.b, b)
    c = multiplyAdd(s, y.c, c)
    d = multiplyAdd(s, y.d, d)
  }

  /// self += x·y, lane by lane.
  @inlinable @inline(__always) public mutating func addProduct(_ x: Lanes32, _ y: Lanes32) {
    a = multiplyAdd(x.a, y.a, a)
    b = multiplyAdd(x.b, y.b, b)
    c = multiplyAdd(x.c, y.c, c)
    d = multiplyAdd(x.d, y.d, d)
  }

  @inlinable @inline(__always) public static func + (x: Lanes32, y: Lanes32) -> Lanes32 { x.zip(y) { $0 + $1 } }
  @inlinable @inline(__always) public static func - (x: Lanes32, y: Lanes32) -> Lanes32 { x.zip(y) { $0 - $1 } }
  @inlinable @inline(__always) public static func * (x: Lanes32, y: Lanes32) -> Lanes32 { x.zip(y) { $0 * $1 } }
  @inlinable @inline(__always) public static func / (x: Lanes32, y: Lanes32) -> Lanes32 { x.zip(y) { $0 / $1 } }
  @inlinable @inline(__always) public static func * (x: Double, y: Lanes32) -> Lanes32 { y.map { x * $0 } }
  @inlinable @inline(__always) public static func + (x: Double, y: Lanes32) -> Lanes32 { y.map { x + $0 } }
  @inlinable @inline(__always) public static func += (x: inout Lanes32, y: Lanes32) { x = x + y }
  @inlinable @inline(__always) public static func -= (x: inout Lanes32, y: Lanes32) { x = x - y }
  @inlinable @inline(__always) public prefix static func - (x: Lanes32) -> Lanes32 { x.map { 0 - $0 } }

  /// Sum over the 32 walkers, in an order that no machine changes.
  @inlinable @inline(__always) public var laneSum: Double { ((a + b) + (c + d)).laneSum }

  /// The value of walker w where w < count, 0 elsewhere: the mask that keeps padding out of averages.
  @inlinable public func keeping(first count: Int) -> Lanes32 {
    guard count < Lanes32.count else { return self }
    var kept = Lanes32.zero
    for walker in 0..<max(count, 0) { kept[walker] = self[walker] }
    return kept
  }
}
