extension SIMD8<Double> {
  /// tanh x in eight lanes, to 3 ulp; ±1 beyond |x| = 22, NaN stays NaN, -0 stays -0.
  ///
  ///     e = e^{2|x|} - 1,      tanh |x| = e / (e + 2)
  ///
  /// With 2|x| = n ln 2 + r and p = e^r - 1 from a polynomial, e = 2ⁿ p + (2ⁿ - 1): both terms are ≥ 0 or nearly so,
  /// nothing cancels, and for small x, where n = 0, e = p keeps its relative accuracy. One division. The rest of ln 2
  /// beyond double precision is left out: it changes e by n·2e-17 relative, which the factor 2/(e + 2) of the
  /// derivative makes harmless.
  @inlinable @inline(__always) public static func tanh(_ x: Lanes) -> Lanes {
    let magnitude = x.magnitude
    let y = (magnitude + magnitude).atMost(44)
    let shifted = multiplyAdd(y, 0x1.71547652b82fep+0, roundingShift)
    let n = shifted - roundingShift
    let r = multiplyAdd(n, -0x1.62e42fefa39efp-1, y)
    let r2 = r * r
    let r4 = r2 * r2
    // One degree more than exp needs: here the last bits of p are seen.
    let a = multiplyAdd(r, 0x1.5555555555557p-3, 0.5)
    let b = multiplyAdd(r, 0x1.11111111100cep-7, 0x1.5555555555556p-5)
    let c = multiplyAdd(r, 0x1.a01a01abef415p-13, 0x1.6c16c16c162ccp-10)
    let d = multiplyAdd(r, 0x1.71de021a90822p-19, 0x1.a01a01a6dcaffp-16)
    let e = multiplyAdd(r, 0x1.af4e196027428p-26, 0x1.27e4db57442fbp-22)
    let high = multiplyAdd(multiplyAdd(r2, 0x1.1f731ea5352cap-29, e), r4, multiplyAdd(d, r2, c))
    let p = multiplyAdd(r2, multiplyAdd(high, r4, multiplyAdd(b, r2, a)), r)
    let scale = powerOfTwo(shifted)
    let expm1 = multiplyAdd(p, scale, scale - 1)
    return (expm1 / (expm1 + 2)).withSign(of: x)
  }
}
