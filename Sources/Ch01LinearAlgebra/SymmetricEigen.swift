/// Eigenvalues and eigenvectors of a symmetric matrix.
///
///     A v_k = λ_k v_k,   λ₀ ≤ λ₁ ≤ …,   V = (v₀ v₁ …),   VᵀV = 1
///
///     let oscillator = SymmetricEigen(hamiltonian)
///     let ground = oscillator.values[0], state = oscillator.vectors.column(0)
///
/// Householder reflections make A tridiagonal (Tridiagonalization.swift), implicit QL steps make it diagonal
/// (TridiagonalEigen.swift). Both are backward stable: the values are those of a matrix that differs from A by a few
/// n · 2⁻⁵³ ‖A‖, so small values among large ones are exact to that and no better. Vectors of equal values are an
/// arbitrary orthonormal basis of their space, and the sign of each vector is arbitrary.
public struct SymmetricEigen: Sendable {
  /// λ₀ ≤ λ₁ ≤ …, [n].
  public internal(set) var values: [Double]
  /// Eigenvectors in columns, [n × n]; [n × 0] when only values were asked for.
  public internal(set) var vectors: Matrix
  /// False where the iteration gave up, which needs an input that is not finite; the values are NaN then.
  public internal(set) var converged: Bool

  /// The eigenproblem of a symmetric matrix, of which only the diagonal and what is below it are read.
  /// - Complexity: 4/3 n³ operations for values alone, about 8 n³ with vectors.
  /// - Precondition: A is square.
  public init(_ a: Matrix, vectors wanted: Bool = true) {
    precondition(a.isSquare, "only square matrices have eigenvalues, not \(a.rows) × \(a.columns)")
    let n = a.rows
    // A power of two brings the largest element near 1, so that no square below overflows, and changes no digit.
    let largest = largestMagnitude((0..<n).lazy.flatMap { row in a.storage[row * n...row * n + row] })
    guard largest.isFinite else {
      self = .failure(size: n, vectors: wanted)
      return
    }
    let unit = max(largest.binade, .leastNormalMagnitude)
    let tridiagonal = Tridiagonalization(unit == 1 ? a : 1 / unit * a)
    self = symmetricTridiagonalEigen(
      diagonal: tridiagonal.diagonal, offDiagonal: tridiagonal.offDiagonal,
      basis: wanted ? tridiagonal.transposedBasis() : nil)
    if unit != 1 { scale(&values, by: unit) }
  }

  init(values: [Double], vectors: Matrix, converged: Bool) {
    self.values = values
    self.vectors = vectors
    self.converged = converged
  }

  static func failure(size n: Int, vectors: Bool) -> SymmetricEigen {
    SymmetricEigen(
      values: [Double](repeating: .nan, count: n), vectors: Matrix(rows: n, columns: vectors ? n : 0, repeating: .nan),
      converged: false)
  }

  /// V f(λ) Vᵀ, [n × n]: the function of a symmetric matrix, such as its square root or its inverse.
  /// - Complexity: 2 n³ operations.
  /// - Precondition: the vectors were asked for.
  public func apply(_ f: (Double) -> Double) -> Matrix {
    precondition(vectors.columns == values.count, "a function of a matrix needs its eigenvectors")
    let f = values.map(f)
    let scaled = Matrix(rows: vectors.rows, columns: vectors.columns) { i, k in vectors[i, k] * f[k] }
    return product(scaled, transposed: vectors)
  }
}
