/// A = Q T Qᵀ with T tridiagonal, by Householder reflections.
///
/// Row i, from the last to the third, is reflected so that of its elements left of the diagonal only the last one
/// stays:
///
///     H_i = 1 - τ_i v_i v_iᵀ,   v_i = (…, 1, 0 …) with i entries,   A ← H_i A H_i
///
/// which changes the leading block of i rows alone, by a symmetric rank-2 update:
///
///     p = τ A v,   w = p - ½ τ (pᵀv) v,   A ← A - v wᵀ - w vᵀ
///
/// Going upwards from the last row, everything that a step touches is the beginning of a row, contiguous in memory.
/// Only the lower triangle is read and written.
struct Tridiagonalization {
  /// T_ii, [n].
  private(set) var diagonal: [Double]
  /// T_{i+1,i}, [n - 1].
  private(set) var offDiagonal: [Double]
  /// Row i holds v_i in its first i elements, i ≥ 2.
  private var reflectors: Matrix
  private var factors: [Double]

  /// - Complexity: 4/3 n³ operations.
  /// - Precondition: A is square.
  init(_ a: Matrix) {
    precondition(a.isSquare, "only square matrices have a tridiagonal form, not \(a.rows) × \(a.columns)")
    let n = a.rows
    var work = a
    var factors = [Double](repeating: 0, count: n)
    var offDiagonal = [Double](repeating: 0, count: max(n - 1, 0))
    var w = [Double](repeating: 0, count: n)
    // Unsafe: beginnings of rows go to the kernels as pointers. i < n of an n × n matrix, and w has n numbers.
    work.storage.withUnsafeMutableBufferPointer { buffer in
      w.withUnsafeMutableBufferPointer { w in
        guard let a = buffer.baseAddress, let w = w.baseAddress else { return }
        for i in stride(from: n - 1, through: 1, by: -1) {
          let v = a + i * n
          (offDiagonal[i - 1], factors[i]) = reflector(ofLeading: i, v)
          if factors[i] != 0 { reflectLeadingBlock(a, stride: n, size: i, v, factors[i], w) }
        }
      }
    }
    diagonal = work.diagonal
    self.offDiagonal = offDiagonal
    self.factors = factors
    reflectors = work
  }

  /// Qᵀ = H₂ H₃ … H_{n-1}: the basis in which A is tridiagonal, a vector in each row.
  ///
  /// Built from the small end: before H_i is applied from the right, the product differs from the identity in the first
  /// i - 1 rows and columns only.
  /// - Complexity: 4/3 n³ operations.
  func transposedBasis() -> Matrix {
    let n = factors.count
    var basis = Matrix.identity(n)
    // Unsafe: beginnings of rows go to the kernels as pointers. r < i < n, and both matrices are n × n.
    basis.storage.withUnsafeMutableBufferPointer { basis in
      reflectors.storage.withUnsafeBufferPointer { reflectors in
        guard let basis = basis.baseAddress, let reflectors = reflectors.baseAddress else { return }
        for i in 2..<max(n, 2) where factors[i] != 0 {
          let v = reflectors + i * n
          for r in 0..<i {
            let row = basis + r * n
            add(-factors[i] * dot(row, v, count: i), v, to: row, count: i)
          }
        }
      }
    }
    return basis
  }
}

/// Replaces x by v, and gives β and τ of the reflection that maps x to (0 … 0, β); v ends with 1.
private func reflector(ofLeading count: Int, _ x: UnsafeMutablePointer<Double>) -> (beta: Double, tau: Double) {
  // Unsafe: the first `count` ≥ 1 elements of a row that has at least as many.
  let last = x[count - 1]
  let rest = norm(UnsafeBufferPointer(start: x, count: count - 1))
  guard rest > 0 else { return (last, 0) }
  // β with the sign opposite to that of the last element: the difference below does not cancel.
  let length = norm(UnsafeBufferPointer(start: x, count: count))
  let beta = last > 0 ? -length : length
  let pivot = last - beta
  for j in 0..<count - 1 { x[j] /= pivot }
  x[count - 1] = 1
  return (beta, -pivot / beta)
}

/// A ← H A H for the leading block of `size` rows, in its lower triangle. `w` is scratch.
private func reflectLeadingBlock(
  _ a: UnsafeMutablePointer<Double>, stride: Int, size: Int, _ v: UnsafePointer<Double>, _ tau: Double,
  _ w: UnsafeMutablePointer<Double>
) {
  // Unsafe: r < size, at most the rows of the caller's square matrix and the length of w and v.
  // p = τ A v: each row of the triangle serves as a row and as a column.
  w.update(repeating: 0, count: size)
  for r in 0..<size {
    let row = a + r * stride
    w[r] += addAndDot(v[r], row, to: w, v, count: r) + row[r] * v[r]
  }
  scale(w, by: tau, count: size)
  // w = p - ½ τ (pᵀv) v.
  add(-0.5 * tau * dot(w, v, count: size), v, to: w, count: size)
  // A ← A - v wᵀ - w vᵀ.
  for r in 0..<size { add(-v[r], w, -w[r], v, to: a + r * stride, count: r + 1) }
}
