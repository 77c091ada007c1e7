import Ch00Lanes

// Outer products of panels entry by entry: Σ e h over pairs and walkers in registers, whose lanes are added at the
// end. That end costs more than the products where pairs are few; it pays for parts of G that are too narrow to
// transpose H for.

// Unsafe: the factors are parts of panels that `addOuterProducts` has checked, and G has all rows of e and columns of
// h.
/// G += Σ e ⊗ h in double precision.
func addEntries(
  _ e: OuterFactor<Lanes32>, _ h: OuterFactor<Lanes32>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int
) {
  #if AVX512
  addEntries(e, h, pairs, g, gStride) { (s: SIMD8<Double>) in s.laneSum }
  #else
  addEntries(e, h, pairs, g, gStride) { (s: SIMD4<Double>) in s.laneSum }
  #endif
}

// Unsafe: as above.
/// The same in single precision, added to G in double.
func addEntries(
  _ e: OuterFactor<SingleLanes32>, _ h: OuterFactor<SingleLanes32>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>,
  _ gStride: Int
) {
  #if AVX512
  addEntries(e, h, pairs, g, gStride) { (s: SIMD16<Float>) in Double(s.laneSum) }
  #else
  addEntries(e, h, pairs, g, gStride) { (s: SIMD8<Float>) in Double(s.laneSum) }
  #endif
}

/// G in blocks of four rows and a few columns, strip by strip: the columns of a strip, at all pairs, are 16 KiB or so
/// of h and stay in the first-level cache while all rows pass.
@inline(__always)
private func addEntries<Row: PanelRow, Sum: SIMD>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int,
  _ laneSum: (Sum) -> Double
) where Sum.Scalar == Row.Scalar {
  // Unsafe: row < e.rows and column < h.rows are a place in G, whose last one the precondition has found in its array.
  #if arch(arm64)
  let columns = 2
  #else
  let columns = 3
  #endif
  let strip = columns * max(1, 16384 / (columns * pairs * MemoryLayout<Row>.stride))
  for start in stride(from: 0, to: h.rows, by: strip) {
    for row in stride(from: 0, to: e.rows, by: 4) {
      for column in stride(from: start, to: min(start + strip, h.rows), by: columns) {
        entryKernel(e.part(row, 4), h.part(column, columns), pairs, g + row * gStride + column, gStride, laneSum)
      }
    }
  }
}

