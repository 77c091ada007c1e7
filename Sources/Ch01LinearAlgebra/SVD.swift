/// Singular values and vectors: A = U Σ Vᵀ, for A [m × n] and k = min(m, n).
///
///     U [m × k], V [n × k] orthonormal in columns,   Σ = diag(σ₀ ≥ σ₁ ≥ … ≥ 0)
///
/// One-sided Jacobi: after A = Q R, plane rotations make the rows of R orthogonal to one another, G R = Σ Vᵀ, pair by
/// pair in sweeps; then U = Q Gᵀ. It converges quadratically and finds small values at least as well as any method that
/// passes through a bidiagonal matrix; those are faster from a few hundred columns on.
public struct SVD: Sendable {
  /// U, [m × k].
  public let left: Matrix
  /// σ₀ ≥ σ₁ ≥ …, [k].
  public let values: [Double]
  /// V, [n × k].
  public let right: Matrix
  /// False where the matrix holds NaN or infinity, or 40 sweeps did not suffice.
  public let converged: Bool

  /// A = U Σ Vᵀ of any shape. Not converging is said by `converged`, not an error.
  /// - Complexity: about 9 n³ operations a sweep for m ≥ n, and 6 to 10 sweeps; QR and U add 6 m n².
  public init(_ a: Matrix) {
    guard a.rows >= a.columns else {
      let transposed = SVD(a.transposed())
      left = transposed.right
      values = transposed.values
      right = transposed.left
      converged = transposed.converged
      return
    }
    let largest = a.largestMagnitude
    guard largest.isFinite else {
      left = Matrix(rows: a.rows, columns: a.columns, repeating: .nan)
      values = [Double](repeating: .nan, count: a.columns)
      right = Matrix(rows: a.columns, columns: a.columns, repeating: .nan)
      converged = false
      return
    }
    // A power of two brings the largest element near 1, so that no square below overflows.
    let unit = max(largest.binade, .leastNormalMagnitude)
    let qr = QR(1 / unit * a)
    var rows = qr.r
    var rotation = Matrix.identity(a.columns)
    converged = orthogonalizeRows(&rows, &rotation)

    // Lengths and directions of the rows, in descending order. What is shorter than 1e-140 is zero to the other values.
    let lengths = (0..<rows.rows).map { norm(rows.row($0)) }.map { $0 < 1e-140 ? 0 : $0 }
    let order = lengths.indices.sorted { (-lengths[$0], $0) < (-lengths[$1], $1) }
    values = order.map { unit * lengths[$0] }
    let n = rows.columns
    var directions = Matrix(rows: n, columns: n) { k, j in
      lengths[order[k]] > 0 ? rows[order[k], j] / lengths[order[k]] : 0
    }
    completeRows(&directions, known: lengths.count { $0 > 0 })
    right = directions.transposed()
    left = product(qr.q(), transposed: Matrix(rows: n, columns: n) { k, j in rotation[order[k], j] })
  }
}

extension SVD {
  /// How many values are above `relativeTolerance` times the largest one; by default max(m, n) · 2⁻⁵², below which
  /// rounding could explain them.
  public func rank(relativeTolerance: Double? = nil) -> Int {
    let bound = (values.first ?? 0) * tolerance(relativeTolerance)
    return values.count { $0 > bound }
  }

  /// σ_max/σ_min, infinite for a matrix without full rank and 1 for one without elements.
  public var condition: Double {
    guard let largest = values.first, let smallest = values.last else { return 1 }
    return smallest > 0 ? largest / smallest : largest.isNaN ? .nan : .infinity
  }

  /// The shortest of the x [n] that make ‖A x - b‖ least: Σ_k v_k (u_k · b)/σ_k over the values within the rank.
  /// - Complexity: 2 (m + n) k operations.
  /// - Precondition: b has m components.
  public func leastSquares(_ b: [Double], relativeTolerance: Double? = nil) -> [Double] {
    let kept = rank(relativeTolerance: relativeTolerance)
    let components = product(transposed: left, b)
    return right * components.indices.map { $0 < kept ? components[$0] / values[$0] : 0 }
  }

  private func tolerance(_ asked: Double?) -> Double { asked ?? Double(max(left.rows, right.rows)) * 0x1p-52 }
}

/// Rotates pairs of rows until all are orthogonal; `rotation` takes the same rotations. False after 40 sweeps.
private func orthogonalizeRows(_ a: inout Matrix, _ rotation: inout Matrix) -> Bool {
  let n = a.rows
  // A dot product of n terms is rounded to about this, relative to the lengths.
  let negligible = 0x1p-52 * Double(max(n, 1)).squareRoot()
  // Unsafe: two rows of one matrix are changed at a time, which two `inout` arguments could not be. i and j are below
  // n, and both matrices are n × n as the only caller makes them, R of a QR and an identity.
  return a.storage.withUnsafeMutableBufferPointer { a in
    rotation.storage.withUnsafeMutableBufferPointer { rotation in
      guard let a = a.baseAddress, let rotation = rotation.baseAddress else { return true }
      var squares = [Double](repeating: 0, count: n)
      for _ in 0..<40 {
        for i in 0..<n { squares[i] = dot(a + i * n, a + i * n, count: n) }
        var rotated = false
        for i in 0..<max(n - 1, 0) {
          for j in i + 1..<n {
            let (x, y) = (a + i * n, a + j * n)
            // Rows as short as this count as zero.
            guard squares[i] > 1e-280, squares[j] > 1e-280 else { continue }
            let product = dot(x, y, count: n)
            guard abs(product) > negligible * squares[i].squareRoot() * squares[j].squareRoot() else { continue }
            rotated = true
            // tan of the smaller angle that makes the product vanish: t² + 2 ratio t = 1.
            let ratio = (squares[j] - squares[i]) / (2 * product)
            let root = abs(ratio) < 1e8 ? (1 + ratio * ratio).squareRoot() : abs(ratio)
            let t = (ratio < 0 ? -1 : 1) / (abs(ratio) + root)
            let cosine = 1 / (1 + t * t).squareRoot()
            rotate(x, y, cosine: cosine, sine: cosine * t, count: n)
            rotate(rotation + i * n, rotation + j * n, cosine: cosine, sine: cosine * t, count: n)
            squares[i] = dot(x, x, count: n)
            squares[j] = dot(y, y, count: n)
          }
        }
        if !rotated { return true }
      }
      return false
    }
  }
}

/// Fills the rows after the first `known` ones, which are orthonormal, so that all are.
private func completeRows(_ a: inout Matrix, known: Int) {
  let n = a.columns
  for k in known..<max(a.rows, known) {
    // The axis that the rows so far cover least keeps at least √((n - k)/n) of its length.
    let covered = (0..<n).map { j in (0..<k).reduce(0) { $0 + a[$1, j] * a[$1, j] } }
    let axis = covered.indices.min { covered[$0] < covered[$1] } ?? 0
    var x = [Double](repeating: 0, count: n)
    x[axis] = 1
    // Twice is enough: the second time removes what rounding left of the first.
    for _ in 0..<2 {
      for i in 0..<k {
        let row = a.row(i)
        add(-dot(row, x), row, to: &x)
      }
    }
    let length = norm(x)
    for j in 0..<n { a[k, j] = x[j] / length }
  }
}
