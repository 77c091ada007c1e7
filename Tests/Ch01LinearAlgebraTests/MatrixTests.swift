import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.1 Matrices and vectors") struct Matrices {
  @Test("a matrix from rows, from a closure and from its elements is the same matrix")
  func constructions() {
    let a: Matrix = [[1, 2, 3], [4, 5, 6]]
    #expect(a == Matrix(rows: 2, columns: 3) { i, j in Double(3 * i + j + 1) })
    #expect(a == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect(a[1, 2] == 6 && a.row(1) == [4, 5, 6] && a.column(1) == [2, 5] && a.diagonal == [1, 5])
    #expect(a.block(rows: 0..<2, columns: 1..<3) == [[2, 3], [5, 6]])
    #expect(a.transposed() == [[1, 4], [2, 5], [3, 6]])
    #expect(Matrix.identity(2) == [[1, 0], [0, 1]])
    #expect("\(Matrix.identity(2))" == "[[1.0, 0.0], [0.0, 1.0]]")
  }

  @Test("transposing twice gives the matrix back", arguments: [(0, 0), (0, 3), (1, 1), (5, 40), (33, 17)])
  func transposition(rows: Int, columns: Int) {
    let a = Matrix.random(rows, columns, seed: 1)
    let t = a.transposed()
    #expect(t.rows == columns && t.columns == rows && t.transposed() == a)
  }

  @Test("copies do not share their fate")
  func valueSemantics() {
    let a: Matrix = [[1, 2], [3, 4]]
    var b = a
    b[0, 0] = 9
    #expect(a[0, 0] == 1 && b[0, 0] == 9)
  }

  @Test("sums, differences and multiples are taken element by element")
  func arithmetic() {
    let a: Matrix = [[1, 2], [3, 4]]
    let b: Matrix = [[10, 20], [30, 40]]
    #expect(a + b == [[11, 22], [33, 44]] && b - a == [[9, 18], [27, 36]] && 2 * a == [[2, 4], [6, 8]])
    var c = a
    add(-0.1, b, to: &c)
    // 0.1 is rounded, 4 · 2⁻⁵³ at most remains.
    #expect(c.distance(to: Matrix(rows: 2, columns: 2)) < 1e-15 && -a + a == Matrix(rows: 2, columns: 2))
  }

  @Test("the norms of a small matrix are those on paper")
  func norms() {
    let a: Matrix = [[1, -2], [-3, 4]]
    #expect(a.oneNorm == 6 && a.largestMagnitude == 4 && a.trace == 5)
    let bad: Matrix = [[1, .nan], [2, 3]]
    #expect(bad.oneNorm.isNaN && bad.largestMagnitude.isNaN && bad.frobeniusNorm.isNaN)
    #expect(a.frobeniusNorm ≈ 30.0.squareRoot().within(relative: 1e-15))
  }

  @Test("dot products are right at every length around the lanes' multiples", arguments: 0..<70)
  func dotProducts(n: Int) {
    let x = (0..<n).map { Double($0 + 1) }
    let ones = [Double](repeating: 1, count: n)
    // Sums of small integers are exact in any order.
    #expect(dot(x, ones) == Double(n * (n + 1) / 2))
    #expect(dot(x, x) == Double(n * (n + 1) * (2 * n + 1) / 6))
    var y = ones
    add(2, x, to: &y)
    #expect(y == x.map { 2 * $0 + 1 })
    scale(&y, by: 0.5)
    #expect(y == x.map { $0 + 0.5 })
  }

  @Test("a norm does not over- or underflow before its value does")
  func extremeNorms() {
    #expect(norm([3e200, 4e200]) ≈ 5e200.within(relative: 1e-15))
    #expect(norm([3e-200, -4e-200]) ≈ 5e-200.within(relative: 1e-15))
    #expect(norm([]) == 0 && norm([0, 0]) == 0 && norm([.infinity, 1]) == .infinity && norm([1, .nan]).isNaN)
  }
}
