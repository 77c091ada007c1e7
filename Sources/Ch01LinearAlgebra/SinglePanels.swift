import Ch00Lanes

// Weights and outer products of PanelProduct.swift and PanelOuterProduct.swift in single precision, where twice as many
// walkers fit into a register and into the cache.

/// `PackedWeights` in single precision.
public struct SinglePackedWeights: Sendable {
  public let rows: Int
  public let columns: Int
  /// Rows rounded up to a multiple of four; the extra rows are 0.
  public var paddedRows: Int { (rows + 3) / 4 * 4 }
  var storage: ContiguousArray<SIMD4<Float>>

  /// - Parameter element: the weight at (row, column).
  public init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    self.rows = rows
    self.columns = columns
    storage = []
    storage.reserveCapacity((rows + 3) / 4 * columns)
    for block in stride(from: 0, to: rows, by: 4) {
      for column in 0..<columns {
        var four = SIMD4<Float>()
        for row in block..<min(block + 4, rows) { four[row - block] = Float(element(row, column)) }
        storage.append(four)
      }
    }
  }
}

/// G += Σ_p Σ_walkers e_p ⊗ h_p, as for doubles.
///
/// The sum over walkers and pairs is taken in single precision, eight or sixteen parts of it apart, and added to G in double
/// precision.
///
/// - Parameters:
///   - e: panel p starts at `eStart + p·eStride` and is `rows` long.
///   - h: panel p starts at `hStart + p·hStride` and is `columns` long.
///   - g: row-major [rows × columns] from index `gStart` on, row after row at a distance of `gStride`.
/// - Complexity: 64 · rows · columns · pairs floating-point operations.
@inline(never)
public func addOuterProducts(
  _ e: ContiguousArray<SingleLanes32>, at eStart: Int, stride eStride: Int, rows: Int,
  _ h: ContiguousArray<SingleLanes32>, at hStart: Int, stride hStride: Int, columns: Int,
  pairs: Int, into g: inout [Double], at gStart: Int, stride gStride: Int
) {
  guard pairs > 0, rows > 0, columns > 0 else { return }
  precondition(eStart >= 0 && eStart + (pairs - 1) * eStride + rows <= e.count, "a panel of e ends beyond its array")
  precondition(hStart >= 0 && hStart + (pairs - 1) * hStride + columns <= h.count, "a panel of h ends beyond its array")
  precondition(gStart >= 0 && gStart + (rows - 1) * gStride + columns <= g.count, "the gradient ends beyond its array")
  e.withUnsafeBufferPointer { e in
    h.withUnsafeBufferPointer { h in
      g.withUnsafeMutableBufferPointer { g in
        guard let e = e.baseAddress, let h = h.baseAddress, let g = g.baseAddress else { return }
        for row in stride(from: 0, to: rows, by: 4) {
          for column in stride(from: 0, to: columns, by: 3) {
            outerKernel(
              e + eStart + row, eStride, min(4, rows - row), h + hStart + column, hStride, min(3, columns - column),
              pairs, g + gStart + row * gStride + column, gStride)
          }
        }
      }
    }
  }
}

#if AVX512
private typealias Few = SIMD16<Float>
#else
private typealias Few = SIMD8<Float>
#endif

/// The kernel of PanelOuterProduct.swift, written once more: one that is generic over the vector comes out with halves of
/// registers.
///
/// At most 4 × 3 entries of G: 12 registers are sums; entries beyond the edge repeat the last row or column and are not
/// stored.
@inline(__always)
private func outerKernel(
  _ e: UnsafePointer<SingleLanes32>, _ eStride: Int, _ rows: Int, _ h: UnsafePointer<SingleLanes32>, _ hStride: Int,
  _ columns: Int, _ pairs: Int, _ g: UnsafeMutablePointer<Double>, _ gStride: Int
) {
  let groups = SingleLanes32.Half.scalarCount * 2 / Few.scalarCount
  let (r1, r2, r3) = (groups &* min(1, rows - 1), groups &* min(2, rows - 1), groups &* min(3, rows - 1))
  let (k1, k2) = (groups &* min(1, columns - 1), groups &* min(2, columns - 1))
  var (s00, s01, s02) = (Few(), Few(), Few())
  var (s10, s11, s12) = (Few(), Few(), Few())
  var (s20, s21, s22) = (Few(), Few(), Few())
  var (s30, s31, s32) = (Few(), Few(), Few())
  for pair in 0..<pairs {
    let ep = UnsafeRawPointer(e + pair &* eStride).assumingMemoryBound(to: Few.self)
    let hp = UnsafeRawPointer(h + pair &* hStride).assumingMemoryBound(to: Few.self)
    for i in 0..<groups {
      let (y0, y1, y2) = (hp[i], hp[k1 &+ i], hp[k2 &+ i])
      let e0 = ep[i]
      s00 = multiplyAdd(e0, y0, s00)
      s01 = multiplyAdd(e0, y1, s01)
      s02 = multiplyAdd(e0, y2, s02)
      let e1 = ep[r1 &+ i]
      s10 = multiplyAdd(e1, y0, s10)
      s11 = multiplyAdd(e1, y1, s11)
      s12 = multiplyAdd(e1, y2, s12)
      let e2 = ep[r2 &+ i]
      s20 = multiplyAdd(e2, y0, s20)
      s21 = multiplyAdd(e2, y1, s21)
      s22 = multiplyAdd(e2, y2, s22)
      let e3 = ep[r3 &+ i]
      s30 = multiplyAdd(e3, y0, s30)
      s31 = multiplyAdd(e3, y1, s31)
      s32 = multiplyAdd(e3, y2, s32)
    }
  }
  store(s00, s01, s02, columns, to: g)
  if rows > 1 { store(s10, s11, s12, columns, to: g + gStride) }
  if rows > 2 { store(s20, s21, s22, columns, to: g + 2 * gStride) }
  if rows > 3 { store(s30, s31, s32, columns, to: g + 3 * gStride) }
}

@inline(__always)
private func store(_ s0: Few, _ s1: Few, _ s2: Few, _ columns: Int, to g: UnsafeMutablePointer<Double>) {
  g[0] += Double(s0.laneSum)
  if columns > 1 { g[1] += Double(s1.laneSum) }
  if columns > 2 { g[2] += Double(s2.laneSum) }
}
