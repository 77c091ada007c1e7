/// A = Q R for A [m × n], with orthonormal columns in Q and R upper triangular, by Householder reflections.
///
///     let x = QR(a).leastSquares(b)                   // min ‖A x - b‖, m ≥ n
///
/// Least squares by QR lose as many digits as A has condition, the normal equations AᵀA x = Aᵀb twice as many. For an A
/// that has no full rank, use ``SVD``.
public struct QR: Sendable {
  /// R on and above the diagonal; below it, column j holds the vector v_j of the j-th reflection 1 - τ_j v_j v_jᵀ, but
  /// for its first component, which is 1.
  private let factors: Matrix
  private let taus: [Double]

  /// A = Q R of any shape [m × n], m < n included.
  /// - Complexity: 2 n² (m - n/3) operations for m ≥ n.
  public init(_ a: Matrix) {
    let (m, n) = (a.rows, a.columns)
    var work = a
    var taus = [Double](repeating: 0, count: min(m, n))
    var v = [Double](repeating: 0, count: m)
    var scratch = [Double](repeating: 0, count: n)
    for j in taus.indices {
      for i in j..<m { v[i] = work[i, j] }
      let tau = reflector(&v, from: j)
      taus[j] = tau.factor
      work[j, j] = tau.image
      for i in j + 1..<m { work[i, j] = v[i] }
      reflect(&work, columnsFrom: j + 1, v, from: j, tau.factor, &scratch)
    }
    factors = work
    self.taus = taus
  }

  /// R, [min(m, n) × n], with zeros below the diagonal.
  public var r: Matrix {
    Matrix(rows: taus.count, columns: factors.columns) { i, j in j < i ? 0 : factors[i, j] }
  }

  /// Q, [m × min(m, n)].
  /// - Complexity: 2 n² (m - n/3) operations for m ≥ n.
  public func q() -> Matrix {
    var q = Matrix(rows: factors.rows, columns: taus.count) { i, j in i == j ? 1 : 0 }
    var scratch = [Double](repeating: 0, count: taus.count)
    // The last reflection first: then the one at hand changes only rows and columns from its own on.
    for j in taus.indices.reversed() { reflect(&q, columnsFrom: j, reflection(j), from: j, taus[j], &scratch) }
    return q
  }

  /// Qᵀ b with all m components of the full Q: the first n belong to R, the norm of the others is that of the residual.
  package func transposedQ(_ b: [Double]) -> [Double] {
    precondition(b.count == factors.rows, "a Q of \(factors.rows) rows does not act on \(b.count) components")
    var x = b
    for j in taus.indices {
      let v = reflection(j)
      add(-taus[j] * dot(v, x), v, to: &x)
    }
    return x
  }

  /// The x [n] that makes ‖A x - b‖ least, nil if R is singular to working precision: |R_jj| ≤ m · 2⁻⁵² max |R_ii| for
  /// some j.
  /// - Complexity: 4 m n operations.
  /// - Precondition: m ≥ n, and b has m components.
  public func leastSquares(_ b: [Double]) -> [Double]? {
    let (m, n) = (factors.rows, factors.columns)
    precondition(m >= n, "\(m) equations do not determine \(n) unknowns; SVD gives the shortest solution")
    let pivots = factors.diagonal.map(abs)
    let bound = Double(m) * 0x1p-52 * (pivots.max() ?? 0)
    guard pivots.allSatisfy({ $0 > bound }) else { return nil }
    let square = factors.block(rows: 0..<n, columns: 0..<n)
    return solveTriangular(.upper, square, Array(transposedQ(b)[0..<n]))
  }

  /// v_j with its leading zeros, [m].
  private func reflection(_ j: Int) -> [Double] {
    (0..<factors.rows).map { $0 < j ? 0 : $0 == j ? 1 : factors[$0, j] }
  }
}

/// Replaces x = v[from...] by the vector of the reflection that maps x to (image, 0 … 0); its first component is 1.
private func reflector(_ v: inout [Double], from first: Int) -> (factor: Double, image: Double) {
  // Unsafe: norms of parts of a vector without copies. first < v.count, so that the ranges exist.
  let (length, rest) = v.withUnsafeBufferPointer {
    (norm(UnsafeBufferPointer(rebasing: $0[first...])), norm(UnsafeBufferPointer(rebasing: $0[(first + 1)...])))
  }
  let x = v[first]
  v[first] = 1
  guard rest != 0 else { return (0, x) }
  // The sign opposite to that of x: no cancellation in the difference.
  let image = x > 0 ? -length : length
  for i in first + 1..<v.count { v[i] /= x - image }
  return ((image - x) / image, image)
}

/// A ← (1 - τ v vᵀ) A in the columns from `columnsFrom` on; v is 0 before index `from`.
private func reflect(
  _ a: inout Matrix, columnsFrom: Int, _ v: [Double], from first: Int, _ tau: Double, _ scratch: inout [Double]
) {
  let (m, n) = (a.rows, a.columns)
  let width = n - columnsFrom
  guard tau != 0, width > 0 else { return }
  // Unsafe: `add` works on parts of rows. i < m, and columnsFrom + width = n; `scratch` has n numbers, as both callers
  // make it.
  a.storage.withUnsafeMutableBufferPointer { a in
    scratch.withUnsafeMutableBufferPointer { w in
      guard let a = a.baseAddress, let w = w.baseAddress else { return }
      // w = τ vᵀA, then A ← A - v w.
      w.update(repeating: 0, count: width)
      for i in first..<m { add(tau * v[i], a + i * n + columnsFrom, to: w, count: width) }
      for i in first..<m { add(-v[i], w, to: a + i * n + columnsFrom, count: width) }
    }
  }
}
