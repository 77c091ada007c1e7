import Ch01LinearAlgebra

extension Densities {
  /// ∫ n(x) dx from a to b: how many fermions are between them on average, which is what a bin of walkers counts.
  /// Negative for b < a.
  ///
  /// - Complexity: O(points²) for each of five places a grid spacing.
  public func fermions(from a: Double, to b: Double) -> Double {
    // The shortest wave of n, two of the shortest of ψ multiplied, is as long as the spacing. Gauss and Legendre's five
    // points over it leave 6e-5 of that wave and 7e-8 of one twice as long.
    let nodes = [0, 0.5384693101056831, 0.9061798459386640]
    let weights = [0.5688888888888889, 0.4786286704993665, 0.2369268850561891]
    let pieces = max(1, (abs(b - a) / grid.spacing).rounded(.up))
    let half = 0.5 * (b - a) / pieces
    var sum = 0.0
    for piece in 0..<Int(pieces) {
      let middle = a + Double(2 * piece + 1) * half
      sum += weights[0] * oneBody(at: middle)
      for k in 1...2 {
        sum += weights[k] * (oneBody(at: middle - nodes[k] * half) + oneBody(at: middle + nodes[k] * half))
      }
    }
    return sum * half
  }

  /// λ_k of the natural orbitals, ∫ ρ(x, x') φ_k(x') dx' = λ_k φ_k(x), pure numbers, largest first, shape [points].
  ///
  /// They are at most 1 and add up to A. A determinant of fixed orbitals has A ones and zeros beyond; what lies between
  /// tells how far from one the state is. Those of two fermions come in equal pairs (Schmidt's decomposition of ψ).
  ///
  /// - Complexity: a symmetric eigenproblem of [points, points], at every call.
  public var occupationNumbers: [Double] {
    SymmetricEigen(densityMatrix, vectors: false).values.reversed().map { grid.spacing * $0 }
  }
}
