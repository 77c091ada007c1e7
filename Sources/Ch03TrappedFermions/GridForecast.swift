/// What a grid diagonalisation will take, before it begins.
///
/// How fine a grid and how wide a box a tolerance needs depends on the potentials more than on the number of
/// particles. So at most three fermions are solved first, in a second or less, and their last grid is scaled to A by
/// what the trap alone says (its filled levels and the depth of the interaction).
///
///     let forecast = try gridForecast(TrappedFermions(particles: 6, strength: -20))
///     // about 45 points, 4 million amplitudes, 0.4 GiB
public struct GridForecast: Sendable {
  /// Points of the last grid.
  public var points: Int
  /// Amplitudes of a state on it: sets of points, or mirror pairs of them.
  public var dimension: Double
  /// Memory on it, in GiB. The true number may be a third or three times as large.
  public var gibibytes: Double
  /// Memory of a grid one refinement coarser, in GiB: where even that is beyond the limit, there is no use in
  /// beginning.
  public var gibibytesBefore: Double
  /// Time of all grids together, in seconds, at the speed of the small calculations; good to a factor of three.
  public var seconds: Double
  private let particles: Int
  /// Spacing and points of all grids, coarsest first.
  private let grids: [(spacing: Double, points: Int)]

  init(
    particles: Int, grids: [(spacing: Double, points: Int)], parity: Bool, states: Int, rate: Double
  ) {
    self.particles = particles
    self.grids = grids
    func bytes(_ points: Int) -> Double {
      GridLevel.bytes(particles: particles, points: points, parity: parity, levels: states)
    }
    points = grids.last?.points ?? 0
    dimension = Double(binomial(points, particles)) * (parity ? 0.5 : 1)
    gibibytes = bytes(points) / 0x1p30
    seconds = rate * grids.reduce(0) { $0 + gridWork(particles: particles, spacing: $1.spacing, points: $1.points) }
    gibibytesBefore = bytes(grids.dropLast().last?.points ?? 0) / 0x1p30
  }

  /// Which part of all that is to do the grids up to this one are, between 0 and 1: time spent so far over it is an
  /// estimate of the whole.
  public func share(upTo grid: LineGrid) -> Double {
    func work(_ spacing: Double, _ points: Int) -> Double {
      gridWork(particles: particles, spacing: spacing, points: points)
    }
    let own = work(grid.spacing, grid.count)
    // A wider box is calculated beside each of the finer grids, now and then.
    let before = grids.filter { $0.spacing > grid.spacing * 1.0001 }.reduce(own) { $0 + work($1.spacing, $1.points) }
    let after = grids.filter { $0.spacing < grid.spacing * 0.9999 }.reduce(0) { $0 + work($1.spacing, $1.points) }
    return before / (before + after)
  }
}

/// Says what ``gridLevels(_:states:settings:onGrid:)`` will take.
///
/// - Parameters:
///   - fermions: the Hamiltonian.
///   - states: how many levels, at least 1.
///   - settings: as for the calculation; the limit of memory is not looked at.
/// - Complexity: a grid diagonalisation of three fermions, or of A where that is fewer.
/// - Throws: ``ReferenceError`` where the trap does not hold the particles.
public func gridForecast(
  _ fermions: TrappedFermions, states: Int = 1, settings: GridSettings = GridSettings()
) throws(ReferenceError) -> GridForecast {
  let scale = try TrapScale(fermions, for: .grid)
  let tolerance = settings.tolerance ?? GridSettings.defaultTolerance(particles: fermions.particles)
  // More particles have more to lose; and below 1e-7 the last steps are known without going them.
  var quick = settings
  quick.wantsDensities = false
  quick.givesUp = false
  quick.memoryLimit = 0.1
  let least = max(0.3 * tolerance, 1e-7)
  quick.tolerance = least
  let most = min(3, fermions.particles)
  var finest = 0.0
  var (reach, before) = (1.0, 0.0)
  var seconds = 0.0
  for particles in max(1, most - 1)...most {
    let few = TrappedFermions(
      particles: particles, trap: fermions.trap, interaction: fermions.interaction, length: fermions.length)
    let fewScale = try TrapScale(few, for: .grid)
    let start = ContinuousClock.now
    var refinement = try GridRefinement(few, states: states, settings: quick)
    var work = 0.0
    refinement.run { work += gridWork(particles: particles, spacing: $0.grid.spacing, points: $0.grid.count) }
    seconds = (ContinuousClock.now - start) / .seconds(1) / work
    finest = refinement.last.spacing * scale.coarsestSpacing / fewScale.coarsestSpacing
    // Fermions that repel each other fill the trap; those that attract each other may not.
    let found = refinement.last.reach
    let scaled = found * (0.6 * scale.top + 1) / (0.6 * fewScale.top + 1)
    let further = found + Double(fermions.particles - most) * (found - before)
    (before, reach) = (found, max(found, min(scaled, further)))
  }
  finest *= Double.pow(0.9, max(0, Double.log(least / (0.3 * tolerance)) / 4))
  // A cloud that holds itself together is the denser, the more fermions it has: about two steps for five more.
  if scale.depth > 0 { finest *= Double.pow(0.9, 0.4 * Double(fermions.particles - most)) }

  var grids: [(spacing: Double, points: Int)] = []
  var spacing = 0.7 * scale.coarsestSpacing
  var grid = scale.grid(reach: reach, spacing: spacing)
  grids.append((spacing, grid.count))
  while spacing > finest * 1.02 && grids.count <= 200 {
    spacing *= 0.9
    grid = scale.grid(reach: reach, spacing: spacing)
    grids.append((spacing, grid.count))
  }
  return GridForecast(
    particles: fermions.particles, grids: grids,
    parity: settings.usesParity && GridLevel.isEven(fermions, grid), states: states, rate: seconds)
}

/// Time of one grid, up to a factor: N² multiplications a rest, as much again in memory traffic as forty of them a
/// set, and iterations as 1/h.
private func gridWork(particles: Int, spacing: Double, points: Int) -> Double {
  let n = Double(points)
  return (Double(binomial(points, particles - 1)) * n * n + 40 * Double(binomial(points, particles))) / spacing
}
