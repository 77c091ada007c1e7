import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.4 Gaussian elimination") struct GaussianElimination {
  // Below and above the size from which columns are eliminated in blocks.
  @Test("P A = L U, as the textbook has it", arguments: [0, 1, 2, 5, 31, 96, 97, 150])
  func factors(n: Int) {
    let a = Matrix.random(n, n, seed: UInt64(n))
    let lu = LU(a)
    let lower = Matrix(rows: n, columns: n) { i, j in j < i ? lu.factors[i, j] : i == j ? 1 : 0 }
    let upper = Matrix(rows: n, columns: n) { i, j in j < i ? 0 : lu.factors[i, j] }
    let permuted = Matrix(rows: n, columns: n) { i, j in a[lu.permutation[i], j] }
    // Elements of U are below about n^⅔ for random matrices.
    #expect((lower * upper).distance(to: permuted) < 1e-15 * Double(n + 5))
    let reference = referenceLU(a)
    #expect(lu.permutation == reference.permutation)
    #expect(lu.factors.distance(to: reference.factors) < 1e-11)
  }

  @Test("A x = b, Aᵀ x = b and A X = B are solved", arguments: [1, 3, 40, 130])
  func solutions(n: Int) throws {
    let a = Matrix.random(n, n, seed: UInt64(n) + 100)
    let lu = LU(a)
    let x = Matrix.random(1, n, seed: 1).row(0)
    // Backward stable: a matrix that differs by n · 2⁻⁵³ is solved exactly, so the condition multiplies that.
    let tolerance = 1e-15 * Double(n + 1) / lu.reciprocalCondition
    #expect(try #require(lu.solve(a * x)) ≈ x ± tolerance)
    #expect(try #require(lu.solveTransposed(product(transposed: a, x))) ≈ x ± tolerance)
    let b = Matrix.random(n, 4, seed: 2)
    #expect((a * (try #require(lu.solve(b)))).distance(to: b) < tolerance)
    #expect((a * (try #require(lu.inverse()))).distance(to: .identity(n)) < tolerance)
  }

  @Test("the determinant is the product of the eigenvalues", arguments: [1, 2, 6, 20])
  func determinantByEigenvalues(n: Int) {
    let a = Matrix.randomSymmetric(n, seed: 7)
    let byEigenvalues = SymmetricEigen(a, vectors: false).values.reduce(1, *)
    let lu = LU(a)
    #expect(lu.determinant ≈ byEigenvalues.within(relative: 1e-13 / lu.reciprocalCondition))
    let (sign, logMagnitude) = lu.logDeterminant
    #expect(sign * Double.exp(logMagnitude) ≈ lu.determinant.within(relative: 1e-13))
  }

  @Test("determinants on paper: Vandermonde, permutation, 1 × 1 and no rows at all")
  func determinants() {
    let nodes = [0.5, 1, 2, 3.5, -1]
    let vandermonde = Matrix(rows: 5, columns: 5) { i, j in Double.pow(nodes[i], Double(j)) }
    var expected = 1.0
    for i in 0..<5 { for j in 0..<i { expected *= nodes[i] - nodes[j] } }
    #expect(LU(vandermonde).determinant ≈ expected.within(relative: 1e-13))
    #expect(LU([[0, 1, 0], [0, 0, 1], [1, 0, 0]]).determinant == 1)
    #expect(LU([[0, 1], [1, 0]]).determinant == -1)
    #expect(LU([[-3]]).logDeterminant == (-1, Double.log(3)))
    #expect(LU(Matrix(rows: 0, columns: 0)).determinant == 1)
    #expect(LU(Matrix(rows: 0, columns: 0)).logDeterminant == (1, 0))
  }

  @Test("a determinant beyond the range of Double has a logarithm")
  func overflowingDeterminant() {
    let lu = LU(1e100 * .identity(10))
    #expect(lu.determinant == .infinity)
    #expect(lu.logDeterminant.logMagnitude ≈ (1000 * Double.log(10)).within(relative: 1e-14))
  }

  @Test("a singular matrix has determinant 0, not -0, and no solution", arguments: [2, 60, 120])
  func singular(n: Int) {
    var a = Matrix.random(n, n, seed: 8)
    for i in 0..<n { a[i, n / 2] = 0 }
    let lu = LU(a)
    #expect(lu.isSingular && lu.determinant == 0 && lu.logDeterminant == (0, -.infinity))
    #expect(lu.determinant.sign == .plus && LU([[-1, 1], [1, -1]]).determinant.sign == .plus)
    #expect(lu.solve([Double](repeating: 1, count: n)) == nil && lu.inverse() == nil && lu.reciprocalCondition == 0)
  }

  @Test("the condition of a Hilbert matrix is estimated within a factor of three", arguments: 2...9)
  func hilbert(n: Int) throws {
    let h = Matrix.hilbert(n)
    let lu = LU(h)
    let exact = 1 / (h.oneNorm * (try #require(lu.inverse())).oneNorm)
    #expect(lu.reciprocalCondition >= exact * (1 - 1e-3) && lu.reciprocalCondition <= 3 * exact)
  }

  @Test("the identity, at any scale, has condition 1; 1 × 1 and no rows too", arguments: [1, 1e-300, 1e300])
  func perfectCondition(scale: Double) {
    for n in [0, 1, 2, 30] { #expect(LU(scale * .identity(n)).reciprocalCondition ≈ 1 ± 1e-15) }
  }

  @Test("the inverse of the 4 × 4 Hilbert matrix consists of the integers known from closed form")
  func hilbertInverse() throws {
    let expected: Matrix = [
      [16, -120, 240, -140], [-120, 1200, -2700, 1680], [240, -2700, 6480, -4200], [-140, 1680, -4200, 2800],
    ]
    // κ = 1.6e4 times 2⁻⁵³ times the largest element, with room for the factors of n.
    #expect(try #require(LU(Matrix.hilbert(4)).inverse()).distance(to: expected) < 1e-7)
  }

  @Test("rows scaled by powers of two from 2⁻³⁰ to 2³⁰ keep the solution of a dominant diagonal")
  func badlyScaledRows() throws {
    let n = 20
    let base = Matrix.random(n, n, seed: 9)
    let a = Matrix(rows: n, columns: n) { i, j in
      Double.pow(2, Double(i * 60 / n - 30)) * (i == j ? Double(n) : base[i, j])
    }
    let x = [Double](repeating: 1, count: n)
    #expect(try #require(LU(a).solve(a * x)) ≈ x ± 1e-12)
  }

  @Test("NaN comes out as NaN, not as a number")
  func notANumber() throws {
    let lu = LU([[1, 2], [.nan, 3]])
    #expect(lu.reciprocalCondition.isNaN)
    #expect(lu.determinant.isNaN && lu.logDeterminant.logMagnitude.isNaN)
    #expect(try #require(lu.solve([1, 1])).contains(where: \.isNaN))
  }
}
