import Ch00Lanes

// Unsafe: a block of a matrix, or of its transpose, without a copy. A view has no bounds of its own: who makes it says,
// beside the call, which shape keeps (i, j) inside.
/// Part of a matrix somewhere in memory: element (i, j) stands at i · rowStride + j · columnStride.
///
/// With the strides exchanged it is the transpose, which is how one product serves all the transposed cases.
struct MatrixView {
  var base: UnsafePointer<Double>
  var rowStride: Int
  var columnStride: Int

  init(_ base: UnsafePointer<Double>, rowStride: Int, columnStride: Int = 1) {
    self.base = base
    self.rowStride = rowStride
    self.columnStride = columnStride
  }

  var transposed: MatrixView { MatrixView(base, rowStride: columnStride, columnStride: rowStride) }

  // Unsafe: an address in it; see above.
  func at(_ i: Int, _ j: Int) -> UnsafePointer<Double> { base + (i * rowStride + j * columnStride) }

  /// What begins at row i and column j.
  func from(_ i: Int, _ j: Int) -> MatrixView {
    MatrixView(at(i, j), rowStride: rowStride, columnStride: columnStride)
  }
}

/// C += factor · A B, in blocks that fit the caches.
///
/// Each block of B [at most 256 × 512] is packed once into panels as wide as a tile, which stay in the second-level
/// cache; a strip of A as high as a tile is packed beside it and stays in the first. Packing costs a reading and a
/// writing of every number, and buys that the tile's loop runs through memory one line after the other, whatever the
/// strides were. Where rows of B lie one number after the other, the first strip reads them as they are and packs them
/// on the way.
///
/// An element of C is a sum in order of k, in pieces of 256, so it does not depend on which rows or columns are
/// computed along with it: rows can be shared out among threads without a change of bits.
///
/// - Parameters:
///   - lowerOnly: leaves tiles that lie above the diagonal of C alone. Some elements above it change all the same.
///   - overwriting: C = factor · A B instead, whatever stood there, for inner > 0; not with `lowerOnly`.
///   - c: row after row at a distance of `stride`; must not overlap A or B.
/// - Complexity: 2 · rows · columns · inner operations.
func addProduct(
  _ factor: Double, _ a: MatrixView, _ b: MatrixView, rows: Int, columns: Int, inner: Int,
  to c: UnsafeMutablePointer<Double>, stride: Int, lowerOnly: Bool = false, overwriting: Bool = false
) {
  // Unsafe: blocks are pointers into the caller's matrices: i < rows, j0 + j < columns and k0 < inner keep them inside,
  // and tiles at the edge are computed in `corner`. The packed panels, the strip and the corner fit `doubles` by its
  // sum.
  guard rows > 0, columns > 0, inner > 0 else { return }
  if columns * inner <= 64 {
    return addSmallProduct(factor, a, b, rows, columns, inner, to: c, stride: stride, overwriting: overwriting)
  }
  let tileRows = ProductTile.rows
  let tileColumns = ProductTile.columns
  let depth = min(inner, 256)
  let width = (min(columns, 512) + tileColumns - 1) / tileColumns * tileColumns
  let doubles = depth * width + depth * tileRows + tileRows * tileColumns
  withPackingMemory(doubles) { panels in
    let corner = panels + depth * width
    let strip = corner + tileRows * tileColumns
    for j0 in Swift.stride(from: 0, to: columns, by: 512) {
      let blockColumns = min(512, columns - j0)
      for k0 in Swift.stride(from: 0, to: inner, by: depth) {
        let steps = min(depth, inner - k0)
        // Tiles in rows above the first column of the block are not wanted.
        let firstRow = lowerOnly ? j0 / tileRows * tileRows : 0
        guard firstRow < rows else { break }
        let block = b.from(k0, j0)
        // Columns in whole panels, which the first strip packs.
        let onTheWay =
          b.columnStride == 1 && rows >= tileRows && !lowerOnly ? blockColumns / tileColumns * tileColumns : 0
        packPanels(
          block.from(0, onTheWay), steps: steps, columns: blockColumns - onTheWay, into: panels + onTheWay * steps)
        let overwrites = overwriting && k0 == 0
        for i in Swift.stride(from: firstRow, to: rows, by: tileRows) {
          let height = min(tileRows, rows - i)
          packStrip(a.from(i, k0), steps: steps, rows: height, factor: factor, into: strip)
          // Unsafe: a tile of C is written where all of it exists, and else from the corner, height × wide numbers.
          let lastColumn = lowerOnly ? min(blockColumns, i + height - j0) : blockColumns
          for j in Swift.stride(from: 0, to: lastColumn, by: tileColumns) {
            let target = c + (i * stride + j0 + j)
            let wide = min(tileColumns, blockColumns - j)
            if i == firstRow && j < onTheWay {
              addTile(
                strip, packing: block.at(0, j), distance: b.rowStride, into: panels + j * steps, steps: steps,
                to: target, stride: stride, overwriting: overwrites)
            } else if height == tileRows && wide == tileColumns {
              addTile(
                strip, panels + j * steps, steps: steps, to: target, stride: stride, overwriting: overwrites)
            } else {
              // At the edge the whole tile is computed elsewhere, and what exists of it added, or put in its place.
              addTile(
                strip, panels + j * steps, steps: steps, to: corner, stride: tileColumns, overwriting: true)
              for r in 0..<height {
                let (from, to) = (corner + r * tileColumns, target + r * stride)
                if overwrites { to.update(from: from, count: wide) } else { add(1, from, to: to, count: wide) }
              }
            }
          }
        }
      }
    }
  }
}

/// The same by its definition, for matrices that are not worth packing.
private func addSmallProduct(
  _ factor: Double, _ a: MatrixView, _ b: MatrixView, _ rows: Int, _ columns: Int, _ inner: Int,
  to c: UnsafeMutablePointer<Double>, stride: Int, overwriting: Bool
) {
  // Unsafe: steps along a row and a column by the views' strides, `inner` of them; i < rows and j < columns.
  for i in 0..<rows {
    for j in 0..<columns {
      var sum = 0.0
      var x = a.at(i, 0)
      var y = b.at(0, j)
      for _ in 0..<inner {
        sum = multiplyAdd(x.pointee, y.pointee, sum)
        x += a.columnStride
        y += b.rowStride
      }
      let element = c + (i &* stride &+ j)
      element.pointee = overwriting ? factor * sum : element.pointee + factor * sum
    }
  }
}
