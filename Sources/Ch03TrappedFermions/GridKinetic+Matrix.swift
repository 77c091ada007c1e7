import Ch00Lanes
import Ch01LinearAlgebra

extension GridKinetic {
  /// y = T x + diagonal·x for one fermion or two, on stored amplitudes, [states.count] each.
  ///
  /// One fermion's amplitudes are a vector ψ_P, and T ψ is a product with the matrix t. Two fermions' are an
  /// antisymmetric matrix Ψ_PP', of which the sets hold the part P < P'; then
  ///
  ///     T Ψ = t Ψ + Ψ t = t Ψ - (t Ψ)ᵀ
  ///
  /// since t is symmetric.
  /// - Complexity: N² or N³ multiplications.
  mutating func applyMatrix(_ x: [Double], _ y: inout [Double], diagonal: [Double], threads: Int) {
    let points = states.points
    states.expand(x, into: &all, threads: 1)
    if states.particles == 1 {
      let image = matrix * Array(all[..<points])
      inside.replaceSubrange(..<points, with: image)
    } else {
      // P < P' has the rank P'(P' - 1)/2 + P.
      var psi = Matrix(rows: points, columns: points)
      var rank = 0
      for q in 0..<points {
        for p in 0..<q {
          (psi[p, q], psi[q, p]) = (all[rank], -all[rank])
          rank += 1
        }
      }
      // Waking a thread takes longer than a small product.
      let image = product(matrix, psi, threads: points < 256 ? 1 : threads)
      rank = 0
      for q in 0..<points {
        for p in 0..<q {
          inside[rank] = image[p, q] - image[q, p]
          rank += 1
        }
      }
    }
    states.contract(inside, beyond, diagonal: diagonal, x, into: &y, threads: 1)
  }
}
