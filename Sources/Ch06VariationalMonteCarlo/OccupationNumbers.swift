import Ch00Lanes
import Ch01LinearAlgebra

/// How often each natural orbital is occupied: the eigenvalues of ρ, largest first, with error bars.
///
///     ∫ ρ(x, x') φ_k(x') dx' = λ_k φ_k(x),        0 ≤ λ_k ≤ 1,   Σ_k λ_k = A
///
/// A determinant of fixed orbitals (Hartree-Fock's) has A ones and zeros beyond; what lies between tells correlation.
/// The network's orbitals depend on all positions, so that its single determinant has some too. The largest eigenvalues
/// of a noisy matrix are too large on average and the smallest too small: the m largest add up to the maximum of a sum
/// over m directions, and a maximum fits the noise too. With G groups of walkers, λ of all of them and λ_(g) of all but
/// group g, the jackknife takes the leading part of that away:
///
///     value = G λ - (G-1) mean λ_(g),        error² = (G-1)/G Σ_g (λ_(g) - mean)² + (value - λ)²
///
/// The second term of the error counts the correction as uncertain. Without it error bars are too short where
/// eigenvalues are equal, as are pairs of any two fermions: there the noise splits them by its own size, and no
/// correction knows of that. In a simulation of symmetric noise with 64 groups, on pairs of equal values as on well
/// separated ones, deviations were then 0.9 to 1.1 error bars (root mean square); on four equal ones up to 1.3, and 0.9
/// in their middle.
///
/// The values add up to A like the eigenvalues, and may leave [0, 1] by their errors.
public struct OccupationNumbers: Sendable, Equatable {
  /// Corrected λ_k, [points]: pure numbers.
  public let values: [Double]
  /// Standard errors of `values`, [points]; infinite for one walker.
  public let errors: [Double]
  /// Eigenvalues of the mean matrix as they are, largest first, [points].
  public let eigenvalues: [Double]
}

extension OneBodyDensityMatrix {
  /// λ_k of the natural orbitals, largest first, with error bars.
  ///
  /// - Parameter threads: at least 1.
  ///
  /// - Complexity: an eigenproblem of [points, points] for each group of walkers: 129 at most.
  public func occupationNumbers(threads: Int = 1) -> OccupationNumbers {
    let total = projectors.total
    let eigenvalues = descending(projectors.means)
    let count = Double(projectors.groups.count)
    guard count > 1 else {
      return OccupationNumbers(
        values: eigenvalues, errors: eigenvalues.map { _ in .infinity }, eigenvalues: eigenvalues)
    }
    var parts = [[Double]](repeating: [], count: projectors.groups.count)
    parallelForEach(&parts, threads: threads) { g, values in
      values = descending(projectors.means(without: g, of: total))
    }
    var (values, errors) = (eigenvalues, eigenvalues)
    for k in eigenvalues.indices {
      let mean = parts.reduce(0) { $0 + $1[k] } / count
      values[k] = count * eigenvalues[k] - (count - 1) * mean
      let spread = parts.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) } * (count - 1) / count
      let correction = values[k] - eigenvalues[k]
      errors[k] = (spread + correction * correction).squareRoot()
    }
    return OccupationNumbers(values: values, errors: errors, eigenvalues: eigenvalues)
  }

  /// A times the eigenvalues of a mean projector, largest first.
  private func descending(_ projector: [Double]) -> [Double] {
    let matrix = Matrix(rows: grid.count, columns: grid.count, elements: projector)
    return SymmetricEigen(matrix, vectors: false).values.reversed().map { Double(particles) * $0 }
  }
}
