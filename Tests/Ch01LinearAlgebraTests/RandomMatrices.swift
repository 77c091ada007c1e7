import Ch01LinearAlgebra
import TestSupport

extension Matrix {
  /// Independent elements, uniform between -1 and 1; the same ones for the same seed.
  static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed)
    return Matrix(rows: rows, columns: columns, elements: generator.uniform(-1...1, count: rows * columns))
  }

  static func randomSymmetric(_ n: Int, seed: UInt64) -> Matrix {
    let a = random(n, n, seed: seed)
    return 0.5 * (a + a.transposed())
  }

  /// The largest difference of two elements.
  func distance(to other: Matrix) -> Double {
    rows == other.rows && columns == other.columns ? (self - other).largestMagnitude : .infinity
  }

  /// How far the columns are from orthonormal: max |QᵀQ - 1|.
  var orthogonalityDefect: Double { product(transposed: self, self).distance(to: .identity(columns)) }

  /// 1/(i + j + 1), of condition e^{3.5 n}: the usual example of a matrix that is nearly singular.
  static func hilbert(_ n: Int) -> Matrix { Matrix(rows: n, columns: n) { i, j in 1 / Double(i + j + 1) } }
}
