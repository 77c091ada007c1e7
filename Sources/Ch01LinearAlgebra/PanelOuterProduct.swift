import Ch00Lanes

/// G += Σ_p Σ_walkers e_p ⊗ h_p: the gradient of a weight matrix, summed over walkers and over pairs of panels.
///
///     G[r, k] += Σ_p Σ_{w < 32} e_p[r]_w h_p[k]_w
///
/// The sums over walkers stay in lanes until all pairs are done; only then are eight lanes added to one number. So a
/// call with many pairs (the particles of many tiles) costs little more than its products, a call with one pair clearly
/// more.
///
/// In single precision the sum over walkers and pairs is taken in that, eight or sixteen parts of it apart, and added
/// to G in double precision.
///
/// - Parameters:
///   - e: panel p starts at `eStart + p·eStride` and is `rows` long.
///   - eStart: the first row of e_0.
///   - eStride: rows from one panel of e to the next; 0 takes the same one for all pairs.
///   - rows: of G.
///   - h: panel p starts at `hStart + p·hStride` and is `columns` long.
///   - hStart: the first row of h_0.
///   - hStride: the same for h.
///   - columns: of G.
///   - pairs: how many panels of each.
///   - g: row-major [rows × columns] from index `gStart` on, row after row at a distance of `gStride`.
///   - gStart: the place of G_00.
///   - gStride: numbers from one row of G to the next.
/// - Complexity: 64 · rows · columns · pairs floating-point operations.
/// - Precondition: all panels and all of G lie within their arrays, no stride is negative. Without pairs, rows or columns nothing is done.
@specialized(where Row == Lanes32)
@specialized(where Row == SingleLanes32)
public func addOuterProducts<Row: PanelRow>(
  _ e: ContiguousArray<Row>, at eStart: Int, stride eStride: Int, rows: Int,
  _ h: ContiguousArray<Row>, at hStart: Int, stride hStride: Int, columns: Int,
  pairs: Int, into g: inout [Double], at gStart: Int, stride gStride: Int
) {
  guard pairs > 0, rows > 0, columns > 0 else { return }
  precondition(eStride >= 0 && hStride >= 0 && gStride >= 0, "a negative stride leaves its array at the front")
  precondition(eStart >= 0 && eStart + (pairs - 1) * eStride + rows <= e.count, "a panel of e ends beyond its array")
  precondition(hStart >= 0 && hStart + (pairs - 1) * hStride + columns <= h.count, "a panel of h ends beyond its array")
  precondition(gStart >= 0 && gStart + (rows - 1) * gStride + columns <= g.count, "the gradient ends beyond its array")
  // Unsafe: the kernel reads parts of rows as registers, at the processor's peak. All panels and G begin and end within
  // their arrays: the preconditions.
  e.withUnsafeBufferPointer { e in
    h.withUnsafeBufferPointer { h in
      g.withUnsafeMutableBufferPointer { g in
        guard let e = e.baseAddress, let h = h.baseAddress, let g = g.baseAddress else { return }
        Row.addOuterProducts(
          OuterFactor(start: e + eStart, stride: eStride, rows: rows),
          OuterFactor(start: h + hStart, stride: hStride, rows: columns), pairs: pairs, to: g + gStart, stride: gStride)
      }
    }
  }
}

/// Panels at equal distances, of which some rows are one factor of outer products.
public struct OuterFactor<Row> {
  // Unsafe: a part of an array as the kernel reads it. Only `addOuterProducts` above makes one, from panels that it has
  // checked, and `part` keeps first + rows within them.
  let start: UnsafePointer<Row>
  let stride: Int
  let rows: Int

  /// At most `count` rows, from `first` on.
  @inline(__always) fileprivate func part(_ first: Int, _ count: Int) -> OuterFactor {
    OuterFactor(start: start + first, stride: stride, rows: min(count, rows - first))
  }
}

extension Lanes32 {
  /// G += Σ e ⊗ h in double precision, by the kernel of the processor's registers. Pointers are not checked.
  public static func addOuterProducts(
    _ e: OuterFactor<Lanes32>, _ h: OuterFactor<Lanes32>, pairs: Int, to g: UnsafeMutablePointer<Double>, stride: Int
  ) {
    // Unsafe: no other module can make the factors, and in this one only the checked function above calls it.
    #if AVX512
    inBlocks(e, h, columns: 4, pairs: pairs, g, stride) { outerKernel4x4($0, $1, pairs, $2, stride) }
    #elseif arch(arm64)
    inBlocks(e, h, columns: 2, pairs: pairs, g, stride) {
      outerKernel4x2($0, $1, pairs, $2, stride) { (s: SIMD4<Double>) in s.laneSum }
    }
    #else
    inBlocks(e, h, columns: 3, pairs: pairs, g, stride) {
      outerKernel($0, $1, pairs, $2, stride) { (s: SIMD4<Double>) in s.laneSum }
    }
    #endif
  }
}

extension SingleLanes32 {
  #if AVX512
  private typealias Sum = SIMD16<Float>
  #else
  private typealias Sum = SIMD8<Float>
  #endif

