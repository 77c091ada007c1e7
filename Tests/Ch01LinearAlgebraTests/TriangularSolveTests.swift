import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.3 Triangular systems") struct TriangularSystems {
  /// A well-conditioned triangle; the other half is NaN, to show that it is not read.
  func triangle(_ half: Triangle, _ n: Int) -> Matrix {
    let a = Matrix.random(n, n, seed: UInt64(n))
    return Matrix(rows: n, columns: n) { i, j in
      i == j ? 2 + a[i, j] : (half == .lower) == (j < i) ? a[i, j] / Double(n) : .nan
    }
  }

  @Test(
    "T x = b for both triangles, transposed or not, one or many right-hand sides", arguments: [0, 1, 2, 7, 32, 33, 100])
  func solutions(n: Int) {
    for half in [Triangle.lower, .upper] {
      let t = triangle(half, n)
      let clean = Matrix(rows: n, columns: n) { i, j in t[i, j].isNaN ? 0 : t[i, j] }
      for transposed in [false, true] {
        let acting = transposed ? clean.transposed() : clean
        let x = Matrix.random(n, 5, seed: 3)
        // Diagonally dominant: the condition is below 10, and n products of rounded numbers stay below 1.
        #expect(solveTriangular(half, t, transposed: transposed, acting * x).distance(to: x) < 1e-14)
        guard n > 0 else { continue }
        let b = acting * x.column(0)
        #expect(solveTriangular(half, t, transposed: transposed, b) ≈ x.column(0) ± 1e-14)
      }
    }
  }

  @Test("a unit diagonal is not read", arguments: [1, 5, 40])
  func unitDiagonal(n: Int) {
    for half in [Triangle.lower, .upper] {
      var t = triangle(half, n)
      var unit = Matrix(rows: n, columns: n) { i, j in t[i, j].isNaN ? 0 : t[i, j] }
      for i in 0..<n {
        t[i, i] = .nan
        unit[i, i] = 1
      }
      let x = Matrix.random(n, 3, seed: 4)
      #expect(solveTriangular(half, t, unitDiagonal: true, unit * x).distance(to: x) < 1e-13)
      let b = product(transposed: unit, x.column(0))
      #expect(solveTriangular(half, t, transposed: true, unitDiagonal: true, b) ≈ x.column(0) ± 1e-13)
    }
  }

  @Test("a zero on the diagonal shows in the solution")
  func singular() {
    #expect(!solveTriangular(.lower, [[1, 0], [1, 0]], [1, 2])[1].isFinite)
  }
}
