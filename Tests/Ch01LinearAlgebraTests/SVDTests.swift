import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.8 Singular values") struct SingularValues {
  func recomposed(_ svd: SVD) -> Matrix {
    let scaled = Matrix(rows: svd.left.rows, columns: svd.values.count) { i, k in svd.left[i, k] * svd.values[k] }
    return product(scaled, transposed: svd.right)
  }

  @Test(
    "A = U Σ Vᵀ with orthonormal U and V and descending values",
    arguments: [(0, 0), (3, 0), (0, 3), (1, 1), (1, 5), (6, 6), (30, 7), (7, 30), (80, 64)])
  func decomposition(m: Int, n: Int) {
    let a = Matrix.random(m, n, seed: 1)
    let svd = SVD(a)
    let tolerance = 1e-15 * Double(m + n + 5)
    #expect(recomposed(svd).distance(to: a) < tolerance && svd.converged)
    #expect(svd.left.orthogonalityDefect < tolerance && svd.right.orthogonalityDefect < tolerance)
    #expect(svd.values == svd.values.sorted(by: >) && svd.values.allSatisfy { $0 >= 0 })
    #expect(svd.rank() == min(m, n))
  }

  @Test("singular values are the roots of the eigenvalues of AᵀA, and of symmetric matrices the |λ|")
  func eigenvalues() {
    let a = Matrix.random(40, 25, seed: 2)
    let squares = SymmetricEigen(columnGram(a), vectors: false).values.reversed().map { $0.squareRoot() }
    #expect(SVD(a).values ≈ squares ± 1e-13)
    let b = Matrix.randomSymmetric(25, seed: 3)
    let magnitudes = SymmetricEigen(b, vectors: false).values.map(abs).sorted(by: >)
    #expect(SVD(b).values ≈ magnitudes ± 1e-13)
    #expect(SVD(b).values.reduce(1, *) ≈ abs(LU(b).determinant).within(relative: 1e-11))
  }

  @Test("the bidiagonal matrix of a string has the values 2 sin((2k-1)π/(4n+2))", arguments: [1, 2, 10, 50])
  func string(n: Int) {
    // BᵀB is the second difference with one free end.
    let b = Matrix(rows: n, columns: n) { i, j in i == j ? 1 : j == i + 1 ? -1 : 0 }
    let expected = (1...n).reversed().map { k -> Double in 2 * .sin(Double(2 * k - 1) * .pi / Double(4 * n + 2)) }
    #expect(SVD(b).values ≈ expected ± 1e-14)
  }

  @Test("a matrix without full rank still has orthonormal U and V, and its rank is seen")
  func rankDeficient() {
    let a = Matrix.random(20, 3, seed: 4) * Matrix.random(3, 12, seed: 5)
    for matrix in [a, a.transposed(), Matrix(rows: 5, columns: 3), Matrix(diagonal: [0, 2, 0])] {
      let svd = SVD(matrix)
      #expect(svd.left.orthogonalityDefect < 1e-13 && svd.right.orthogonalityDefect < 1e-13)
      #expect(recomposed(svd).distance(to: matrix) < 1e-13)
    }
    #expect(SVD(a).rank() == 3 && SVD(Matrix(rows: 5, columns: 3)).rank() == 0)
    #expect(SVD(Matrix(rows: 5, columns: 3)).condition == .infinity)
  }

  @Test("of all least-squares solutions the shortest is given")
  func shortest() {
    // x + y = 2 has the shortest solution (1, 1).
    #expect(SVD([[1, 1]]).leastSquares([2]) ≈ [1, 1] ± 1e-15)
    #expect(SVD([[1, 1], [1, 1]]).leastSquares([1, 3]) ≈ [1, 1] ± 1e-15)
  }

  @Test("columns scaled over 30 orders of magnitude keep each value's digits")
  func scaledColumns() {
    // Orthogonal columns of lengths 1e15, 1 and 1e-15.
    let a: Matrix = [[3e15, 4, 0], [4e15, -3, 0], [0, 0, 5e-15]]
    let svd = SVD(a)
    for (value, expected) in zip(svd.values, [5e15, 5, 5e-15]) { #expect(value ≈ expected.within(relative: 1e-14)) }
  }

  @Test("values that fall over 120 orders of magnitude do not keep the rotations from converging")
  func graded() {
    let n = 24
    let random = Matrix.random(n, n, seed: 7)
    let a = Matrix(rows: n, columns: n) { i, j in Double.pow(10, -5 * Double(max(i, j))) * (i == j ? 2 : random[i, j]) }
    let svd = SVD(a)
    #expect(svd.converged && svd.right.orthogonalityDefect < 1e-13 && svd.left.orthogonalityDefect < 1e-13)
    // The product of values of all sizes is the determinant.
    let logMagnitude = svd.values.reduce(0) { $0 + Double.log($1) }
    #expect(logMagnitude ≈ LU(a).logDeterminant.logMagnitude.within(relative: 1e-13))
  }

  @Test("matrices near the ends of the range of Double are decomposed like others", arguments: [1e300, 1e-300])
  func extremes(factor: Double) {
    let a = Matrix.random(6, 4, seed: 6)
    #expect(SVD(factor * a).values ≈ SVD(a).values.map { $0 * factor }.within(relative: 1e-14))
  }

  @Test("matrices whose numbers are too small to have a reciprocal are decomposed too")
  func subnormal() {
    let (small, twice) = (0x1p-1040, 0x1p-1039)
    let svd = SVD([[small, 0], [0, twice]])
    #expect(svd.converged && svd.values == [twice, small])
    let eigen = SymmetricEigen([[twice, 0], [0, small]])
    #expect(eigen.converged && eigen.values == [small, twice])
  }

  @Test("NaN and infinity are not decomposed, and it is said")
  func notFinite() {
    for bad in [Double.nan, .infinity] {
      for matrix: Matrix in [[[1, bad], [0, 1], [2, 1]], [[1, 0, 2], [bad, 1, 1]]] {
        let svd = SVD(matrix)
        #expect(!svd.converged && svd.values.allSatisfy(\.isNaN) && svd.values.count == 2)
      }
    }
  }
}
