// Textbook versions, as short as they can be said, that the blocked ones must agree with.

/// P A = L U by elimination of one column after the other, `factors` and `permutation` as in ``LU``.
package func referenceLU(_ a: Matrix) -> (factors: Matrix, permutation: [Int]) {
  precondition(a.isSquare, "LU needs a square matrix, not \(a.rows) × \(a.columns)")
  var rows = (0..<a.rows).map { a.row($0) }
  var permutation = Array(0..<a.rows)
  for j in 0..<a.rows {
    var pivotRow = j
    for i in j..<a.rows where abs(rows[i][j]) > abs(rows[pivotRow][j]) { pivotRow = i }
    rows.swapAt(j, pivotRow)
    permutation.swapAt(j, pivotRow)
    guard rows[j][j] != 0 else { continue }
    for i in j + 1..<a.rows {
      rows[i][j] /= rows[j][j]
      for k in j + 1..<a.rows { rows[i][k] -= rows[i][j] * rows[j][k] }
    }
  }
  return (Matrix(rows), permutation)
}

/// L of A = L Lᵀ by its definition, nil if A is not positive definite.
package func referenceCholesky(_ a: Matrix) -> Matrix? {
  precondition(a.isSquare, "Cholesky needs a square matrix, not \(a.rows) × \(a.columns)")
  var l = Matrix(rows: a.rows, columns: a.rows)
  for i in 0..<a.rows {
    for j in 0...i {
      let rest = (0..<j).reduce(a[i, j]) { $0 - l[i, $1] * l[j, $1] }
      if i == j {
        guard rest > 0 else { return nil }
        l[i, i] = rest.squareRoot()
      } else {
        l[i, j] = rest / l[j, j]
      }
    }
  }
  return l
}

/// Eigenvalues of a symmetric matrix in ascending order by Jacobi's rotations of 1846: each makes one element off the
/// diagonal zero and shortens the rest, Σ_{i≠j} a_ij², by it. Ten times as slow as reflections and QL, and nothing in
/// common with them.
package func referenceEigenvalues(_ symmetric: Matrix) -> [Double] {
  precondition(
    symmetric.isSquare, "only square matrices have eigenvalues, not \(symmetric.rows) × \(symmetric.columns)")
  let n = symmetric.rows
  var a = symmetric
  for _ in 0..<30 {
    for p in 0..<max(n - 1, 0) {
      for q in p + 1..<n where a[p, q] != 0 {
        let ratio = (a[q, q] - a[p, p]) / (2 * a[p, q])
        let t = (ratio < 0 ? -1 : 1) / (abs(ratio) + (1 + ratio * ratio).squareRoot())
        let c = 1 / (1 + t * t).squareRoot()
        let s = c * t
        for k in 0..<n { (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]) }
        for k in 0..<n { (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]) }
      }
    }
    let rest = (0..<n).reduce(0) { sum, i in (0..<i).reduce(sum) { $0 + a[i, $1] * a[i, $1] } }
    if rest <= 1e-34 * a.diagonal.reduce(0, { $0 + $1 * $1 }) { break }
  }
  return a.diagonal.sorted()
}
