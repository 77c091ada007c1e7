extension Matrix {
  /// True for as many rows as columns.
  public var isSquare: Bool { rows == columns }

  /// Row i as a vector, shape [columns]; an i outside 0 ..< rows stops the program.
  public func row(_ i: Int) -> [Double] {
    precondition(i >= 0 && i < rows, "row \(i) of \(rows)")
    return Array(storage[i * columns..<(i + 1) * columns])
  }

  /// Column j as a vector, shape [rows]; a j outside 0 ..< columns stops the program.
  public func column(_ j: Int) -> [Double] {
    precondition(j >= 0 && j < columns, "column \(j) of \(columns)")
    return (0..<rows).map { storage[$0 * columns + j] }
  }

  /// The elements a_ii, shape [min(rows, columns)].
  public var diagonal: [Double] { (0..<min(rows, columns)).map { storage[$0 * columns + $0] } }

  /// tr A = Σᵢ a_ii, for a square matrix the sum of its eigenvalues.
  public var trace: Double { diagonal.reduce(0, +) }

  /// The submatrix of these rows and columns, a copy; ranges that leave the matrix stop the program.
  public func block(rows rowRange: Range<Int>, columns columnRange: Range<Int>) -> Matrix {
    precondition(
      rowRange.lowerBound >= 0 && rowRange.upperBound <= rows && columnRange.lowerBound >= 0
        && columnRange.upperBound <= columns, "rows \(rowRange), columns \(columnRange) of \(rows) × \(columns)")
    var elements = ContiguousArray<Double>()
    elements.reserveCapacity(rowRange.count * columnRange.count)
    for i in rowRange {
      elements.append(contentsOf: storage[i * columns + columnRange.lowerBound..<i * columns + columnRange.upperBound])
    }
    return Matrix(rows: rowRange.count, columns: columnRange.count, elements: elements)
  }

  /// Aᵀ, [columns × rows], with (i, j) and (j, i) exchanged.
  ///
  /// Products have transposed cases of their own that save this copy: `product(transposed: a, b)`.
  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows)
    // Square tiles, so that the lines of memory read and written stay in the first-level cache until they are used up.
    let tile = 16
    // Unsafe: indices that are not checked, for speed. i < rows and j < columns stay within rows · columns elements,
    // which both matrices have.
    storage.withUnsafeBufferPointer { from in
      result.storage.withUnsafeMutableBufferPointer { to in
        for i0 in stride(from: 0, to: rows, by: tile) {
          for j0 in stride(from: 0, to: columns, by: tile) {
            for i in i0..<min(i0 + tile, rows) {
              for j in j0..<min(j0 + tile, columns) { to[j &* rows &+ i] = from[i &* columns &+ j] }
            }
          }
        }
      }
    }
    return result
  }

  /// Copies the elements below the diagonal to those above it.
  mutating func mirrorLowerTriangle() {
    // Unsafe: indices that are not checked, for speed. i and j are below n of an n × n matrix: the precondition.
    precondition(isSquare, "\(rows) × \(columns) has no two triangles")
    let n = rows
    storage.withUnsafeMutableBufferPointer { a in
      let tile = 16
      for i0 in stride(from: 0, to: n, by: tile) {
        for j0 in stride(from: 0, through: i0, by: tile) {
          for i in i0..<min(i0 + tile, n) {
            for j in j0..<max(j0, min(j0 + tile, i)) { a[j &* n &+ i] = a[i &* n &+ j] }
          }
        }
      }
    }
  }
}
