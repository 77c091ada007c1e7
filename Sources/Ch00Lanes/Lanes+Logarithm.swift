// ln in eight lanes.
//
//   x = 2ᵏ m,  √½ ≤ m < √2,  f = m - 1,  s = f / (2 + f):      ln m = 2 artanh s = f - (½f² - s (½f² + R(s²)))
//
// the arrangement of the fdlibm C library, whose polynomial R has seven terms.

/// ln of positive normal numbers, to 0.8 ulp; `bias` is added to the binary exponent.
@inlinable @inline(__always) func logOfNormal(_ x: Lanes, exponentBias bias: Double) -> Lanes {
  // Unsafe: two casts between register types of 64 bytes each, of which any bits are a value; `SIMD8<Int64>(x)` is
  // slow.
  let rootHalf: UInt64 = 0x3fe6_a09e_667f_3bcd
  let offset = x.bitPatterns &- LaneBits(repeating: rootHalf)
  let exponent = unsafeBitCast(offset, to: SIMD8<Int64>.self) &>> SIMD8<Int64>(repeating: 52)
  let m = Lanes(
    bitPatterns: (offset & LaneBits(repeating: 0x000f_ffff_ffff_ffff)) &+ LaneBits(repeating: rootHalf))
  // An integer below 2⁵¹ added to the bits of 1.5·2⁵² is that number added to its value.
  let shifted = unsafeBitCast(exponent &+ SIMD8<Int64>(repeating: 0x4338_0000_0000_0000), to: Lanes.self)
  let k = shifted - (roundingShift - bias)
  let f = m - 1
  let s = f / (f + 2)
  let z = s * s
  let z2 = z * z
  let a = multiplyAdd(z, 0x1.9999999995273p-2, 0x1.5555555555558p-1)
  let c = multiplyAdd(z, 0x1.c71c62d5e5055p-3, 0x1.2492492dfd86fp-2)
  let d = multiplyAdd(z, 0x1.39fdcce934260p-3, 0x1.7462b91b9e171p-3)
  let high = multiplyAdd(multiplyAdd(z2, 0x1.2b5f68bee2a95p-3, d), z2, c)
  let remainder = multiplyAdd(high, z2, a) * z
  let halfSquare = 0.5 * f * f
  let low = multiplyAdd(k, 0x1.ef35793c76730p-45, s * (halfSquare + remainder))
  return multiplyAdd(k, 0x1.62e42fefa3800p-1, f - (halfSquare - low))
}

extension SIMD8<Double> {
  /// ln x in eight lanes, to 0.8 ulp; -∞ at 0, NaN below, ∞ and NaN stay, subnormal numbers are right.
  @inlinable @inline(__always) public static func log(_ x: Lanes) -> Lanes {
    var y = logOfNormal(x, exponentBias: 0)
    // One unsigned comparison finds zero, subnormal, negative, infinite and NaN.
    let odd =
      (x.bitPatterns &- LaneBits(repeating: 0x0010_0000_0000_0000)) .>= LaneBits(repeating: 0x7fe0_0000_0000_0000)
    if any(odd) {
      let subnormal = (x .> 0) .& (x .< 0x1p-1022)
      y.replace(with: logOfNormal(x * 0x1p54, exponentBias: -54), where: subnormal)
      y.replace(with: -.infinity, where: x .== 0)
      y.replace(with: .nan, where: x .< 0)
      y.replace(with: .infinity, where: x .== .infinity)
      y.replace(with: .nan, where: x .!= x)
    }
    return y
  }
}
