import Ch01LinearAlgebra
import Ch04DeterminantAnsatz

/// Where two particles are at once: n(x, x') = A(A-1) ∫ |ψ(x, x', x₃ …)|² dx₃ …, counted in square bins.
///
///     n_kl = (ordered pairs i ≠ j in bins k and l, mean over walkers and times) / width²,    Σ_kl n_kl · width² = A(A-1)
///
/// Every pair counts twice, as (x_i, x_j) and (x_j, x_i): n_kl = n_lk. With the bins of the one-body density,
/// Σ_l n_kl · width = (A-1) n_k.
public struct PairDensity: Sendable, Equatable {
  /// The bins of both coordinates.
  public let bins: Bins
  /// Pairs in each square, row-major [bins, bins], one walker at one time.
  public private(set) var counts: GroupedMeans

  /// A density without counts.
  ///
  /// - Parameters:
  ///   - bins: intervals that positions are counted in.
  ///   - walkers: those to come, or any with as many.
  public init(_ bins: Bins, walkers: Walkers) {
    self.bins = bins
    counts = GroupedMeans(walkers: walkers.count, count: bins.count * bins.count)
  }

  /// Counts walkers at one more time.
  ///
  /// - Complexity: O(walkers · particles²).
  /// - Precondition: there are as many walkers as before.
  public mutating func add(_ walkers: Walkers) {
    precondition(walkers.count == counts.walkers, "\(counts.walkers) walkers expected, got \(walkers.count)")
    let (x, n) = (walkers.positions, walkers.particles)
    counts.addTime { groups in
      for g in groups.indices {
        for walker in groups[g].walkers {
          let places = x[(walker * n)..<((walker + 1) * n)].map { bins.index(of: $0) }
          for i in 0..<n { for j in 0..<n where i != j { groups[g].sums[places[i] * bins.count + places[j]] += 1 } }
        }
      }
    }
  }

  /// n in inverse squared oscillator lengths, [bins, bins]; NaN before the first `add`.
  public func values() -> Matrix { perArea(counts.means) }
  /// Standard errors of `values` in inverse squared oscillator lengths, [bins, bins]; infinite for one walker.
  public func errors() -> Matrix { perArea(counts.standardErrors) }

  private func perArea(_ counts: [Double]) -> Matrix {
    Matrix(rows: bins.count, columns: bins.count, elements: counts.map { $0 / (bins.width * bins.width) })
  }
}
