// sin and cos in eight lanes: x = n π/2 + r, |r| ≤ π/4, two short polynomials in r², and a quadrant that swaps and
// signs them.

/// sin r and cos r for |r| ≤ π/4.
@inlinable @inline(__always) func sincosReduced(_ r: Lanes) -> (sin: Lanes, cos: Lanes) {
  let z = r * r
  var s = multiplyAdd(z, 0x1.5e0a4fb47ace3p-33, -0x1.ae6008d0f0520p-26)
  s = multiplyAdd(s, z, 0x1.71de37946eb45p-19)
  s = multiplyAdd(s, z, -0x1.a01a019e820acp-13)
  s = multiplyAdd(s, z, 0x1.1111111110babp-7)
  s = multiplyAdd(s, z, -0x1.5555555555555p-3)
  var c = multiplyAdd(z, -0x1.907cd8f26aa3fp-37, 0x1.1eeb67d014ecep-29)
  c = multiplyAdd(c, z, -0x1.27e4fa16cc1bcp-22)
  c = multiplyAdd(c, z, 0x1.a01a019f4ddfdp-16)
  c = multiplyAdd(c, z, -0x1.6c16c16c16963p-10)
  c = multiplyAdd(c, z, 0x1.5555555555555p-5)
  // 1 - z/2 in two parts, so that the sum is rounded once.
  let half = 0.5 * z
  let main = 1 - half
  return (multiplyAdd(s * z, r, r), main + multiplyAdd(z * z, c, (1 - main) - half))
}

/// Puts the reduced sine and cosine into the quadrant whose number stands in the low bits of `shifted`.
@inlinable @inline(__always) func placeQuadrant(
  _ reduced: (sin: Lanes, cos: Lanes), shifted: Lanes
) -> (sin: Lanes, cos: Lanes) {
  let quadrant = shifted.bitPatterns
  let odd = (quadrant & LaneBits(repeating: 1)) .!= LaneBits()
  let s = reduced.sin.replacing(with: reduced.cos, where: odd)
  let c = reduced.cos.replacing(with: reduced.sin, where: odd)
  let signS = (quadrant & LaneBits(repeating: 2)) &<< LaneBits(repeating: 62)
  let signC = ((quadrant &+ LaneBits(repeating: 1)) & LaneBits(repeating: 2)) &<< LaneBits(repeating: 62)
  return (Lanes(bitPatterns: s.bitPatterns ^ signS), Lanes(bitPatterns: c.bitPatterns ^ signC))
}

extension SIMD8<Double> {
  /// sin x and cos x in eight lanes, to 1.4 ulp for |x| ≤ 2²⁰; beyond, the reduction of the argument loses digits, and
  /// from 2⁵¹ on the result means nothing. Radians.
  @inlinable @inline(__always) public static func sincos(_ x: Lanes) -> (sin: Lanes, cos: Lanes) {
    let shifted = multiplyAdd(x, 0x1.45f306dc9c883p-1, roundingShift)
    let n = shifted - roundingShift
    let r = subtract(n, times: 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, from: x)
    return placeQuadrant(sincosReduced(r), shifted: shifted)
  }

  /// sin 2πu and cos 2πu for 0 ≤ u ≤ 1, without a reduction error: what the Box–Muller transformation wants.
  @inlinable @inline(__always) public static func sincosOfTurns(_ u: Lanes) -> (sin: Lanes, cos: Lanes) {
    let shifted = multiplyAdd(u, 4, roundingShift)
    let n = shifted - roundingShift
    let r = multiplyAdd(n, -0.25, u) * 6.283185307179586
    return placeQuadrant(sincosReduced(r), shifted: shifted)
  }

  /// sin x, x in radians, to the accuracy of `sincos`; where the cosine is wanted too, `sincos` gives it for nothing.
  @inlinable @inline(__always) public static func sin(_ x: Lanes) -> Lanes { sincos(x).sin }

  /// cos x, x in radians, to the accuracy of `sincos`; where the sine is wanted too, `sincos` gives it for nothing.
  @inlinable @inline(__always) public static func cos(_ x: Lanes) -> Lanes { sincos(x).cos }
}
