import Ch00Lanes

/// G += Σ_p Σ_walkers e_p ⊗ h_p: the gradient of a weight matrix, summed over walkers and over pairs of panels.
///
///     G[r, k] += Σ_p Σ_{w < 32} e_p[r]_w h_p[k]_w
///
/// With walkers as the inner index this is the product of a matrix and a transposed one, E Hᵀ. Entry by entry, walker
/// times walker in lanes, each entry would end with a sum over lanes, which costs more than the products where pairs
/// are few. So H is transposed, 32 walkers and 32 columns at a time, and a row of G is then a sum of rows of Hᵀ, each
/// times a number of E that is broadcast: a sum of matrices of rank one. Parts of G that are too narrow for that are
/// taken entry by entry (`PanelOuterProduct+Entries.swift`).
///
/// In single precision the sum over walkers and pairs is taken in that, and added to G in double precision.
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
  @inline(__always) func part(_ first: Int, _ count: Int) -> OuterFactor {
    OuterFactor(start: start + first, stride: stride, rows: min(count, rows - first))
  }
}

extension Lanes32 {
  /// G += Σ e ⊗ h in double precision. Pointers are not checked.
  public static func addOuterProducts(
    _ e: OuterFactor<Lanes32>, _ h: OuterFactor<Lanes32>, pairs: Int, to g: UnsafeMutablePointer<Double>, stride: Int
  ) {
    // Unsafe: no other module can make the factors, and in this one only the checked function above calls it.
    inParts(
      e, h, g, stride, ranks: { addRanks($0, $1, pairs, $2, stride) },
      entries: { addEntries($0, $1, pairs, $2, stride) })
  }
}

extension SingleLanes32 {
  /// G += Σ e ⊗ h, summed over walkers and pairs in single precision and added in double. Pointers are not checked.
  public static func addOuterProducts(
    _ e: OuterFactor<SingleLanes32>, _ h: OuterFactor<SingleLanes32>, pairs: Int, to g: UnsafeMutablePointer<Double>,
    stride: Int
  ) {
    // Unsafe: as in double precision, only the checked function above calls it.
    inParts(
      e, h, g, stride, ranks: { addRanks($0, $1, pairs, $2, stride) },
      entries: { addEntries($0, $1, pairs, $2, stride) })
  }
}

/// Rows in fours and strips of up to 32 columns as sums of matrices of rank one; the rest, too narrow to be worth
/// transposing, entry by entry.
@inline(__always)
private func inParts<Row>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ g: UnsafeMutablePointer<Double>, _ gStride: Int,
  ranks addRanks: (_ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ g: UnsafeMutablePointer<Double>) -> Void,
  entries addEntries: (_ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ g: UnsafeMutablePointer<Double>) -> Void
) {
  // Unsafe: the three parts are all of G and do not overlap.
  let rows = e.rows < 8 ? 0 : e.rows / 4 * 4
  let columns = rows == 0 || h.rows % 32 >= 16 ? h.rows : h.rows / 32 * 32
  if rows > 0, columns > 0 { addRanks(e.part(0, rows), h.part(0, columns), g) }
  addEntries(e.part(0, rows), h.part(columns, h.rows), g + columns)
  addEntries(e.part(rows, e.rows), h, g + rows * gStride)
}

