import Ch00Lanes
import Ch01LinearAlgebra

/// One grid after the other, until the wanted levels stand still.
struct GridRefinement {
  let fermions: TrappedFermions
  let states: Int
  let settings: GridSettings
  let tolerance: Double
  private(set) var level: GridLevel
  private let scale: TrapScale
  private var reach: Double
  private var spacing: Double
  /// By level, the last move of the box and of the spacing; for the latter a tenth of the one before where that is
  /// more, since its error may change sign on the way, and what is still to come at a slow pace.
  private var boxMoves: [Double]
  private var spacingMoves: [Double]
  private var lastSpacingMoves: [Double]
  /// How many times in a row the pace of the last moves promised no end within the memory.
  private var hopelessTimes = 0

  /// Calculates the levels on the first grid.
  init(_ fermions: TrappedFermions, states: Int, settings: GridSettings) throws(ReferenceError) {
    scale = try TrapScale(fermions, for: .grid)
    self.fermions = fermions
    self.states = states
    self.settings = settings
    tolerance = settings.tolerance ?? GridSettings.defaultTolerance(particles: fermions.particles)
    // Free fermions fill the trap to `top`; in a well of the interaction they are faster.
    reach = 0.6 * scale.top + 1
    spacing = 0.7 * scale.coarsestSpacing
    var grid = scale.grid(reach: reach, spacing: spacing)
    // Room for the levels, with as many beside them in each parity.
    let room = 4 * states + 8 * (states - 1)
    while grid.count < fermions.particles + 4 || binomial(grid.count, fermions.particles) < room {
      // In the oscillator the box and the fastest state on it grow together.
      spacing *= 0.9
      reach /= 0.81
      grid = scale.grid(reach: reach, spacing: spacing)
    }
    guard let level = GridLevel(fermions, grid: grid, states: states, tolerance: 0.02 * tolerance, settings: settings)
    else {
      let bytes = GridLevel.bytes(
        particles: fermions.particles, points: grid.count,
        parity: settings.usesParity && GridLevel.isEven(fermions, grid), levels: states)
      throw .tooLarge(
        method: .grid, particles: fermions.particles, gibibytes: bytes / 0x1p30, limit: settings.memoryLimit)
    }
    self.level = level
    boxMoves = [Double](repeating: .infinity, count: states)
    spacingMoves = boxMoves
    lastSpacingMoves = boxMoves
  }

  /// Spacing of the last grid, and the energy up to which the trap lies inside it.
  var last: (spacing: Double, reach: Double) { (spacing, reach) }

  /// How far the last refinements moved each level, and what Lanczos left open; infinite before the first ones.
  var uncertainties: [Double] {
    level.levels.indices.map { boxMoves[$0] + spacingMoves[$0] + level.levels[$0].result.error }
  }

  /// Refines until all levels stand still, or the next grid does not fit the memory, or five large grids in a row
  /// promise that the last one will not: where a potential has a kink, energies settle as slowly as h², and ten digits
  /// are out of reach.
  mutating func run(_ onLevel: (GridLevel) -> Void) {
    onLevel(level)
    while let boxMove = boxMoves.max(), let spacingMove = spacingMoves.max(),
      zip(boxMoves, spacingMoves).contains(where: { $0 + $1 > 0.95 * tolerance })
    {
      // The box is settled ahead of the spacing, since a wider box costs least where the spacing is still coarse.
      let widening = boxMove > 0.2 * tolerance && boxMove >= 0.003 * spacingMove
      var grid = level.grid
      if widening {
        // A move of nothing is no news: go on until both ends have new points.
        repeat {
          reach *= 1.25
          grid = scale.grid(reach: reach, spacing: spacing)
        } while grid.first == level.grid.first || grid.last == level.grid.last
      } else {
        spacing *= 0.9
        grid = scale.grid(reach: reach, spacing: spacing)
      }
      guard
        let next = GridLevel(fermions, grid: grid, states: states, tolerance: 0.02 * tolerance, settings: settings)
      else { break }
      let moves = zip(next.levels, level.levels).map { abs($0.result.value - $1.result.value) }
      if widening {
        boxMoves = moves
      } else {
        spacingMoves = zip(moves, lastSpacingMoves).map { max($0, 0.1 * $1, stillToCome(after: $0, $1)) }
        hopelessTimes = fits(moves, next) ? 0 : hopelessTimes + 1
        lastSpacingMoves = moves
      }
      level = next
      onLevel(level)
      if hopelessTimes > 4, settings.givesUp { break }
    }
  }

  /// What the moves after this one add up to, at the pace of the last two: less than the move itself in smooth
  /// potentials, four times as much where energies settle as h². After a move below a tenth of the tolerance it is not
  /// asked: that may be rounding, which shows no pace, and no more than seven tenths of the tolerance could be missed.
  private func stillToCome(after move: Double, _ last: Double) -> Double {
    guard move > 0.1 * tolerance, move < last, last < .infinity else { return 0 }
    let pace = min(move / last, 0.85)
    return move * pace / (1 - pace)
  }

  /// Whether the grid that will have settled, at the pace of the last two moves of each level, fits the memory.
  ///
  /// Small grids cost nothing, and may be too coarse for a narrow barrier or well: they show no pace.
  private func fits(_ moves: [Double], _ level: GridLevel) -> Bool {
    func bytes(_ points: Int) -> Double {
      GridLevel.bytes(
        particles: fermions.particles, points: points,
        parity: settings.usesParity && GridLevel.isEven(fermions, level.grid), levels: states)
    }
    let limit = settings.memoryLimit * 0x1p30
    guard level.grid.count >= 500 || bytes(level.grid.count) > 0.02 * limit else { return true }
    return zip(moves, lastSpacingMoves).allSatisfy { move, last in
      guard move > tolerance, last < .infinity else { return true }
      guard move < last else { return false }
      let points =
        Double(level.grid.count) * Double.pow(1 / 0.9, Double.log(move / tolerance) / Double.log(last / move))
      return points < 1e6 && bytes(Int(points)) <= limit
    }
  }
}
