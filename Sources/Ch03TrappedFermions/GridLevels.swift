/// Several levels of one system, and how far each may be off.
public struct GridLevels: Sendable {
  /// One state.
  public struct Level: Sendable {
    /// E, in ħω.
    public var energy: Double
    /// How far the last refinements of spacing and box moved it together, in ħω.
    public var uncertainty: Double
    /// What reflection does to it; nil where the trap is not even.
    public var parity: Parity?
  }

  /// The lowest levels, ascending; equal ones stand there as often as there are states.
  public var levels: [Level]
  /// Whether all uncertainties are below the tolerance.
  public var isConverged: Bool
  /// Amplitudes of a state on the last grid: sets of points, or mirror pairs of them.
  public var dimension: Int
  /// Products with the Hamiltonian that Lanczos needed on the last grid.
  public var iterations: Int

  /// The energies alone, in ħω, ascending.
  public var energies: [Double] { levels.map(\.energy) }
}

/// What one grid gave.
public struct GridProgress: Sendable {
  /// Its points.
  public var grid: LineGrid
  /// Amplitudes of a state.
  public var dimension: Int
  /// Products with the Hamiltonian that Lanczos needed.
  public var iterations: Int
  /// The levels on this grid, ascending, in ħω.
  public var energies: [Double]
}

/// The lowest levels of A fermions: excited states too, by the method of ``gridDiagonalisation(_:settings:onLevel:)``.
///
/// A level that has been found is lifted out of the way, and the lowest of what is left is the next one; so levels
/// that are equal are all found. In an even trap even and odd states are looked for apart from each other. The grid is
/// refined until the last of the levels stands still too; the higher one, the finer is its grid.
///
///     let free = try gridLevels(TrappedFermions(particles: 2, strength: 0), states: 6)
///     // free.energies: 2, 3, 4, 4, 5, 5
///
/// - Parameters:
///   - fermions: the Hamiltonian.
///   - states: how many, at least 1; another number stops the program.
///   - settings: tolerance of each level, and limits; densities are not calculated here.
///   - onGrid: called after each grid.
/// - Returns: not converged where the next grid does not fit the memory, or five large grids in a row promise that the last one
///   would not.
/// - Complexity: for K levels about 2K + 8 Lanczos iterations a grid, where the ground state alone takes one, and memory for
///   as many vectors of C(N, A) numbers, half as many in an even trap.
/// - Throws: ``ReferenceError`` where the trap does not hold the particles, or the first grid does not fit the memory.
public func gridLevels(
  _ fermions: TrappedFermions, states: Int, settings: GridSettings = GridSettings(),
  onGrid: (GridProgress) -> Void = { _ in }
) throws(ReferenceError) -> GridLevels {
  precondition(states > 0, "at least one state is needed, got \(states)")
  var settings = settings
  settings.wantsDensities = false
  var refinement = try GridRefinement(fermions, states: states, settings: settings)
  refinement.run { level in
    onGrid(
      GridProgress(
        grid: level.grid, dimension: level.dimension, iterations: level.iterations, energies: level.energies))
  }
  let levels = zip(refinement.level.levels, refinement.uncertainties).map { level, uncertainty in
    GridLevels.Level(energy: level.result.value, uncertainty: uncertainty, parity: level.parity)
  }
  return GridLevels(
    levels: levels, isConverged: levels.allSatisfy { $0.uncertainty <= refinement.tolerance },
    dimension: refinement.level.dimension, iterations: refinement.level.iterations)
}