/// G += E Hᵀ for rows in fours: strip by strip of 32 columns, and a few pairs at a time, whose transposed panels, 16
/// KiB of them, stay in the first-level cache while all rows of E pass.
@inline(__always)
private func addRanks<Row: PanelRow>(
  _ e: OuterFactor<Row>, _ h: OuterFactor<Row>, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int
) {
  let most = min(pairs, 16384 / (32 * MemoryLayout<Row>.stride))
  // Unsafe: `transposed` holds 32 rows a pair, of which each transposition writes all that are read; `sums` a row for
  // each of E's, which are all set to zero first. Only columns that G has are added to it.
  let bytes = (32 * most + e.rows) * MemoryLayout<Row>.stride
  withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 64) { memory in
    guard let transposed = memory.baseAddress?.bindMemory(to: Row.self, capacity: 32 * most + e.rows) else { return }
    let sums = transposed + 32 * most
    for column in stride(from: 0, to: h.rows, by: 32) {
      let strip = h.part(column, 32)
      sums.update(repeating: .zero, count: e.rows)
      if strip.rows < 32 { transposed.update(repeating: .zero, count: 32 * most) }
      for first in stride(from: 0, to: pairs, by: most) {
        let count = min(most, pairs - first)
        for pair in 0..<count {
          transpose(strip.start + (first + pair) * strip.stride, rows: strip.rows, into: transposed + 32 * pair)
        }
        rankKernel(e.start + first * e.stride, stride: e.stride, rows: e.rows, transposed, pairs: count, sums)
      }
      for row in 0..<e.rows {
        let at = g + row * gStride + column
        let sum = sums[row].doubles
        if strip.rows == 32 {
          add(sum, to: at)
        } else {
          for k in 0..<strip.rows { at[k] += sum[k] }
        }
      }
    }
  }
}

/// 32 numbers of G += a row.
@inline(__always)
private func add(_ x: Lanes32, to g: UnsafeMutablePointer<Double>) {
  // Unsafe: the caller has 32 columns.
  storeLanes(loadLanes(g) + x.a, g)
  storeLanes(loadLanes(g + 8) + x.b, g + 8)
  storeLanes(loadLanes(g + 16) + x.c, g + 16)
  storeLanes(loadLanes(g + 24) + x.d, g + 24)
}

/// Rows of features for 32 walkers become 32 rows of walkers, for the first `rows` features: y_w[f] = x_f[w]. Four
/// rows are interleaved at a time; beyond the last one it is taken again.
@inline(__always)
private func transpose<Row: PanelRow>(_ x: UnsafePointer<Row>, rows: Int, into y: UnsafeMutablePointer<Row>) {
  // Unsafe: a row as four groups of eight; f + 3 < 32, in lanes that G has no columns for where f + i ≥ rows.
  typealias Eight = SIMD8<Row.Scalar>
  @inline(__always) func interleaved(_ x: SIMD4<Row.Scalar>, _ y: SIMD4<Row.Scalar>) -> Eight {
    var both = Eight()
    both.evenHalf = x
    both.oddHalf = y
    return both
  }
  for f in stride(from: 0, to: rows, by: 4) {
    let x = UnsafeRawPointer(x).assumingMemoryBound(to: Eight.self)
    let (a, b, c, d) = (
      x + 4 &* f, x + 4 &* min(f &+ 1, rows &- 1), x + 4 &* min(f &+ 2, rows &- 1), x + 4 &* min(f &+ 3, rows &- 1)
    )
    for group in 0..<4 {
      let (a, b, c, d) = (a[group], b[group], c[group], d[group])
      let (low, high) = (interleaved(a.lowHalf, c.lowHalf), interleaved(a.highHalf, c.highHalf))
      let (low2, high2) = (interleaved(b.lowHalf, d.lowHalf), interleaved(b.highHalf, d.highHalf))
      let first = UnsafeMutableRawPointer(y + 8 &* group) + f &* MemoryLayout<Row.Scalar>.stride
      @inline(__always) func store(_ two: Eight, _ walker: Int) {
        let at = first + walker &* MemoryLayout<Row>.stride
        at.storeBytes(of: two.lowHalf, as: SIMD4<Row.Scalar>.self)
        (at + MemoryLayout<Row>.stride).storeBytes(of: two.highHalf, as: SIMD4<Row.Scalar>.self)
      }
      store(interleaved(low.lowHalf, low2.lowHalf), 0)
      store(interleaved(low.highHalf, low2.highHalf), 2)
      store(interleaved(high.lowHalf, high2.lowHalf), 4)
      store(interleaved(high.highHalf, high2.highHalf), 6)
    }
  }
}

