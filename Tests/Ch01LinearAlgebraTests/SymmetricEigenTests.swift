import Ch00Lanes
import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.7 Symmetric eigenproblem") struct SymmetricEigenproblem {
  /// 2 - 2 cos(kπ/(n+1)) written without cancellation: the second difference with fixed ends.
  func secondDifferenceSpectrum(_ n: Int) -> [Double] {
    (0..<n).map { k in
      let s = Double.sin(Double(k + 1) * .pi / Double(2 * n + 2))
      return 4 * s * s
    }
  }

  @Test("the second difference has the levels of a string with fixed ends", arguments: [1, 2, 3, 10, 100, 401])
  func secondDifference(n: Int) {
    let diagonal = [Double](repeating: 2, count: n)
    let beside = [Double](repeating: -1, count: n - 1)
    let expected = secondDifferenceSpectrum(n)
    // Backward stable: a few n units in the norm, 4.
    let tolerance = 4 * Double(n + 8) * 0x1p-52
    let values = symmetricTridiagonalEigen(diagonal: diagonal, offDiagonal: beside)
    #expect(values.values ≈ expected ± tolerance)
    #expect(values.converged && values.vectors.rows == n && values.vectors.columns == 0)
    let dense = Matrix(rows: n, columns: n) { i, j in i == j ? 2 : abs(i - j) == 1 ? -1 : 0 }
    let eigen = SymmetricEigen(dense)
    #expect(eigen.values ≈ expected ± tolerance)
    // The lowest vector is sin(π i/(n+1)), up to sign.
    let sine = (0..<n).map { Double.sin(Double($0 + 1) * .pi / Double(n + 1)) }
    #expect(abs(dot(eigen.vectors.column(0), sine)) / norm(sine) ≈ 1 ± 1e-12)
  }

  @Test("A V = V Λ with orthonormal V", arguments: [0, 1, 2, 3, 5, 8, 31, 64, 130, 300])
  func decomposition(n: Int) {
    let a = Matrix.randomSymmetric(n, seed: UInt64(n))
    let eigen = SymmetricEigen(a)
    let scaled = Matrix(rows: n, columns: n) { i, k in eigen.vectors[i, k] * eigen.values[k] }
    // ‖A‖ grows like √n, the errors of n reflections and some 2 n² rotations mostly average out.
    let tolerance = 1e-15 * Double(n + 10)
    #expect((a * eigen.vectors).distance(to: scaled) < tolerance)
    #expect(eigen.vectors.orthogonalityDefect < tolerance)
    #expect(eigen.values == eigen.values.sorted() && eigen.converged)
    #expect(SymmetricEigen(a, vectors: false).values ≈ eigen.values ± tolerance)
    #expect(eigen.apply { $0 }.distance(to: a) < 2 * tolerance)
  }

  @Test("a chain without diagonal has levels 2 cos(kπ/(n+1)) in pairs of opposite sign", arguments: [2, 3, 50, 700])
  func chain(n: Int) {
    let eigen = symmetricTridiagonalEigen(
      diagonal: [Double](repeating: 0, count: n), offDiagonal: [Double](repeating: 1, count: n - 1))
    let expected = (1...n).reversed().map { 2 * Double.cos(Double($0) * .pi / Double(n + 1)) }.sorted()
    #expect(eigen.values ≈ expected ± (2 * Double(n + 8) * 0x1p-52))
  }

  @Test("a chain that falls apart keeps the levels of its parts, in order, with vectors that do not mix them")
  func decoupled() {
    let eigen = symmetricTridiagonalEigen(diagonal: [5, 1, 1, -7], offDiagonal: [0, 0.5, 0], vectors: true)
    #expect(eigen.values ≈ [-7, 0.5, 1.5, 5] ± 1e-15)
    #expect(eigen.vectors.column(0).map(abs) == [0, 0, 0, 1] && eigen.vectors.column(3).map(abs) == [1, 0, 0, 0])
    let tiny = symmetricTridiagonalEigen(diagonal: [1, 0, 0], offDiagonal: [0, 1e-200])
    #expect(tiny.values[0] ≈ (-1e-200).within(relative: 1e-14))
  }

  @Test("Jacobi's rotations, which have nothing in common with QL, find the same levels", arguments: [0, 1, 2, 7, 40])
  func jacobi(n: Int) {
    let a = Matrix.randomSymmetric(n, seed: UInt64(n) + 50)
    #expect(SymmetricEigen(a, vectors: false).values ≈ referenceEigenvalues(a) ± (1e-15 * Double(n + 10)))
  }

  @Test("trace and Frobenius norm are Σλ and √Σλ²")
  func invariants() {
    let a = Matrix.randomSymmetric(50, seed: 2)
    let values = SymmetricEigen(a, vectors: false).values
    #expect(values.reduce(0, +) ≈ a.trace ± 1e-12)
    #expect(norm(values) ≈ a.frobeniusNorm.within(relative: 1e-13))
  }

  @Test("Wilkinson's W21+ has pairs of levels that agree to fourteen digits and vectors that stay orthogonal")
  func wilkinson() {
    let diagonal = (-10...10).map { Double(abs($0)) }
    let eigen = symmetricTridiagonalEigen(
      diagonal: diagonal, offDiagonal: [Double](repeating: 1, count: 20), vectors: true)
    // 10.7461941829033… and 10.7461941829034…, Wilkinson's example of levels that only look degenerate.
    #expect([eigen.values[19], eigen.values[20]] ≈ [10.746194182903, 10.746194182903] ± 1e-12)
    #expect(eigen.vectors.orthogonalityDefect < 1e-13)
  }

  @Test("degenerate levels: multiples of the identity, projectors, diagonal and zero matrices")
  func degenerate() {
    #expect(SymmetricEigen(3 * .identity(5)).values == [3, 3, 3, 3, 3])
    #expect(SymmetricEigen(Matrix(rows: 4, columns: 4)).values == [0, 0, 0, 0])
    #expect(SymmetricEigen(Matrix(diagonal: [3, -1, 2])).values == [-1, 2, 3])
    let ones = Matrix(rows: 30, columns: 30, repeating: 1)
    let eigen = SymmetricEigen(ones)
    #expect(eigen.values ≈ [Double](repeating: 0, count: 29) + [30] ± 1e-13)
    #expect(eigen.vectors.orthogonalityDefect < 1e-13)
  }

  // What decision metrics look like: a few directions matter, at scales from 1 down to 1e-16.
  @Test("a matrix of low rank, graded over many decades, has its levels found", arguments: [2, 20, 150], [8.0, 12])
  func lowRank(rank: Int, decades: Double) {
    let (n, b) = (200, Matrix.random(200, rank, seed: 7))
    let factor = Matrix(rows: n, columns: rank) { i, k in
      b[i, k] * Double.exp(-2.3 * decades * (Double(i % 7) / 7 + Double(k) / Double(rank)))
    }
    let a = product(factor, transposed: factor)
    let eigen = SymmetricEigen(a)
    #expect(eigen.converged && eigen.vectors.orthogonalityDefect < 1e-13)
    #expect(eigen.apply { $0 }.distance(to: a) < 1e-12 * a.largestMagnitude)
    #expect(eigen.values.prefix(n - rank).allSatisfy { abs($0) < 1e-13 * a.largestMagnitude })
  }

  @Test("scaling a matrix by 1e±200 scales its values and leaves its vectors", arguments: [1e200, 1e-200, 1e-305])
  func scaling(factor: Double) {
    let a = Matrix.randomSymmetric(12, seed: 5)
    let plain = SymmetricEigen(a)
    let scaled = SymmetricEigen(factor * a)
    #expect(scaled.values ≈ plain.values.map { $0 * factor }.within(relative: 1e-14))
    #expect(scaled.vectors.orthogonalityDefect < 1e-14)
  }

  @Test("only the lower triangle is read")
  func lowerTriangle() {
    let a = Matrix.randomSymmetric(9, seed: 6)
    let lower = Matrix(rows: 9, columns: 9) { i, j in j <= i ? a[i, j] : .nan }
    #expect(SymmetricEigen(lower).values == SymmetricEigen(a).values)
  }

  @Test("a matrix with NaN or infinity has no levels, and says so")
  func notFinite() {
    for bad in [Double.nan, .infinity] {
      let eigen = SymmetricEigen([[1, 0, 0], [0, 1, 0], [bad, 0, 1]])
      #expect(!eigen.converged && eigen.values.count == 3 && eigen.values.allSatisfy(\.isNaN))
    }
  }
}
