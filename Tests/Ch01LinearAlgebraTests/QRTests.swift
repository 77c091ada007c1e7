import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.6 QR and least squares") struct LeastSquares {
  @Test(
    "A = Q R with orthonormal Q",
    arguments: [(0, 0), (3, 0), (0, 3), (1, 1), (1, 4), (5, 5), (9, 4), (4, 9), (60, 33), (33, 60)])
  func factors(m: Int, n: Int) {
    let a = Matrix.random(m, n, seed: 1)
    let qr = QR(a)
    let (q, r) = (qr.q(), qr.r)
    let tolerance = 1e-15 * Double(m + n + 4)
    #expect((q * r).distance(to: a) < tolerance && q.orthogonalityDefect < tolerance)
    #expect((0..<r.rows).allSatisfy { i in (0..<min(i, n)).allSatisfy { r[i, $0] == 0 } })
  }

  @Test("a parabola through points on a parabola is found")
  func parabola() throws {
    let x = (0..<20).map { Double($0) / 10 }
    let a = Matrix(rows: 20, columns: 3) { i, j in [1, x[i], x[i] * x[i]][j] }
    let fit = try #require(QR(a).leastSquares(x.map { 1 - 2 * $0 + 0.5 * $0 * $0 }))
    #expect(fit ≈ [1, -2, 0.5] ± 1e-13)
  }

  @Test("the residual is orthogonal to the columns, and its norm is what is left of Qᵀb")
  func residual() throws {
    let a = Matrix.random(50, 7, seed: 2)
    let b = Matrix.random(1, 50, seed: 3).row(0)
    let qr = QR(a)
    let x = try #require(qr.leastSquares(b))
    var residual = b
    add(-1, a * x, to: &residual)
    #expect(product(transposed: a, residual) ≈ [Double](repeating: 0, count: 7) ± 1e-13)
    #expect(norm(residual) ≈ norm(Array(qr.transposedQ(b)[7...])).within(relative: 1e-13))
    // The normal equations and the singular values lead to the same x.
    let normal = try #require(Cholesky(columnGram(a))).solve(product(transposed: a, b))
    #expect(x ≈ normal ± 1e-13)
    #expect(x ≈ SVD(a).leastSquares(b) ± 1e-13)
  }

  @Test("QR solves where the normal equations lose all digits")
  func lauchli() throws {
    // Läuchli's matrix: 1 + small² rounds to 1, so that AᵀA is singular in doubles while A is far from it.
    let small = 1e-9
    let a: Matrix = [[1, 1, 1], [small, 0, 0], [0, small, 0], [0, 0, small]]
    let x = try #require(QR(a).leastSquares([3, small, small, small]))
    // κ = √3/small, times 2⁻⁵³.
    #expect(x ≈ [1, 1, 1] ± 1e-6)
    #expect(LU(columnGram(a)).reciprocalCondition < 1e-16)
  }

  @Test("a matrix without full rank has no unique solution")
  func rankDeficient() {
    #expect(QR([[1, 2], [2, 4], [3, 6]]).leastSquares([1, 1, 1]) == nil)
    #expect(QR(Matrix(rows: 3, columns: 2)).leastSquares([1, 1, 1]) == nil)
    #expect(QR(Matrix(rows: 3, columns: 0)).leastSquares([1, 1, 1]) == [])
  }

  @Test("|det A| is the product of R's diagonal")
  func determinant() {
    let a = Matrix.random(12, 12, seed: 4)
    #expect(abs(QR(a).r.diagonal.reduce(1, *)) ≈ abs(LU(a).determinant).within(relative: 1e-12))
  }
}
