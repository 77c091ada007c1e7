/// Gaussian elimination: P A = L U, with L unit lower triangular and U upper triangular.
///
///     let lu = LU(a)
///     if let x = lu.solve(b) { … }                    // A x = b
///     let (sign, logMagnitude) = lu.logDeterminant
///
/// In each column the largest element that is left becomes the pivot (partial pivoting), so that all of L is at most 1
/// and the errors stay those of a matrix that differs from A by about n · 2⁻⁵³ of its largest element, but for
/// contrived cases in which U grows. A singular matrix has its factors and its determinant all the same, but no
/// solutions.
public struct LU: Sendable {
  /// U on and above the diagonal, L below it (its diagonal is 1), [n × n].
  public let factors: Matrix
  /// Row i of P A is row `permutation[i]` of A, shape [n].
  public let permutation: [Int]
  /// det P, +1 or -1.
  let permutationSign: Double
  /// ‖A‖₁, for the condition number.
  let oneNorm: Double

  /// P A = L U for A [n × n]; a singular A has factors too.
  /// - Complexity: ⅔ n³ operations, for large n nearly all in matrix products.
  /// - Precondition: A is square.
  public init(_ a: Matrix) {
    self.init(a, block: a.rows > 96 ? 32 : a.rows)
  }

  /// Elimination of `block` columns at a time.
  init(_ a: Matrix, block: Int) {
    precondition(a.isSquare, "LU needs a square matrix, not \(a.rows) × \(a.columns)")
    let n = a.rows
    var work = a
    var permutation = Array(0..<n)
    var sign = 1.0
    // Unsafe: the blocks go to the kernels of products as pointers into one array. Rows and columns run to n of an n ×
    // n matrix: `isSquare`.
    work.storage.withUnsafeMutableBufferPointer { buffer in
      guard let a = buffer.baseAddress else { return }
      for start in stride(from: 0, to: n, by: max(block, 1)) {
        let end = min(start + block, n)
        eliminate(a, size: n, columns: start..<end, &permutation, &sign)
        // Rows of U beside the block: L₁₁⁻¹ A₁₂, then A₂₂ ← A₂₂ - L₂₁ U₁₂.
        let beside = a + start * n + end
        let corner = a + end * n
        solveTriangular(
          MatrixView(a + start * n + start, rowStride: n), lower: true, unitDiagonal: true, size: end - start, beside,
          columns: n - end, stride: n)
        addProduct(
          -1, MatrixView(corner + start, rowStride: n), MatrixView(beside, rowStride: n), rows: n - end,
          columns: n - end, inner: end - start, to: corner + end, stride: n)
      }
    }
    factors = work
    self.permutation = permutation
    permutationSign = sign
    oneNorm = a.oneNorm
  }

  /// True if a pivot is exactly zero: the matrix has no inverse. Rounding hides most singular matrices from this test;
  /// `reciprocalCondition` finds those too.
  public var isSingular: Bool { factors.diagonal.contains(0) }

  /// det A = ± Π U_ii; 0 and not -0 for a singular matrix. May over- or underflow where `logDeterminant` does not.
  public var determinant: Double { factors.diagonal.reduce(permutationSign, *) + 0 }

  /// A⁻¹ b, shape [n], nil if A is singular.
  /// - Complexity: 2 n² operations.
  /// - Precondition: b has n components.
  public func solve(_ b: [Double]) -> [Double]? {
    precondition(b.count == factors.rows, "\(factors.rows) equations have \(b.count) right-hand sides")
    guard !isSingular else { return nil }
    let y = solveTriangular(.lower, factors, unitDiagonal: true, permutation.map { b[$0] })
    return solveTriangular(.upper, factors, y)
  }

  /// A⁻ᵀ b, shape [n], nil if A is singular.
  /// - Complexity: 2 n² operations.
  /// - Precondition: b has n components.
  public func solveTransposed(_ b: [Double]) -> [Double]? {
    precondition(b.count == factors.rows, "\(factors.rows) equations have \(b.count) right-hand sides")
    guard !isSingular else { return nil }
    let y = solveTriangular(.upper, factors, transposed: true, b)
    let z = solveTriangular(.lower, factors, transposed: true, unitDiagonal: true, y)
    var x = z
    for (i, row) in permutation.enumerated() { x[row] = z[i] }
    return x
  }

  /// A⁻¹ B for the columns of B [n × m], shape [n × m], nil if A is singular.
  /// - Complexity: 2 n² m operations.
  /// - Precondition: B has n rows.
  public func solve(_ b: Matrix) -> Matrix? {
    precondition(b.rows == factors.rows, "\(factors.rows) equations, but right-hand sides \(b.rows) × \(b.columns)")
    guard !isSingular else { return nil }
    let permuted = Matrix(rows: b.rows, columns: b.columns) { i, j in b[permutation[i], j] }
    return solveTriangular(.upper, factors, solveTriangular(.lower, factors, unitDiagonal: true, permuted))
  }

  /// A⁻¹, [n × n], nil if A is singular. To solve equations, `solve` is faster and more accurate.
  /// - Complexity: 2 n³ operations, beyond those of the factors.
  public func inverse() -> Matrix? { solve(.identity(factors.rows)) }
}

// Unsafe: `add` works on parts of rows. i, j and k are below n, the size of the caller's square matrix.
/// Elimination in these columns, all rows from `columns.lowerBound` on; whole rows are exchanged.
private func eliminate(
  _ a: UnsafeMutablePointer<Double>, size n: Int, columns: Range<Int>, _ permutation: inout [Int], _ sign: inout Double
) {
  for j in columns {
    // The largest element of what is left of column j.
    var pivotRow = j
    var largest = abs(a[j * n + j])
    for i in j + 1..<n where abs(a[i * n + j]) > largest {
      largest = abs(a[i * n + j])
      pivotRow = i
    }
    if pivotRow != j {
      let (upper, lower) = (a + j * n, a + pivotRow * n)
      for k in 0..<n { (upper[k], lower[k]) = (lower[k], upper[k]) }
      permutation.swapAt(j, pivotRow)
      sign = -sign
    }
    let pivot = a[j * n + j]
    if pivot == 0 { continue }  // The column is zero already; the others may go on.
    let width = columns.upperBound - j - 1
    for i in j + 1..<n {
      let row = a + i * n + j
      row[0] /= pivot
      add(-row[0], a + j * n + j + 1, to: row + 1, count: width)
    }
  }
}
