import Ch00Lanes

// Matrix times matrix. The transposed cases read the operands as they lie; none makes a transposed copy.
//
// With `threads:` the rows of the result are shared out. An element is computed in the same way whoever computes it, so
// the result has the same bits on any number of threads. Waking a thread costs some 50 µs: worth it from 256³ on.

/// A B, [m × k] times [k × n], shape [m × n]; other shapes stop the program.
///
/// - Parameters:
///   - a: shape [m × k].
///   - b: shape [k × n].
///   - threads: at least 1; the bits of the result do not depend on it.
/// - Complexity: 2 m k n operations.
public func product(_ a: Matrix, _ b: Matrix, threads: Int = 1) -> Matrix {
  precondition(
    a.columns == b.rows, "the product of \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns) is not defined")
  return product(rows: a.rows, columns: b.columns, inner: a.columns, a, false, b, false, threads: threads)
}

/// Aᵀ B, [k × m] transposed times [k × n], shape [m × n]; other shapes stop the program.
///
/// - Parameters:
///   - a: shape [k × m], not transposed.
///   - b: shape [k × n].
///   - threads: at least 1; the bits of the result do not depend on it.
/// - Complexity: 2 m k n operations.
public func product(transposed a: Matrix, _ b: Matrix, threads: Int = 1) -> Matrix {
  precondition(
    a.rows == b.rows, "the product of (\(a.rows) × \(a.columns))ᵀ and \(b.rows) × \(b.columns) is not defined")
  return product(rows: a.columns, columns: b.columns, inner: a.rows, a, true, b, false, threads: threads)
}

/// A Bᵀ, [m × k] times [n × k] transposed, shape [m × n]; other shapes stop the program.
///
/// - Parameters:
///   - a: shape [m × k].
///   - b: shape [n × k], not transposed.
///   - threads: at least 1; the bits of the result do not depend on it.
/// - Complexity: 2 m k n operations.
public func product(_ a: Matrix, transposed b: Matrix, threads: Int = 1) -> Matrix {
  precondition(
    a.columns == b.columns, "the product of \(a.rows) × \(a.columns) and (\(b.rows) × \(b.columns))ᵀ is not defined")
  return product(rows: a.rows, columns: b.rows, inner: a.columns, a, false, b, true, threads: threads)
}

extension Matrix {
  /// A B, [m × k] times [k × n], on one thread; other shapes stop the program.
  public static func * (a: Matrix, b: Matrix) -> Matrix { product(a, b) }
}

/// AᵀA for A [m × n], shape [n × n], the scalar products of the columns of A: symmetric, and half the work of
/// `product(transposed: a, a)`.
public func columnGram(_ a: Matrix) -> Matrix { gram(a, size: a.columns, inner: a.rows, transposed: true) }

/// AAᵀ for A [m × n], shape [m × m], the scalar products of the rows of A: symmetric, and half the work of
/// `product(a, transposed: a)`.
public func rowGram(_ a: Matrix) -> Matrix { gram(a, size: a.rows, inner: a.columns, transposed: false) }

private func gram(_ a: Matrix, size: Int, inner: Int, transposed: Bool) -> Matrix {
  var c = Matrix(rows: size, columns: size)
  // Unsafe: the blocked product takes pointers with strides, which serve transposes too. The view is A's own shape, C
  // is size × size.
  a.storage.withUnsafeBufferPointer { a in
    c.storage.withUnsafeMutableBufferPointer { c in
      guard let a = a.baseAddress, let c = c.baseAddress else { return }
      let view = transposed ? MatrixView(a, rowStride: 1, columnStride: size) : MatrixView(a, rowStride: inner)
      addProduct(
        1, view, view.transposed, rows: size, columns: size, inner: inner, to: c, stride: size, lowerOnly: true)
    }
  }
  c.mirrorLowerTriangle()
  return c
}

private func product(
  rows: Int, columns: Int, inner: Int, _ a: Matrix, _ aTransposed: Bool, _ b: Matrix, _ bTransposed: Bool, threads: Int
) -> Matrix {
  precondition(threads > 0, "threads must be positive, got \(threads)")
  guard inner > 0 else { return Matrix(rows: rows, columns: columns) }
  /// Some rows of the product, in memory of their own.
  @Sendable func part(from firstRow: Int, rows: Int) -> Matrix {
    // Unsafe: the product writes each of the rows · columns numbers, whatever was there.
    let elements = ContiguousArray<Double>(unsafeUninitializedCapacity: rows * columns) { c, count in
      count = rows * columns
      writeProduct(
        a, aTransposed, b, bTransposed, rows: rows, columns: columns, inner: inner, firstRow: firstRow,
        to: c.baseAddress)
    }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }
  guard threads > 1, rows > ProductTile.rows else { return part(from: 0, rows: rows) }
  // One share a thread, in whole strips of tiles: each thread packs the right factor for itself, so few shares are
  // best.
  let strips = (rows + ProductTile.rows - 1) / ProductTile.rows
  let share = (strips + threads - 1) / threads * ProductTile.rows
  var parts = stride(from: 0, to: rows, by: share).map { _ in Matrix(rows: 0, columns: columns) }
  parallelForEach(&parts, threads: threads) { index, rowsOfOne in
    rowsOfOne = part(from: index * share, rows: min(share, rows - index * share))
  }
  var elements = ContiguousArray<Double>()
  elements.reserveCapacity(rows * columns)
  for part in parts { elements.append(contentsOf: part.storage) }
  return Matrix(rows: rows, columns: columns, elements: elements)
}

// Unsafe: C has room for rows · columns numbers, nil for none.
/// Rows firstRow … firstRow + rows - 1 of the product, whatever stood in C.
private func writeProduct(
  _ a: Matrix, _ aTransposed: Bool, _ b: Matrix, _ bTransposed: Bool, rows: Int, columns: Int, inner: Int,
  firstRow: Int, to c: UnsafeMutablePointer<Double>?
) {
  // Unsafe: the blocked product takes pointers with strides, which serve transposes too. The callers' preconditions
  // make the shapes fit, and shares of rows end at the last: firstRow + rows ≤ rows of the product.
  a.storage.withUnsafeBufferPointer { aElements in
    b.storage.withUnsafeBufferPointer { bElements in
      guard let aBase = aElements.baseAddress, let bBase = bElements.baseAddress, let c else { return }
      var left = MatrixView(aBase, rowStride: a.columns)
      if aTransposed { left = left.transposed }
      left.base = left.at(firstRow, 0)
      var right = MatrixView(bBase, rowStride: b.columns)
      if bTransposed { right = right.transposed }
      addProduct(
        1, left, right, rows: rows, columns: columns, inner: inner, to: c, stride: columns, overwriting: true)
    }
  }
}
