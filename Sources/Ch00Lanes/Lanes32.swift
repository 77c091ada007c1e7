/// One scalar for each of 32 walkers: the unit in which this package stores and computes.
///
/// Four registers of eight lanes are enough independent work to hide the latency of a fused multiply-add, and a panel
/// of 64 such rows (16 KiB) fits the first-level cache. Every loop over walkers in the book is a loop over these.
public struct Lanes32: WalkerRow {
  /// Eight walkers.
  public typealias Vector = Lanes

  /// Walkers 0 … 7.
  public var a: Lanes
  /// Walkers 8 … 15.
  public var b: Lanes
  /// Walkers 16 … 23.
  public var c: Lanes
  /// Walkers 24 … 31.
  public var d: Lanes

  /// Walkers in one value.
  public static let count = 32

  /// 32 walkers from four groups of eight, in order.
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

  /// x itself: there is nothing to round.
  @inlinable @inline(__always) public init(rounding x: Lanes32) { self = x }

  /// The value itself.
  @inlinable @inline(__always) public var doubles: Lanes32 { self }

  /// The scalar of one walker, 0 ≤ walker < 32; another index stops the program. Far slower than whole lanes.
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

  /// The 32 numbers as an array, shape [32], walker by walker.
  @inlinable public var array: [Double] { a.array + b.array + c.array + d.array }

  /// f(x, y, z) on the four groups of eight walkers, one after the other.
  @inlinable @inline(__always)
  public func zip(_ y: Lanes32, _ z: Lanes32, _ f: (Lanes, Lanes, Lanes) -> Lanes) -> Lanes32 {
    Lanes32(f(a, y.a, z.a), f(b, y.b, z.b), f(c, y.c, z.c), f(d, y.d, z.d))
  }

  /// tanh x in eight lanes, to 3 ulp.
  @inlinable @inline(__always) public static func tanh(_ x: Lanes) -> Lanes { Lanes.tanh(x) }

  /// Sum over the 32 walkers, in an order that no machine changes.
  @inlinable @inline(__always) public var laneSum: Double { ((a + b) + (c + d)).laneSum }

  /// The value of walker w where w < count, 0 elsewhere: the mask that keeps padding out of averages. All 32 stay for
  /// count ≥ 32, none for count ≤ 0.
  @inlinable public func keeping(first count: Int) -> Lanes32 {
    guard count < Lanes32.count else { return self }
    var kept = Lanes32.zero
    for walker in 0..<max(count, 0) { kept[walker] = self[walker] }
    return kept
  }
}
