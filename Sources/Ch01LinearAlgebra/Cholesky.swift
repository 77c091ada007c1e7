import Ch00Lanes

/// A = L Lᵀ for a symmetric, positive definite A, with L lower triangular.
///
///     guard let cholesky = Cholesky(metric) else { … }    // not positive definite
///     let x = cholesky.solve(gradient)
///
/// Half the work of LU, no pivoting, and the cheapest test of positive definiteness: it succeeds if A is that by a
/// margin of about n² · 2⁻⁵³ ‖A‖, and fails if A falls short by it.
public struct Cholesky: Sendable {
  /// L, with zeros above the diagonal.
  public let factor: Matrix

  /// L for A [n × n], of which only the diagonal and what is below it are read; nil if A is not positive definite or
  /// holds NaN.
  /// - Complexity: ⅓ n³ operations, for large n nearly all in matrix products.
  /// - Precondition: A is square.
  public init?(_ a: Matrix) {
    precondition(a.isSquare, "Cholesky needs a square matrix, not \(a.rows) × \(a.columns)")
    let n = a.rows
    var work = a
    // Unsafe: the blocks go to the kernels of products as pointers into one array. Rows and columns run to n of an n ×
    // n matrix: `isSquare`.
    let succeeded = work.storage.withUnsafeMutableBufferPointer { buffer in
      guard let a = buffer.baseAddress else { return true }
      let block = 32
      for start in stride(from: 0, to: n, by: block) {
        let end = min(start + block, n)
        guard factorize(a, size: n, columns: start..<end) else { return false }
        // A₂₂ ← A₂₂ - L₂₁ L₂₁ᵀ, in the lower triangle.
        let corner = a + end * n
        let beside = MatrixView(corner + start, rowStride: n)
        addProduct(
          -1, beside, beside.transposed, rows: n - end, columns: n - end, inner: end - start, to: corner + end,
          stride: n,
          lowerOnly: true)
      }
      for i in 0..<n { (a + i * n + i + 1).update(repeating: 0, count: n - i - 1) }
      return true
    }
    guard succeeded else { return nil }
    factor = work
  }

  /// ln det A = 2 Σ ln L_ii; 0 for n = 0.
  /// - Complexity: O(n).
  public var logDeterminant: Double { factor.diagonal.reduce(0) { $0 + 2 * Double.log($1) } }

  /// A⁻¹ b, shape [n].
  /// - Complexity: 2 n² operations.
  /// - Precondition: b has n components.
  public func solve(_ b: [Double]) -> [Double] {
    solveTriangular(.lower, factor, transposed: true, solveTriangular(.lower, factor, b))
  }

  /// A⁻¹ B for the columns of B [n × m], shape [n × m].
  /// - Complexity: 2 n² m operations.
  /// - Precondition: B has n rows.
  public func solve(_ b: Matrix) -> Matrix {
    solveTriangular(.lower, factor, transposed: true, solveTriangular(.lower, factor, b))
  }

  /// A⁻¹, [n × n], symmetric to the last bit.
  /// - Complexity: O(n³).
  public func inverse() -> Matrix {
    columnGram(solveTriangular(.lower, factor, .identity(factor.rows)))
  }
}

// Unsafe: `dot` works on parts of rows. i and j are below n, the size of the caller's square matrix, and j ≤ i.
/// L in these columns, row by row; columns before them are already subtracted. False at a pivot that is not positive.
private func factorize(_ a: UnsafeMutablePointer<Double>, size n: Int, columns: Range<Int>) -> Bool {
  let start = columns.lowerBound
  for i in start..<n {
    let row = a + i * n + start
    for j in start..<min(i, columns.upperBound) {
      let other = a + j * n + start
      row[j - start] = (row[j - start] - dot(row, other, count: j - start)) / other[j - start]
    }
    guard i < columns.upperBound else { continue }
    let pivot = row[i - start] - dot(row, row, count: i - start)
    guard pivot > 0 && pivot < .infinity else { return false }
    row[i - start] = pivot.squareRoot()
  }
  return true
}