#if arch(arm64)
/// At most 4 × 2 entries of G: sums are 16 of NEON's 32 registers, which is what four multiply-add units with a
/// latency of four cycles need, and factors 6; with 4 × 3 entries one of them is spilled at every step. Entries beyond
/// the edge repeat the last row or column and are not stored.
@inline(__always)
private func entryKernel<Row: PanelRow, Sum: SIMD>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int,
  _ laneSum: (Sum) -> Double
) where Sum.Scalar == Row.Scalar {
  // Unsafe: a row of 32 walkers as `groups` registers. Rows and columns beyond the last are replaced by it, pair <
  // pairs, and entries beyond the edge of G are not stored.
  let groups = 32 / Sum.scalarCount
  let (rows, columns) = (e.rows, h.rows)
  let (r1, r2, r3) = (groups &* min(1, rows - 1), groups &* min(2, rows - 1), groups &* min(3, rows - 1))
  let k1 = groups &* min(1, columns - 1)
  var (s00, s01, s10, s11) = (Sum(), Sum(), Sum(), Sum())
  var (s20, s21, s30, s31) = (Sum(), Sum(), Sum(), Sum())
  for pair in 0..<pairs {
    let ep = UnsafeRawPointer(e.start + pair &* e.stride).assumingMemoryBound(to: Sum.self)
    let hp = UnsafeRawPointer(h.start + pair &* h.stride).assumingMemoryBound(to: Sum.self)
    for i in 0..<groups {
      let (y0, y1) = (hp[i], hp[k1 &+ i])
      let (e0, e1) = (ep[i], ep[r1 &+ i])
      s00 = multiplyAdd(e0, y0, s00)
      s01 = multiplyAdd(e0, y1, s01)
      s10 = multiplyAdd(e1, y0, s10)
      s11 = multiplyAdd(e1, y1, s11)
      let (e2, e3) = (ep[r2 &+ i], ep[r3 &+ i])
      s20 = multiplyAdd(e2, y0, s20)
      s21 = multiplyAdd(e2, y1, s21)
      s30 = multiplyAdd(e3, y0, s30)
      s31 = multiplyAdd(e3, y1, s31)
    }
  }
  // Unsafe: entries of G with row < rows and column < columns only.
  @inline(__always) func store(_ row: Int, _ s0: Sum, _ s1: Sum) {
    guard row < rows else { return }
    let g = g + row * gStride
    g[0] += laneSum(s0)
    if columns > 1 { g[1] += laneSum(s1) }
  }
  store(0, s00, s01)
  store(1, s10, s11)
  store(2, s20, s21)
  store(3, s30, s31)
}
#else
/// At most 4 × 3 entries of G: 12 registers are sums; entries beyond the edge repeat the last row or column and are not
/// stored.
@inline(__always)
private func entryKernel<Row: PanelRow, Sum: SIMD>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int,
  _ laneSum: (Sum) -> Double
) where Sum.Scalar == Row.Scalar {
  // Unsafe: a row of 32 walkers as `groups` registers. Rows and columns beyond the last are replaced by it, pair <
  // pairs, and entries beyond the edge of G are not stored.
  let groups = 32 / Sum.scalarCount
  let (rows, columns) = (e.rows, h.rows)
  let (r1, r2, r3) = (groups &* min(1, rows - 1), groups &* min(2, rows - 1), groups &* min(3, rows - 1))
  let (k1, k2) = (groups &* min(1, columns - 1), groups &* min(2, columns - 1))
  var (s00, s01, s02) = (Sum(), Sum(), Sum())
  var (s10, s11, s12) = (Sum(), Sum(), Sum())
  var (s20, s21, s22) = (Sum(), Sum(), Sum())
  var (s30, s31, s32) = (Sum(), Sum(), Sum())
  for pair in 0..<pairs {
    let ep = UnsafeRawPointer(e.start + pair &* e.stride).assumingMemoryBound(to: Sum.self)
    let hp = UnsafeRawPointer(h.start + pair &* h.stride).assumingMemoryBound(to: Sum.self)
    for i in 0..<groups {
      // Rows from left to right and back: from left to right alone, the compiler runs out of 16 registers.
      let (y0, y1, y2) = (hp[i], hp[k1 &+ i], hp[k2 &+ i])
      let e0 = ep[i]
      s00 = multiplyAdd(e0, y0, s00)
      s01 = multiplyAdd(e0, y1, s01)
      s02 = multiplyAdd(e0, y2, s02)
      let e1 = ep[r1 &+ i]
      s12 = multiplyAdd(e1, y2, s12)
      s11 = multiplyAdd(e1, y1, s11)
      s10 = multiplyAdd(e1, y0, s10)
      let e2 = ep[r2 &+ i]
      s20 = multiplyAdd(e2, y0, s20)
      s21 = multiplyAdd(e2, y1, s21)
      s22 = multiplyAdd(e2, y2, s22)
      let e3 = ep[r3 &+ i]
      s32 = multiplyAdd(e3, y2, s32)
      s31 = multiplyAdd(e3, y1, s31)
      s30 = multiplyAdd(e3, y0, s30)
    }
  }
  // Unsafe: entries of G with row < rows and column < columns only.
  @inline(__always) func store(_ row: Int, _ s0: Sum, _ s1: Sum, _ s2: Sum) {
    guard row < rows else { return }
    let g = g + row * gStride
    g[0] += laneSum(s0)
    if columns > 1 { g[1] += laneSum(s1) }
    if columns > 2 { g[2] += laneSum(s2) }
  }
  store(0, s00, s01, s02)
  store(1, s10, s11, s12)
  store(2, s20, s21, s22)
  store(3, s30, s31, s32)
}
#endif
