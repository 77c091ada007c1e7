/// Eight doubles that one instruction works on: one AVX-512 register, two AVX2 registers or four NEON registers.
public typealias Lanes = SIMD8<Double>

/// The bits of eight doubles, or eight 64-bit words.
public typealias LaneBits = SIMD8<UInt64>

/// One truth value a lane: the result of a comparison, the argument of `replacing(with:where:)`.
public typealias LaneMask = SIMDMask<SIMD8<Int64>>

/// a·b + c, rounded once where the processor has a fused multiply-add.
///
/// Without one (SSE2, the portable build on x86-64) the standard library's `addingProduct` is a library call, twenty
/// times slower than a product and a sum; there this function rounds twice.
@inlinable @inline(__always) public func multiplyAdd(_ a: Double, _ b: Double, _ c: Double) -> Double {
  #if arch(x86_64) && !NATIVE_SIMD
  return a * b + c
  #else
  return c.addingProduct(a, b)
  #endif
}

/// a·b + c in eight lanes, rounded once where the processor can.
@inlinable @inline(__always) public func multiplyAdd(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes {
  #if arch(x86_64) && !NATIVE_SIMD
  return a * b + c
  #else
  return c.addingProduct(a, b)
  #endif
}

/// a·b + c in as many lanes as there are, rounded once where the processor can.
@inlinable @inline(__always) public func multiplyAdd<Vector: SIMD>(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector
where Vector.Scalar: FloatingPoint {
  #if arch(x86_64) && !NATIVE_SIMD
  return a * b + c
  #else
  return c.addingProduct(a, b)
  #endif
}

/// a·b + c in eight lanes with one `b` for all, rounded once where the processor can.
@inlinable @inline(__always) public func multiplyAdd(_ a: Lanes, _ b: Double, _ c: Lanes) -> Lanes {
  multiplyAdd(a, Lanes(repeating: b), c)
}

/// a·b + c in eight lanes with one `b` and one `c` for all, rounded once where the processor can.
@inlinable @inline(__always) public func multiplyAdd(_ a: Lanes, _ b: Double, _ c: Double) -> Lanes {
  multiplyAdd(a, Lanes(repeating: b), Lanes(repeating: c))
}

/// a·b + c in eight lanes with one `c` for all, rounded once where the processor can.
@inlinable @inline(__always) public func multiplyAdd(_ a: Lanes, _ b: Lanes, _ c: Double) -> Lanes {
  multiplyAdd(a, b, Lanes(repeating: c))
}

// Unsafe: one load of a register from a row of doubles, which indices would read one by one. Nothing is checked here:
// every caller keeps p ... p + 7 inside by a count of its own.
/// Eight neighbouring doubles, wherever they lie: no alignment is needed. The pointer is not checked.
@inlinable @inline(__always) public func loadLanes(_ p: UnsafePointer<Double>) -> Lanes {
  UnsafeRawPointer(p).loadUnaligned(as: Lanes.self)
}

/// Writes eight neighbouring doubles, wherever they lie: no alignment is needed. The pointer is not checked.
@inlinable @inline(__always) public func storeLanes(_ x: Lanes, _ p: UnsafeMutablePointer<Double>) {
  // Unsafe: the same for a store; the caller's count keeps p ... p + 7 inside.
  UnsafeMutableRawPointer(p).storeBytes(of: x, as: Lanes.self)
}

extension SIMD8<Double> {
  // Unsafe: bits of one register type as another, without an instruction. Both have 64 bytes, and any bits are a value.
  /// The same 512 bits, read as words.
  @inlinable @inline(__always) public var bitPatterns: LaneBits { unsafeBitCast(self, to: LaneBits.self) }

  /// Eight doubles from their 512 bits.
  @inlinable @inline(__always) public init(bitPatterns: LaneBits) { self = unsafeBitCast(bitPatterns, to: Lanes.self) }

  /// |x|, lane by lane; NaN stays NaN.
  @inlinable @inline(__always) public var magnitude: Lanes {
    Lanes(bitPatterns: bitPatterns & LaneBits(repeating: 0x7fff_ffff_ffff_ffff))
  }

  /// |x| with the sign of `other`, lane by lane; the sign of -0 counts.
  @inlinable @inline(__always) public func withSign(of other: Lanes) -> Lanes {
    let sign = LaneBits(repeating: 1 << 63)
    return Lanes(bitPatterns: (bitPatterns & ~sign) | (other.bitPatterns & sign))
  }

  /// max(x, bound); NaN stays NaN. One instruction, where `pointwiseMax` is a call.
  @inlinable @inline(__always) public func atLeast(_ bound: Double) -> Lanes {
    replacing(with: bound, where: self .< bound)
  }

  /// min(x, bound); NaN stays NaN.
  @inlinable @inline(__always) public func atMost(_ bound: Double) -> Lanes {
    replacing(with: bound, where: self .> bound)
  }

  /// The eight numbers as an array, for printing and for tests.
  @inlinable public var array: [Double] { indices.map { self[$0] } }
}

extension SIMD4 where Scalar: FloatingPoint {
  /// Sum of the lanes, by halves: the same order on every machine, which `sum()` does not promise.
  @inlinable @inline(__always) public var laneSum: Scalar {
    let two = lowHalf + highHalf
    return two.x + two.y
  }
}

extension SIMD8 where Scalar: FloatingPoint {
  /// Sum of the lanes, by halves: the same order on every machine.
  @inlinable @inline(__always) public var laneSum: Scalar { (lowHalf + highHalf).laneSum }
}

extension SIMD16 where Scalar: FloatingPoint {
  /// Sum of the lanes, by halves: the same order on every machine.
  @inlinable @inline(__always) public var laneSum: Scalar { (lowHalf + highHalf).laneSum }
}

/// Exchanges x and y in the lanes where `mask` is true.
@inlinable @inline(__always) public func swapLanes(_ x: inout Lanes, _ y: inout Lanes, where mask: LaneMask) {
  let old = x
  x.replace(with: y, where: mask)
  y.replace(with: old, where: mask)
}
