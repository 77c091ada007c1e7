import Ch00Lanes

/// Random numbers as a function: Philox4x32-10 turns a key and a counter into 128 random bits, and keeps no state.
///
/// The counter names the walker, the sweep and the draw, so any thread can make any number at any time, in any order,
/// and a run that is stopped and resumed continues with the very numbers that it would have used. Eight counters go at
/// once.
///
/// - Complexity: ten rounds of two 32 × 32-bit products for four words.
/// - Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
public struct Philox: Sendable, Equatable {
  /// The seed of the run: other keys give independent numbers.
  public let key: UInt64

  /// The generator of this key.
  public init(key: UInt64) { self.key = key }

  /// What numbers are for: streams of different purposes never meet.
  public enum Purpose: UInt64, Sendable {
    /// Proposals of a walk, and the thresholds of their acceptance.
    case sweep = 0
    /// Positions that a walk begins with.
    case start = 1
    /// Anything that a program of your own draws.
    case user = 2
  }

  /// The upper half of the counter: purpose, sweep and draw. Sweeps below 2⁵², draws up to 255; neither is checked.
  @inlinable @inline(__always)
  public static func stream(_ purpose: Purpose, sweep: UInt64, draw: UInt64) -> UInt64 {
    purpose.rawValue << 60 | sweep << 8 | draw
  }

  /// 128 random bits for each of eight counters, as two words of 64; the same arguments give the same bits.
  ///
  /// - Parameters:
  ///   - walkers: the lower half of the counter, one a lane.
  ///   - stream: the upper half, the same for all.
  @inlinable @inline(__always)
  public func words(_ walkers: LaneBits, stream: UInt64) -> (LaneBits, LaneBits) {
    // 32-bit words live in 64-bit lanes, where one instruction multiplies two of them in full.
    let low = LaneBits(repeating: 0xffff_ffff)
    let shift = LaneBits(repeating: 32)
    let m0 = LaneBits(repeating: 0xD251_1F53)
    let m1 = LaneBits(repeating: 0xCD9E_8D57)
    var c0 = walkers
    var c1 = walkers &>> shift
    var c2 = LaneBits(repeating: stream & 0xffff_ffff)
    var c3 = LaneBits(repeating: stream >> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      // Upper halves hold remains. Masked here and nowhere else, so that the compiler sees why it may take the 32-bit
      // multiplication; where it knows the upper halves to be zero, it drops the mask and takes the slow 64-bit one.
      let p0 = (c0 & low) &* m0
      let p1 = (c2 & low) &* m1
      c0 = (p1 &>> shift) ^ c1 ^ LaneBits(repeating: UInt64(k0))
      c1 = p1
      c2 = (p0 &>> shift) ^ c3 ^ LaneBits(repeating: UInt64(k1))
      c3 = p0
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return ((c0 & low) | (c1 &<< shift), (c2 & low) | (c3 &<< shift))
  }

  /// A number uniform in (0, 1), never 0 and never 1, from the upper 52 of 64 random bits.
  @inlinable @inline(__always)
  public static func uniform(_ bits: LaneBits) -> Lanes {
    Lanes(bitPatterns: (bits &>> LaneBits(repeating: 12)) | LaneBits(repeating: 0x3ff0_0000_0000_0000))
      - (1 - 0x1p-53)
  }

  /// Two independent standard normal numbers from 128 random bits, by the Box–Muller transformation. None is beyond 8.6
  /// in magnitude.
  @inlinable @inline(__always)
  public static func normals(_ bits: (LaneBits, LaneBits)) -> (Lanes, Lanes) {
    let radius = (-2 * Lanes.log(uniform(bits.0))).squareRoot()
    let (s, c) = Lanes.sincosOfTurns(uniform(bits.1))
    return (radius * c, radius * s)
  }

  /// 32 numbers uniform in (0, 1), one for each of the walkers from `first` on, a multiple of 32 (checked in debug
  /// builds).
  @inlinable @inline(__always)
  public func uniforms(first: UInt64, stream: UInt64) -> Lanes32 {
    let ids = LaneBits(repeating: first) &+ LaneBits(0, 1, 2, 3, 4, 5, 6, 7)
    // Both words of 16 counters make 32 numbers, so the walkers' counters must not overlap.
    assert(first % 32 == 0, "the first walker's index must be a multiple of 32, got \(first)")
    let (a, b) = words(ids, stream: stream)
    let (c, d) = words(ids &+ LaneBits(repeating: 8), stream: stream)
    return Lanes32(Philox.uniform(a), Philox.uniform(b), Philox.uniform(c), Philox.uniform(d))
  }

  /// Two standard normal numbers for each of the 32 walkers from `first` on; 128 bits a walker.
  @inlinable @inline(__always)
  public func normalPairs(first: UInt64, stream: UInt64) -> (Lanes32, Lanes32) {
    let ids = LaneBits(repeating: first) &+ LaneBits(0, 1, 2, 3, 4, 5, 6, 7)
    let a = Philox.normals(words(ids, stream: stream))
    let b = Philox.normals(words(ids &+ LaneBits(repeating: 8), stream: stream))
    let c = Philox.normals(words(ids &+ LaneBits(repeating: 16), stream: stream))
    let d = Philox.normals(words(ids &+ LaneBits(repeating: 24), stream: stream))
    return (Lanes32(a.0, b.0, c.0, d.0), Lanes32(a.1, b.1, c.1, d.1))
  }
}