  /// G += Σ e ⊗ h, summed over walkers and pairs in single precision and added in double. Pointers are not checked.
  public static func addOuterProducts(
    _ e: OuterFactor<SingleLanes32>, _ h: OuterFactor<SingleLanes32>, pairs: Int, to g: UnsafeMutablePointer<Double>,
    stride: Int
  ) {
    // Unsafe: as in double precision, only the checked function above calls it.
    #if arch(arm64)
    inBlocks(e, h, columns: 2, pairs: pairs, g, stride) {
      outerKernel4x2($0, $1, pairs, $2, stride) { (s: Sum) in Double(s.laneSum) }
    }
    #else
    inBlocks(e, h, columns: 3, pairs: pairs, g, stride) {
      outerKernel($0, $1, pairs, $2, stride) { (s: Sum) in Double(s.laneSum) }
    }
    #endif
  }
}

/// G in blocks of four rows and a few columns, strip by strip: the columns of a strip, at all pairs, are 16 KiB or so of h and
/// stay in the first-level cache while all rows pass.
@inline(__always)
private func inBlocks<Row>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, columns: Int, pairs: Int, _ g: UnsafeMutablePointer<Double>,
  _ gStride: Int, _ kernel: (OuterFactor<Row>, OuterFactor<Row>, UnsafeMutablePointer<Double>) -> Void
) {
  // Unsafe: row < e.rows and column < h.rows are a place in G, whose last one the precondition has found in its array.
  let strip = columns * max(1, 16384 / (columns * pairs * MemoryLayout<Row>.stride))
  for start in stride(from: 0, to: h.rows, by: strip) {
    for row in stride(from: 0, to: e.rows, by: 4) {
      for column in stride(from: start, to: min(start + strip, h.rows), by: columns) {
        kernel(e.part(row, 4), h.part(column, columns), g + row * gStride + column)
      }
    }
  }
}

/// At most 4 × 3 entries of G: 12 registers are sums; entries beyond the edge repeat the last row or column and are not
/// stored.
@inline(__always)
private func outerKernel<Row: PanelRow, Sum: SIMD>(
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

#if AVX512
/// At most 4 × 4 entries of G, 16 of 32 registers; entries beyond the edge repeat the last row or column and are not
/// stored.
@inline(__always)
private func outerKernel4x4(
  _ e: OuterFactor<Lanes32>, _ h: OuterFactor<Lanes32>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int
) {
  // Unsafe: a row of 32 walkers as four registers. Rows and columns beyond the last are replaced by it, pair < pairs,
  // and entries beyond the edge of G are not stored.
  let (rows, columns) = (e.rows, h.rows)
  let r1 = min(1, rows - 1)
  let r2 = min(2, rows - 1)
  let r3 = min(3, rows - 1)
  let k1 = min(1, columns - 1)
  let k2 = min(2, columns - 1)
  let k3 = min(3, columns - 1)
  var s0 = Lanes32.zero
  var s1 = Lanes32.zero
  var s2 = Lanes32.zero
  var s3 = Lanes32.zero
  for pair in 0..<pairs {
    let ep = UnsafeRawPointer(e.start + pair &* e.stride).assumingMemoryBound(to: Lanes.self)
    let hp = UnsafeRawPointer(h.start + pair &* h.stride).assumingMemoryBound(to: Lanes.self)
    for group in 0..<4 {
      let y = Lanes32(
        hp[group], hp[4 &* k1 &+ group], hp[4 &* k2 &+ group], hp[4 &* k3 &+ group])
      let e0 = ep[group]
      let e1 = ep[4 &* r1 &+ group]
      let e2 = ep[4 &* r2 &+ group]
      let e3 = ep[4 &* r3 &+ group]
      s0.addProduct(Lanes32(e0, e0, e0, e0), y)
      s1.addProduct(Lanes32(e1, e1, e1, e1), y)
      s2.addProduct(Lanes32(e2, e2, e2, e2), y)
      s3.addProduct(Lanes32(e3, e3, e3, e3), y)
    }
  }
  store(s0, columns, to: g)
  if rows > 1 { store(s1, columns, to: g + gStride) }
  if rows > 2 { store(s2, columns, to: g + 2 * gStride) }
  if rows > 3 { store(s3, columns, to: g + 3 * gStride) }
}

@inline(__always)
private func store(_ sums: Lanes32, _ columns: Int, to g: UnsafeMutablePointer<Double>) {
  // Unsafe: one row of G, of which only columns that exist are written.
  g[0] += sums.a.laneSum
  if columns > 1 { g[1] += sums.b.laneSum }
  if columns > 2 { g[2] += sums.c.laneSum }
  if columns > 3 { g[3] += sums.d.laneSum }
}

#endif

#if arch(arm64)
/// At most 4 × 2 entries of G: sums are 16 of NEON's 32 registers, which is what four multiply-add units with a latency of four
/// cycles need, and factors 6; with 4 × 3 entries one of them is spilled at every step. Entries beyond the edge repeat the last
/// row or column and are not stored.
@inline(__always)
private func outerKernel4x2<Row: PanelRow, Sum: SIMD>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int,
  _ laneSum: (Sum) -> Double
) where Sum.Scalar == Row.Scalar {
  // Unsafe: a row of 32 walkers as `groups` registers. Rows and columns beyond the last are replaced by it, pair < pairs, and
  // entries beyond the edge of G are not stored.
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
#endif
