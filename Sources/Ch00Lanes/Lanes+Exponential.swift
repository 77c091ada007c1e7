// exp in eight lanes.
//
//   x = n ln 2 + r,  |r| ≤ ½ ln 2,      e^x = 2ⁿ (1 + r + r² q(r)),      q a minimax polynomial of degree nine
//
// Adding 1.5·2⁵² to x / ln 2 rounds it to the integer n and leaves n in the low bits of the sum, ready to be shifted
// into an exponent: no conversion instruction, no branch. Estrin's scheme evaluates q in five dependent steps instead
// of nine.

/// 1.5·2⁵²: adding it to |x| < 2⁵¹ rounds x to an integer, which then stands in the low bits.
@usableFromInline let roundingShift = 0x1.8p52

/// x - n (high + low) for an integer |n| < 2²¹, with the digits of a constant twice as long as a double.
///
/// n · high must not be rounded. A fused multiply-add does not; without one the upper 32 bits of `high` go first, whose
/// product with n is a double.
@inlinable @inline(__always) func subtract(_ n: Lanes, times high: Double, _ low: Double, from x: Lanes) -> Lanes {
  #if arch(x86_64) && !NATIVE_SIMD
  let upper = Double(bitPattern: high.bitPattern & ~0x1f_ffff)
  return multiplyAdd(n, -low, multiplyAdd(n, upper - high, multiplyAdd(n, -upper, x)))
  #else
  return multiplyAdd(n, -low, multiplyAdd(n, -high, x))
  #endif
}

/// q(r) with e^r = 1 + r + r² q(r) for |r| ≤ ½ ln 2, to an absolute 1.3e-17.
@inlinable @inline(__always) func exponentialTail(_ r: Lanes, squared r2: Lanes) -> Lanes {
  let r4 = r2 * r2
  let a = multiplyAdd(r, 0x1.5555555555556p-3, 0.5)
  let b = multiplyAdd(r, 0x1.11111111109adp-7, 0x1.5555555553d4fp-5)
  let c = multiplyAdd(r, 0x1.a01a01a7c8d47p-13, 0x1.6c16c17893833p-10)
  let d = multiplyAdd(r, 0x1.71de0d9c145d0p-19, 0x1.a019b8ef67c6cp-16)
  let e = multiplyAdd(r, 0x1.af38d53857513p-26, 0x1.2891a8c1d838dp-22)
  return multiplyAdd(multiplyAdd(e, r4, multiplyAdd(d, r2, c)), r4, multiplyAdd(b, r2, a))
}

/// The power of two whose exponent stands in the low bits of `shifted`.
@inlinable @inline(__always) func powerOfTwo(_ shifted: Lanes) -> Lanes {
  Lanes(bitPatterns: (shifted.bitPatterns &<< LaneBits(repeating: 52)) &+ LaneBits(repeating: 0x3ff0_0000_0000_0000))
}

extension SIMD8<Double> {
  /// e^x in eight lanes, to 1.1 ulp; overflow, underflow, infinities and NaN as in the C library.
  @inlinable @inline(__always) public static func exp(_ x: Lanes) -> Lanes {
    let clamped = x.atLeast(-746).atMost(710)
    let shifted = multiplyAdd(clamped, 0x1.71547652b82fep+0, roundingShift)
    let n = shifted - roundingShift
    let r = subtract(n, times: 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56, from: clamped)
    let r2 = r * r
    let p = multiplyAdd(r2, exponentialTail(r, squared: r2), r)
    // 2ⁿ in two factors, so that results near the ends of the range are right.
    let half = multiplyAdd(n, 0.5, roundingShift)
    let rest = (n - (half - roundingShift)) + roundingShift
    let scale = powerOfTwo(half)
    return multiplyAdd(p, scale, scale) * powerOfTwo(rest)
  }

  /// e^x for x ≤ 709, to 1.1 ulp; everything below -708 gives e⁻⁷⁰⁸ ≈ 3e-308, everything else as `exp`.
  ///
  /// One scaling less than `exp`, and never a subnormal: what Gaussian envelopes want.
  @inlinable @inline(__always) public static func expOfNegative(_ x: Lanes) -> Lanes {
    let clamped = x.atLeast(-708)
    let shifted = multiplyAdd(clamped, 0x1.71547652b82fep+0, roundingShift)
    let n = shifted - roundingShift
    let r = subtract(n, times: 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56, from: clamped)
    let r2 = r * r
    let p = multiplyAdd(r2, exponentialTail(r, squared: r2), r)
    let scale = powerOfTwo(shifted)
    return multiplyAdd(p, scale, scale)
  }
}