#if AVX512
/// S_r += Σ e_r[w] y_w: 8 rows × 32 columns in single precision, 4 × 32 in double: 16 of 32 registers are sums either
/// way.
@inline(__always)
private func rankKernel<Row: PanelRow>(
  _ e: UnsafePointer<Row>, stride: Int, rows: Int, _ y: UnsafePointer<Row>, pairs: Int,
  _ sums: UnsafeMutablePointer<Row>
) {
  // Unsafe: rows are a multiple of four; w < 32, and the walkers of row + i are 32 numbers further on for each i.
  @inline(__always) func walkers(_ row: Int, _ pair: Int) -> UnsafePointer<Row.Scalar> {
    UnsafeRawPointer(e + (pair &* stride &+ row)).assumingMemoryBound(to: Row.Scalar.self)
  }
  var row = 0
  while MemoryLayout<Row.Scalar>.size == 4, row &+ 8 <= rows {
    // Unsafe: eight rows of sums.
    let s = sums + row
    var (s0, s1, s2, s3, s4, s5, s6, s7) = (s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7])
    for pair in 0..<pairs {
      let (x, y) = (walkers(row, pair), y + 32 &* pair)
      for w in 0..<32 {
        let y = y[w]
        s0.addProduct(x[w], y)
        s1.addProduct(x[32 &+ w], y)
        s2.addProduct(x[64 &+ w], y)
        s3.addProduct(x[96 &+ w], y)
        s4.addProduct(x[128 &+ w], y)
        s5.addProduct(x[160 &+ w], y)
        s6.addProduct(x[192 &+ w], y)
        s7.addProduct(x[224 &+ w], y)
      }
    }
    (s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]) = (s0, s1, s2, s3, s4, s5, s6, s7)
    row &+= 8
  }
  while row < rows {
    // Unsafe: four rows of sums.
    let s = sums + row
    var (s0, s1, s2, s3) = (s[0], s[1], s[2], s[3])
    for pair in 0..<pairs {
      let (x, y) = (walkers(row, pair), y + 32 &* pair)
      for w in 0..<32 {
        let y = y[w]
        s0.addProduct(x[w], y)
        s1.addProduct(x[32 &+ w], y)
        s2.addProduct(x[64 &+ w], y)
        s3.addProduct(x[96 &+ w], y)
      }
    }
    (s[0], s[1], s[2], s[3]) = (s0, s1, s2, s3)
    row &+= 4
  }
}
#else
/// S_r += Σ e_r[w] y_w: 4 rows × one vector of columns, as often as 32 columns need it; registers as in `panelProduct`.
@inline(__always)
private func rankKernel<Row: PanelRow>(
  _ e: UnsafePointer<Row>, stride: Int, rows: Int, _ y: UnsafePointer<Row>, pairs: Int,
  _ sums: UnsafeMutablePointer<Row>
) {
  // Unsafe: rows are a multiple of four; w < 32, the walkers of row + i are 32 numbers further on for each i, and a
  // row of 32 columns is `groups` vectors.
  typealias Vector = Row.Vector
  let groups = 32 / Vector.scalarCount
  let y = UnsafeRawPointer(y).assumingMemoryBound(to: Vector.self)
  for row in Swift.stride(from: 0, to: rows, by: 4) {
    let s = UnsafeMutableRawPointer(sums + row).assumingMemoryBound(to: Vector.self)
    for group in 0..<groups {
      var (s0, s1, s2, s3) = (s[group], s[groups &+ group], s[2 &* groups &+ group], s[3 &* groups &+ group])
      for pair in 0..<pairs {
        let x = UnsafeRawPointer(e + (pair &* stride &+ row)).assumingMemoryBound(to: Row.Scalar.self)
        let y = y + (32 &* pair &* groups &+ group)
        for w in 0..<32 {
          let y = y[groups &* w]
          s0 = multiplyAdd(y, Vector(repeating: x[w]), s0)
          s1 = multiplyAdd(y, Vector(repeating: x[32 &+ w]), s1)
          s2 = multiplyAdd(y, Vector(repeating: x[64 &+ w]), s2)
          s3 = multiplyAdd(y, Vector(repeating: x[96 &+ w]), s3)
        }
      }
      (s[group], s[groups &+ group], s[2 &* groups &+ group], s[3 &* groups &+ group]) = (s0, s1, s2, s3)
    }
  }
}
#endif
