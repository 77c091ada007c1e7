import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("1.2 Products") struct Products {
  // Around the tile's sizes (4 × 32, 6 × 8, 2 × 8), the packing's (256, 512) and the degenerate ones.
  static let shapes = [
    (1, 1, 1), (0, 3, 2), (3, 0, 2), (3, 2, 0), (2, 3, 4), (7, 5, 9), (8, 8, 8), (5, 9, 31), (12, 33, 64), (13, 64, 33),
    (64, 128, 96), (9, 257, 34), (3, 20, 515), (67, 300, 41),
  ]

  /// A sum of k products of numbers below 1 is rounded k times, by at most half a unit of a partial sum below k.
  func rounding(_ k: Int) -> Double { Double((k + 1) * (k + 1)) * 0x1p-53 }

  @Test("the fast products are the plain ones in all transposed cases", arguments: shapes)
  func fastAgainstReference(m: Int, k: Int, n: Int) {
    let a = Matrix.random(m, k, seed: 1)
    let b = Matrix.random(k, n, seed: 2)
    let expected = referenceProduct(a, b)
    let (at, bt) = (a.transposed(), b.transposed())
    #expect((a * b).distance(to: expected) <= rounding(k))
    #expect(product(transposed: at, b).distance(to: expected) <= rounding(k))
    #expect(product(a, transposed: bt).distance(to: expected) <= rounding(k))
    #expect(referenceProduct(transposed: at, b) == expected && referenceProduct(a, transposed: bt) == expected)
  }

  @Test("Gram matrices are products with the transpose, and symmetric to the last bit", arguments: shapes)
  func gramMatrices(m: Int, k: Int, n: Int) {
    let a = Matrix.random(m, n, seed: 6)
    let columns = columnGram(a)
    let rows = rowGram(a)
    #expect(columns.distance(to: referenceProduct(transposed: a, a)) <= rounding(m))
    #expect(rows.distance(to: referenceProduct(a, transposed: a)) <= rounding(n))
    #expect(columns == columns.transposed() && rows == rows.transposed())
  }

  @Test("several threads give the bits of one")
  func threads() {
    let a = Matrix.random(131, 300, seed: 7)
    let b = Matrix.random(300, 77, seed: 8)
    let one = product(a, b)
    for threads in [2, 3, 16] {
      #expect(product(a, b, threads: threads) == one)
      #expect(product(transposed: a.transposed(), b, threads: threads) == product(transposed: a.transposed(), b))
      #expect(product(a, transposed: b.transposed(), threads: threads) == product(a, transposed: b.transposed()))
    }
  }

  @Test("matrix times vector is a product with one column", arguments: shapes)
  func vectors(m: Int, n: Int, _: Int) {
    let a = Matrix.random(m, n, seed: 9)
    let x = Matrix.random(1, n, seed: 10).row(0)
    let y = Matrix.random(1, m, seed: 11).row(0)
    #expect(a * x ≈ referenceProduct(a, x) ± rounding(n))
    #expect(product(transposed: a, y) ≈ referenceProduct(transposed: a, y) ± rounding(m))
    // yᵀ(A x) = (Aᵀy)ᵀ x.
    #expect(
      dot(y, a * x) ≈ dot(product(transposed: a, y), x) ± (rounding(m) * Double(n + 1) + rounding(n) * Double(m + 1)))
  }

  @Test("rotations of the plane compose by adding their angles")
  func composition() {
    func rotation(_ cosine: Double, _ sine: Double) -> Matrix { [[cosine, -sine], [sine, cosine]] }
    // 0.6 and 0.8 are rounded, and so is each of two products.
    #expect((rotation(0.6, 0.8) * rotation(0.8, 0.6)).distance(to: [[0, -1], [1, 0]]) < 4e-16)
  }

  @Test("sizes that do not fit stop the program")
  func sizes() async {
    await #expect(processExitsWith: .failure) { _ = Matrix.identity(2) * Matrix.identity(3) }
    await #expect(processExitsWith: .failure) { _ = Matrix.identity(2) * [1.0, 2, 3] }
    await #expect(processExitsWith: .failure) { _ = Cholesky(.identity(2))?.solve([1]) }
  }
}
