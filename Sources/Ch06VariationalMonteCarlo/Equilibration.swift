import Ch05MetropolisSampling

/// How far walkers were led before anything was counted.
public struct Equilibration: Sendable, Equatable {
  /// Sweeps of each walker.
  public let sweeps: Int
  /// Whether energy and size had stopped drifting; always so for one walker, of which no drift can be told.
  public let isStationary: Bool

  /// Numbers as they were found.
  public init(sweeps: Int, isStationary: Bool) { (self.sweeps, self.isStationary) = (sweeps, isStationary) }
}

extension VariationalMonteCarlo {
  /// Leads the walkers on, the width of their moves adapting, until they have forgotten where they began.
  ///
  /// A window is ten measurements with ten sweeps before each. For every walker w and an observable x the change from one
  /// window to the next is
  ///
  ///     d_w = mean of x over this window - mean of x over the last one
  ///
  /// Walkers are independent, whatever the correlation within each: where nothing drifts, the mean of d over W walkers is 0
  /// within sd(d)/√W. The walkers have arrived when it is so to 2.5 of these, twice in succession, for the clipped E_L and for
  /// Σ_i x_i². R̂ would not do: with few measurements correlated ones hold it above 1 however long the walk.
  ///
  /// - Parameter limit: the most windows, at least 3.
  /// - Throws: `NumericalFailure` where a local energy is not finite.
  /// - Complexity: 100 sweeps and ten local energies a window.
  public mutating func equilibrate(windows limit: Int = 40) throws(NumericalFailure) -> Equilibration {
    precondition(limit >= 3, "at least three windows are needed, got \(limit)")
    let power = walk.power
    walk.power = 2
    defer { walk.power = power }
    let (count, particles) = (walk.walkers.count, walk.walkers.particles)
    var last: [[Double]]?
    var quiet = 0
    for window in 1...limit {
      var sums = [[Double]](repeating: [Double](repeating: 0, count: count), count: 2)
      for _ in 0..<10 {
        walk.sweep(ansatz, count: 10, adaptingWidth: true, threads: threads)
        let energies = hamiltonian.localEnergies(of: ansatz, at: walk.walkers, threads: threads)
        try NumericalFailure.check(energies, at: walk.walkers, step: step)
        for (w, energy) in clipped(energies.total).enumerated() { sums[0][w] += energy }
        for (i, x) in walk.walkers.positions.enumerated() { sums[1][i / particles] += x * x }
      }
      if let last {
        let drifts = zip(sums, last).contains { now, before in
          let change = WeightedMean(zip(now, before).map { $0 - $1 })
          return abs(change.mean) > 2.5 * change.error
        }
        quiet = drifts ? 0 : quiet + 1
      }
      last = sums
      if quiet == 2 { return Equilibration(sweeps: 100 * window, isStationary: true) }
    }
    return Equilibration(sweeps: 100 * limit, isStationary: false)
  }
}
