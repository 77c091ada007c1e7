import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.5 Cholesky") struct CholeskyFactorization {
  /// Positive definite with a condition below 10.
  func positive(_ n: Int) -> Matrix {
    let a = Matrix.random(n, n, seed: UInt64(n))
    return rowGram(a) + Double(n) * .identity(n)
  }

  @Test("A = L Lᵀ, as the textbook has it", arguments: [0, 1, 2, 9, 32, 33, 64, 120])
  func factor(n: Int) throws {
    let a = positive(n)
    let l = try #require(Cholesky(a)).factor
    // n products below ‖A‖ ≈ 2 n.
    let tolerance = 1e-15 * Double((n + 3) * (n + 3))
    #expect(rowGram(l).distance(to: a) < tolerance)
    #expect(l.distance(to: try #require(referenceCholesky(a))) < tolerance)
  }

  @Test("solutions, inverse and determinant agree with those of LU", arguments: [1, 4, 50, 100])
  func solutions(n: Int) throws {
    let a = positive(n)
    let cholesky = try #require(Cholesky(a))
    let lu = LU(a)
    let b = Matrix.random(n, 3, seed: 2)
    #expect(cholesky.solve(b.column(0)) ≈ (try #require(lu.solve(b.column(0)))) ± 1e-14)
    #expect(cholesky.solve(b).distance(to: try #require(lu.solve(b))) < 1e-14)
    #expect(cholesky.inverse().distance(to: try #require(lu.inverse())) < 1e-14)
    #expect(cholesky.logDeterminant ≈ lu.logDeterminant.logMagnitude.within(relative: 1e-13))
  }

  @Test("L of the matrix min(i, j) + 1 is all ones")
  func ones() throws {
    let l = try #require(Cholesky(Matrix(rows: 40, columns: 40) { i, j in Double(min(i, j) + 1) })).factor
    #expect(l == Matrix(rows: 40, columns: 40) { i, j in j <= i ? 1 : 0 })
  }

  @Test("what is not positive definite has no factor, wherever that shows")
  func indefinite() {
    #expect(Cholesky([[0]]) == nil && Cholesky([[-1]]) == nil && Cholesky([[1, 2], [2, 1]]) == nil)
    for place in [0, 31, 32, 69] {
      var a = positive(70)
      a[place, place] = -1
      #expect(Cholesky(a) == nil)
      a[place, place] = .nan
      #expect(Cholesky(a) == nil)
    }
  }

  @Test("only the lower triangle is read")
  func lowerTriangle() throws {
    let a = positive(40)
    let lower = Matrix(rows: 40, columns: 40) { i, j in j <= i ? a[i, j] : .nan }
    #expect(try #require(Cholesky(lower)).factor == (try #require(Cholesky(a))).factor)
  }
}
