import Ch00Lanes

// What a tile reads, copied so that it lies in the order of reading. The two factors differ in how wide they are packed
// and how often: a strip of A for each row of tiles, the panels of B once a block.

// Unsafe: the caller's block has `steps` columns and `rows` rows, and a row beyond the last is replaced by it; the
// strip has room for steps · tileRows numbers.
/// Rows of A side by side, step after step, times the factor. Rows beyond the edge repeat the last one; nobody uses
/// them.
func packStrip(
  _ a: MatrixView, steps: Int, rows: Int, factor: Double, into strip: UnsafeMutablePointer<Double>
) {
  let tileRows = ProductTile.rows
  if a.rowStride == 1 && rows == tileRows {
    for k in 0..<steps {
      let from = a.base + k &* a.columnStride
      let to = strip + k &* tileRows
      for r in 0..<tileRows { to[r] = factor * from[r] }
    }
    return
  }
  var first = 0
  if a.columnStride == 1 && rows == 4 && tileRows == 4 {
    // Eight steps of the four rows at a time.
    while first + 8 <= steps {
      packRows(
        factor * loadLanes(a.at(0, first)), factor * loadLanes(a.at(1, first)), factor * loadLanes(a.at(2, first)),
        factor * loadLanes(a.at(3, first)), into: strip + 4 &* first)
      first += 8
    }
  }
  for r in 0..<tileRows {
    var from = a.at(min(r, rows - 1), first)
    var to = strip + (first &* tileRows &+ r)
    for _ in first..<steps {
      to.pointee = factor * from.pointee
      from += a.columnStride
      to += tileRows
    }
  }
}

/// Four rows of eight numbers as eight columns of four.
@inline(__always)
private func packRows(
  _ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, into strip: UnsafeMutablePointer<Double>
) {
  // Unsafe: 32 neighbouring numbers of the strip, which the caller has found.
  var (even, odd) = (SIMD16<Double>(), SIMD16<Double>())
  (even.evenHalf, even.oddHalf) = (a, c)
  (odd.evenHalf, odd.oddHalf) = (b, d)
  var all = SIMD32<Double>()
  (all.evenHalf, all.oddHalf) = (even, odd)
  storeLanes(all.lowHalf.lowHalf, strip)
  storeLanes(all.lowHalf.highHalf, strip + 8)
  storeLanes(all.highHalf.lowHalf, strip + 16)
  storeLanes(all.highHalf.highHalf, strip + 24)
}

/// Panels of B, each as wide as a tile, one after the other.
func packPanels(_ b: MatrixView, steps: Int, columns: Int, into panels: UnsafeMutablePointer<Double>) {
  // Unsafe: the caller's block has `steps` rows and `columns` columns, first + 32 ≤ columns; the panels have room for
  // whole tiles of columns, steps · tileColumns numbers each.
  let tileColumns = ProductTile.columns
  var first = 0
  if b.columnStride == 1 {
    // 32 columns at a time, into one wide panel or four narrow ones: few and long runs through the rows of B.
    let distance = tileColumns == 32 ? 8 : 8 * steps
    while first + 32 <= columns {
      for k in 0..<steps {
        let from = b.base + (k &* b.rowStride &+ first)
        let to = panels + (first &* steps &+ k &* tileColumns)
        copyLanes(from, to)
        copyLanes(from + 8, to + distance)
        copyLanes(from + 16, to + 2 &* distance)
        copyLanes(from + 24, to + 3 &* distance)
      }
      first += 32
    }
  }
  for j in stride(from: first, to: columns, by: tileColumns) {
    packPanel(b.from(0, j), steps: steps, columns: min(tileColumns, columns - j), into: panels + j * steps)
  }
}

@inline(__always) private func copyLanes(_ from: UnsafePointer<Double>, _ to: UnsafeMutablePointer<Double>) {
  // Unsafe: eight neighbouring numbers of the 32 that the caller has found.
  storeLanes(loadLanes(from), to)
}

/// Columns of B side by side, step after step. Columns beyond the edge are 0.
private func packPanel(_ b: MatrixView, steps: Int, columns: Int, into panel: UnsafeMutablePointer<Double>) {
  // Unsafe: k < steps and j < columns, a column beyond the last being replaced by it; four numbers are stored at j <
  // columns, a multiple of four, so within tileColumns, a multiple of eight.
  let tileColumns = ProductTile.columns
  if columns < tileColumns { panel.update(repeating: 0, count: steps * tileColumns) }
  if b.columnStride == 1 {
    for k in 0..<steps { (panel + k &* tileColumns).update(from: b.base + k &* b.rowStride, count: columns) }
  } else {
    for j in stride(from: 0, to: columns, by: 4) {
      // Four columns at a time: each is read along its length, and four numbers are written at once.
      let p0 = b.at(0, j)
      let p1 = b.at(0, min(j + 1, columns - 1))
      let p2 = b.at(0, min(j + 2, columns - 1))
      let p3 = b.at(0, min(j + 3, columns - 1))
      var from = 0
      var to = UnsafeMutableRawPointer(panel + j)
      for _ in 0..<steps {
        to.storeBytes(of: SIMD4(p0[from], p1[from], p2[from], p3[from]), as: SIMD4<Double>.self)
        from &+= b.rowStride
        to += tileColumns &* 8
      }
    }
  }
}
