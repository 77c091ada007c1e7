import Ch04DeterminantAnsatz

/// Where the particles are: n(x) = A ∫ |ψ(x, x₂ …)|² dx₂ …, counted in bins.
///
///     n_k = (particles in bin k, mean over walkers and times) / width,        Σ_k n_k · width = A, exactly
///
///     var density = OneBodyDensity(Bins(-5...5, count: 100), walkers: walk.walkers)
///     for _ in 0..<100 {
///       walk.sweep(psi, count: 10)
///       density.add(walk.walkers)
///     }
///     print(density.values(), density.errors())
///
/// All particles of a walker are counted. They are not independent of each other, which the error bars know, since they
/// come from the spread over groups of walkers.
public struct OneBodyDensity: Sendable, Equatable {
  /// The bins that count particles.
  public let bins: Bins
  /// Particles in each bin, [bins], one walker at one time.
  public private(set) var counts: GroupedMeans

  /// A density without counts.
  ///
  /// - Parameters:
  ///   - bins: intervals that positions are counted in.
  ///   - walkers: those to come, or any with as many.
  public init(_ bins: Bins, walkers: Walkers) {
    self.bins = bins
    counts = GroupedMeans(walkers: walkers.count, count: bins.count)
  }

  /// Counts walkers at one more time.
  ///
  /// - Complexity: O(walkers · particles).
  /// - Precondition: there are as many walkers as before.
  public mutating func add(_ walkers: Walkers) {
    precondition(walkers.count == counts.walkers, "\(counts.walkers) walkers expected, got \(walkers.count)")
    let (x, n) = (walkers.positions, walkers.particles)
    counts.addTime { groups in
      for g in groups.indices {
        let range = groups[g].walkers
        for i in (range.lowerBound * n)..<(range.upperBound * n) { groups[g].sums[bins.index(of: x[i])] += 1 }
      }
    }
  }

  /// n in inverse oscillator lengths, [bins]; NaN before the first `add`.
  public func values() -> [Double] { counts.means.map { $0 / bins.width } }
  /// Standard errors of `values` in inverse oscillator lengths, [bins]; infinite for one walker.
  public func errors() -> [Double] { counts.standardErrors.map { $0 / bins.width } }
}
