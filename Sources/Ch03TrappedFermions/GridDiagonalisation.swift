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

  /// In ħω: what takes a second or so up to three fermions, some for four and five, and a minute or two for six.
  package static func defaultTolerance(particles: Int) -> Double {
    switch particles {
    case ...2: 1e-10
    case 3: 1e-9
    case 4: 1e-8
    case 5: 1e-6
    default: 1e-5
    }
  }
}

/// The exact ground state: all ways of putting A fermions on N grid points, and the lowest level by Lanczos.
///
/// Spacing and box are refined one at a time, in step: the box, which is bounded by the energy of the trap at its ends,
/// grows by 25 % in that energy, the spacing falls by a tenth. The sum of their last moves is the uncertainty. Both
/// errors fall off faster than exponentially, so the last move is several times the error that is left.
///
///     let reference = try gridDiagonalisation(TrappedFermions(particles: 3, strength: -20))
///     // -7.524472 with an uncertainty below 1e-9
///
/// - Parameters:
///   - fermions: the Hamiltonian.
///   - settings: tolerance and limits.
///   - onLevel: called after each grid, to watch the refinement.
/// - Returns: not converged where the next grid does not fit the memory: the energy of the last one and its last moves.
/// - Complexity: C(N, A) numbers, C(N, A-1)·N² multiplications an iteration, N = 35 … 55. Six fermions to 1e-5: a minute or two.
/// - Throws: ``ReferenceError`` where the trap does not hold the particles, or the first grid does not fit the memory.
public func gridDiagonalisation(
  _ fermions: TrappedFermions, settings: GridSettings = GridSettings(),
  onLevel: (_ grid: LineGrid, _ energy: Double) -> Void = { _, _ in }
) throws(ReferenceError) -> Reference {
  let scale = try TrapScale(fermions, for: .grid)
  let tolerance = settings.tolerance ?? GridSettings.defaultTolerance(particles: fermions.particles)
  // Free fermions fill the trap to `top`; in a well of the interaction they are faster.
  var reach = 0.6 * scale.top + 1
  var spacing = 0.7 * scale.coarsestSpacing
  func grid() -> LineGrid { scale.grid(reach: reach, spacing: spacing) }
  while grid().count < fermions.particles + 4 { spacing *= 0.9 }
  guard var level = GridLevel(fermions, grid: grid(), tolerance: 0.02 * tolerance, settings: settings) else {
    let bytes = GridLevel.bytes(particles: fermions.particles, points: grid().count)
    throw .tooLarge(
      method: .grid, particles: fermions.particles, gibibytes: bytes / 0x1p30, limit: settings.memoryLimit)
  }

  onLevel(level.grid, level.result.value)

  // The last move of each, and for the spacing a tenth of the one before: its error may change sign on the way.
  var boxMove = Double.infinity
  var spacingMove = Double.infinity
  var lastSpacingMove = Double.infinity
  while boxMove + spacingMove > 0.95 * tolerance {
    // The box is settled ahead of the spacing, since a wider box costs least where the spacing is still coarse.
    let widening = boxMove > 0.2 * tolerance && boxMove >= 0.003 * spacingMove
    if widening {
      // A move of nothing is no news: go on until both ends have new points.
      repeat { reach *= 1.25 } while grid().first == level.grid.first || grid().last == level.grid.last
    } else {
      spacing *= 0.9
    }
    guard let next = GridLevel(fermions, grid: grid(), tolerance: 0.02 * tolerance, settings: settings) else { break }
    let move = abs(next.result.value - level.result.value)
    if widening {
      boxMove = move
    } else {
      spacingMove = max(move, 0.1 * lastSpacingMove)
      lastSpacingMove = move
    }
    level = next
    onLevel(level.grid, level.result.value)
  }

  let uncertainty = boxMove + spacingMove + level.result.error
  return Reference(
    method: .grid, energy: level.result.value, uncertainty: uncertainty,
    isConverged: uncertainty <= tolerance, dimension: level.dimension, iterations: level.result.iterations,
    densities: settings.wantsDensities ? level.densities(settings: settings) : nil)
}
