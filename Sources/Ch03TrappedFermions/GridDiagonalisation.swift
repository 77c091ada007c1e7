import Ch00Lanes
import Ch01LinearAlgebra

/// What a grid diagonalisation is asked for.
///
///     let quick = GridSettings(tolerance: 1e-4)
public struct GridSettings: Sendable {
  /// Largest change of the energy that the last refinements of spacing and box may cause together, in ħω; nil for the
  /// default.
  public var tolerance: Double?
  /// Threads that share the products of Lanczos.
  public var threads: Int
  /// Whether the densities of the last state are wanted; doubles the time of the last grid.
  public var wantsDensities: Bool
  /// Memory that may be used, in GiB; where a finer grid needs more, refinement ends.
  public var memoryLimit: Double
  /// Whether a trap that is even may halve the work; tests compare.
  package var usesParity = true
  /// Whether refinement ends where the pace of five large grids promises no end within the memory.
  package var givesUp = true

  /// The defaults of the members; numbers that are not positive stop the program.
  public init(tolerance: Double? = nil, threads: Int = 2, wantsDensities: Bool = false, memoryLimit: Double = 6) {
    if let tolerance { precondition(tolerance > 0, "the tolerance must be positive, got \(tolerance)") }
    precondition(threads > 0, "threads must be positive, got \(threads)")
    precondition(memoryLimit > 0, "the memory limit must be positive, got \(memoryLimit)")
    self.tolerance = tolerance
    self.threads = threads
    self.wantsDensities = wantsDensities
    self.memoryLimit = memoryLimit
  }

  /// In ħω: what takes a second or so up to three fermions, some for four and five, a minute for six, and five for
  /// seven.
  package static func defaultTolerance(particles: Int) -> Double {
    switch particles {
    case ...2: 1e-10
    case 3: 1e-9
    case 4: 1e-8
    case 5: 1e-6
    case 6: 1e-5
    default: 1e-4
    }
  }
}

/// The exact ground state: all ways of putting A fermions on N grid points, and the lowest level by Lanczos.
///
/// Spacing and box are refined one at a time, in step: the box, which is bounded by the energy of the trap at its
/// ends, grows by 25 % in that energy, the spacing falls by a tenth. The sum of their last moves is the uncertainty.
/// Both errors fall off faster than exponentially, so the last move is several times the error that is left. Where a
/// potential has a kink they do not; then what the moves to come would add up to is counted too.
///
///     let reference = try gridDiagonalisation(TrappedFermions(particles: 3, strength: -20))
///     // -7.524472 with an uncertainty below 1e-9
///
/// Where the trap is even, u(x) = u(-x), sets of points come in mirror pairs, and one of each pair is enough.
///
/// - Parameters:
///   - fermions: the Hamiltonian.
///   - settings: tolerance and limits.
///   - onLevel: called after each grid, to watch the refinement.
/// - Returns: not converged where the next grid does not fit the memory, or five large grids in a row promise that the last one
///   would not: the energy of the last one that was calculated, and its last moves.
/// - Complexity: C(N, A) numbers, C(N, A-1)·N² multiplications an iteration, N = 35 … 55; half of both in an even trap.
/// - Throws: ``ReferenceError`` where the trap does not hold the particles, or the first grid does not fit the memory.
public func gridDiagonalisation(
  _ fermions: TrappedFermions, settings: GridSettings = GridSettings(),
  onLevel: (_ grid: LineGrid, _ energy: Double) -> Void = { _, _ in }
) throws(ReferenceError) -> Reference {
  var refinement = try GridRefinement(fermions, states: 1, settings: settings)
  refinement.run { onLevel($0.grid, $0.energies[0]) }
  let uncertainty = refinement.uncertainties[0]
  return Reference(
    method: .grid, energy: refinement.level.levels[0].result.value, uncertainty: uncertainty,
    isConverged: uncertainty <= refinement.tolerance, dimension: refinement.level.dimension,
    iterations: refinement.level.iterations,
    densities: settings.wantsDensities ? refinement.level.densities() : nil)
}
