/// Which half of a square matrix holds its elements; the other one is not read.
public enum Triangle: Sendable {
  /// The diagonal and what is below it.
  case lower
  /// The diagonal and what is above it.
  case upper
}

/// T⁻¹ b, or T⁻ᵀ b, for a triangular T [n × n] and a vector [n].
///
///     x_i = (b_i - Σ_{j<i} t_ij x_j) / t_ii        from the first row down for a lower triangle
///
/// A zero on the diagonal makes the solution infinite or NaN, as the division says.
///
/// - Parameter unitDiagonal: the diagonal is taken to be 1 and not read, as that of LU's L.
/// - Complexity: n² operations.
package func solveTriangular(
  _ triangle: Triangle, _ t: Matrix, transposed: Bool = false, unitDiagonal: Bool = false, _ b: [Double]
) -> [Double] {
  precondition(t.isSquare && t.rows == b.count, "\(t.rows) × \(t.columns) does not act on \(b.count) components")
  var x = b
  // Unsafe: the kernels take pointers with strides, which serve transposes too. T is n × n for n components: the
  // precondition.
  t.storage.withUnsafeBufferPointer { t in
    x.withUnsafeMutableBufferPointer { x in
      guard let base = t.baseAddress, let x = x.baseAddress else { return }
      let view = MatrixView(base, rowStride: b.count)
      solveTriangular(
        transposed ? view.transposed : view, lower: (triangle == .lower) != transposed, unitDiagonal: unitDiagonal,
        size: b.count, x, columns: 1, stride: 1)
    }
  }
  return x
}

/// T⁻¹ B, or T⁻ᵀ B, for many right-hand sides: the columns of B [n × m].
/// - Complexity: n² m operations, most of them in matrix products.
package func solveTriangular(
  _ triangle: Triangle, _ t: Matrix, transposed: Bool = false, unitDiagonal: Bool = false, _ b: Matrix
) -> Matrix {
  precondition(t.isSquare && t.rows == b.rows, "\(t.rows) × \(t.columns) does not act on \(b.rows) × \(b.columns)")
  var x = b
  // Unsafe: the kernels take pointers with strides, which serve transposes too. T is n × n for n rows: the
  // precondition.
  t.storage.withUnsafeBufferPointer { t in
    x.storage.withUnsafeMutableBufferPointer { x in
      guard let base = t.baseAddress, let x = x.baseAddress else { return }
      let view = MatrixView(base, rowStride: b.rows)
      solveTriangular(
        transposed ? view.transposed : view, lower: (triangle == .lower) != transposed, unitDiagonal: unitDiagonal,
        size: b.rows, x, columns: b.columns, stride: b.columns)
    }
  }
  return x
}

/// B ← T⁻¹ B in place, B row after row at a distance of `stride`.
func solveTriangular(
  _ t: MatrixView, lower: Bool, unitDiagonal: Bool, size n: Int, _ b: UnsafeMutablePointer<Double>, columns: Int,
  stride: Int
) {
  // Unsafe: rows of B are parts of a larger matrix for `LU`. i and j are below n, the size of T and the rows of B that
  // the caller has.
  if columns == 1 && stride == 1 { return solveTriangular(t, lower: lower, unitDiagonal: unitDiagonal, size: n, b) }
  // Blocks on the diagonal row by row, what they do to the rest by one product each.
  let block = 32
  let starts = Array(Swift.stride(from: 0, to: n, by: block))
  for start in lower ? starts : starts.reversed() {
    let end = min(start + block, n)
    for step in 0..<end - start {
      let i = lower ? start + step : end - 1 - step
      let row = b + i * stride
      for j in lower ? start..<i : i + 1..<end { add(-t.at(i, j).pointee, b + j * stride, to: row, count: columns) }
      if !unitDiagonal {
        let pivot = t.at(i, i).pointee
        for k in 0..<columns { row[k] /= pivot }
      }
    }
    let solved = MatrixView(b + start * stride, rowStride: stride)
    let rest = lower ? end..<n : 0..<start
    addProduct(
      -1, t.from(rest.lowerBound, start), solved, rows: rest.count, columns: columns, inner: end - start,
      to: b + rest.lowerBound * stride, stride: stride)
  }
}

/// x ← T⁻¹ x: along the rows of T where those are contiguous, else along its columns.
private func solveTriangular(
  _ t: MatrixView, lower: Bool, unitDiagonal: Bool, size n: Int, _ x: UnsafeMutablePointer<Double>
) {
  // Unsafe: `dot` and `add` work on parts of rows. first + count and next + left are at most n, the size of T and of x.
  for step in 0..<n {
    let i = lower ? step : n - 1 - step
    let (first, count) = lower ? (0, i) : (i + 1, n - 1 - i)
    if t.columnStride == 1 { x[i] -= dot(t.at(i, first), x + first, count: count) }
    if !unitDiagonal { x[i] /= t.at(i, i).pointee }
    if t.columnStride != 1 {
      let (next, left) = lower ? (i + 1, n - 1 - i) : (0, i)
      add(-x[i], t.at(next, i), to: x + next, count: left)
    }
  }
}
