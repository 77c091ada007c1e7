import Ch00Lanes
import Ch01LinearAlgebra

/// The lowest levels of A fermions on one grid.
///
/// Each set of points carries one amplitude, see ``GridStates``. Potentials are diagonal; the kinetic energy moves one
/// fermion at a time.
package struct GridLevel {
  /// One level, with its vector where that was asked for or other levels needed it.
  package struct Level {
    package var result: LanczosResult
    package var parity: Parity?
  }

  let grid: LineGrid
  /// The lowest levels, ascending.
  package let levels: [Level]
  /// Their energies.
  var energies: [Double] { levels.map(\.result.value) }
  private let fermions: TrappedFermions

  /// Sets of the largest vector.
  let dimension: Int
  /// Products of all Lanczos iterations together, those for vectors not counted.
  let iterations: Int

  /// States of one parity, and their Hamiltonian.
  private struct Sector {
    let states: GridStates
    var kinetic: GridKinetic
    var energies: [Double]

    init(_ fermions: TrappedFermions, _ grid: LineGrid, _ parity: Parity?) {
      states = GridStates(particles: fermions.particles, points: grid.count, parity: parity)
      kinetic = GridKinetic(states, kinetic: grid.kineticByDistance)
      var energies = [Double](repeating: 0, count: states.count)
      let one = grid.points.map { fermions.trap($0) }
      let two = (0..<grid.count).map { fermions.interaction(Double($0) * grid.spacing) }
      states.forEachStored(one: one, two: two) { component, _, energy in energies[component] = energy }
      self.energies = energies
    }
  }

  /// Memory for A fermions on N points: three vectors over all sets for each parity, those of Lanczos over the stored
  /// ones, and tables.
  static func bytes(particles: Int, points: Int, parity: Bool, levels: Int = 1) -> Double {
    let sets = Double(binomial(points, particles))
    // Sets are numbered with 31 bits.
    guard sets < 2e9 else { return .infinity }
    let vectors = Double(levels == 1 ? 7 : 12 + 2 * levels)
    let images = parity ? 6 * Double(binomial(points, particles - 1)) : 0
    let table = 12 * Double(points * binomial(points, max(0, min(2, particles - 2))))
    // For one or two fermions t of each parity, Ψ, and their product twice, in parts and joined.
    let matrices = particles > 2 ? 0 : 40 * Double(points) * Double(points)
    return matrices + (parity && levels > 1 ? 48 : 24) * sets + 8 * vectors * (parity ? 0.5 * sets : sets) + images
      + table
  }

  /// Whether u(x) = u(-x) about the middle of the grid, to rounding; then parity halves the work.
  static func isEven(_ fermions: TrappedFermions, _ grid: LineGrid) -> Bool {
    let u = grid.points.map { fermions.trap($0) }
    return grid.count % 2 == 1
      && zip(u, u.reversed()).allSatisfy { $0 == $1 || abs($0 - $1) <= 1e-12 * (abs($0) + abs($1)) }
  }

  /// - Parameter states: how many levels.
  /// - Parameter tolerance: of the levels on this grid.
  /// - Returns: nil where the memory limit is too low.
  package init?(
    _ fermions: TrappedFermions, grid: LineGrid, states wanted: Int = 1, tolerance: Double, settings: GridSettings
  ) {
    let limit = settings.memoryLimit * 0x1p30
    let parity = settings.usesParity && Self.isEven(fermions, grid)
    guard Self.bytes(particles: fermions.particles, points: grid.count, parity: parity, levels: wanted) <= limit else {
      return nil
    }
    self.fermions = fermions
    self.grid = grid
    let ground = parity ? Parity.groundState(particles: fermions.particles) : nil
    guard wanted > 1 else {
      var sector = Sector(fermions, grid, ground)
      let result = Self.lowest(
        &sector, grid, after: [], tolerance: tolerance, wantsVector: settings.wantsDensities,
        threads: settings.threads)
      levels = [Level(result: result, parity: ground)]
      iterations = result.iterations
      dimension = sector.states.count
      return
    }

    // The next level is looked for in the sector that has got least far. Lanczos may miss a level of which its start
    // holds next to nothing, and find it later from another one; so a sector is done with where two in a row are not
    // among the lowest of all.
    let parities: [Parity?] = ground.map { [$0, $0 == .even ? .odd : .even] } ?? [nil]
    var sectors = parities.map { Sector(fermions, grid, $0) }
    var own = [[LanczosResult]](repeating: [], count: sectors.count)
    func reached(_ s: Int) -> Double {
      guard own[s].count < min(wanted + 2, sectors[s].states.count) else { return .infinity }
      return own[s].count < 2 ? -.infinity : own[s].suffix(2).reduce(.infinity) { min($0, $1.value) }
    }
    while let s = sectors.indices.min(by: { reached($0) < reached($1) }), reached(s) < .infinity {
      let all = own.joined().map(\.value).sorted()
      if all.count >= wanted, all[wanted - 1] <= reached(s) { break }
      own[s].append(
        Self.lowest(
          &sectors[s], grid, after: own[s], tolerance: tolerance, wantsVector: true, threads: settings.threads))
    }
    iterations = own.joined().reduce(0) { $0 + $1.iterations }
    dimension = sectors.map(\.states.count).max() ?? 0
    var found: [Level] = []
    for s in sectors.indices {
      let settled = rayleighRitz(own[s]) { x, y in
        sectors[s].kinetic.apply(x, &y, diagonal: sectors[s].energies, threads: settings.threads)
      }
      found += settled.map { Level(result: $0, parity: parities[s]) }
    }
    levels = Array(found.sorted { $0.result.value < $1.result.value }.prefix(wanted))
  }

  private static func lowest(
    _ sector: inout Sector, _ grid: LineGrid, after locked: [LanczosResult], tolerance: Double, wantsVector: Bool,
    threads: Int
  ) -> LanczosResult {
    let spread = Double(sector.states.particles) * grid.kineticByDistance[0]
    let start = Self.start(&sector, grid: grid, number: locked.count, threads: threads)
    return lanczosLowestLevel(
      after: locked, spread: spread, start: start, tolerance: tolerance, iterationLimit: 4000, wantsVector: wantsVector
    ) { x, y in
      sector.kinetic.apply(x, &y, diagonal: sector.energies, threads: threads)
    }
  }

  /// Π_{i<j} (x_j - x_i) · exp(-τ V), with the potential energy V and the best of a few rates τ.
  ///
  /// On a line the ground state has one sign wherever the fermions stand in order, so this overlaps it for every
  /// potential; in the harmonic trap without interaction it is the ground state, with τ = 1. Level number k is begun
  /// with the same times a product of two sums over the fermions of sin(a x_i + b), with other a and b for each k, and
  /// a little noise: a start without any symmetry, so that it overlaps every level, and of two equal levels another
  /// mixture than the one before it.
  private static func start(_ sector: inout Sector, grid: LineGrid, number: Int, threads: Int) -> [Double] {
    let particles = sector.states.particles
    let isGround = sector.states.parity.map { $0 == .groundState(particles: particles) } ?? true
    let lowest = sector.energies.min() ?? 0
    var best: [Double] = []
    var bestEnergy = Double.infinity
    var image = [Double](repeating: 0, count: sector.states.count)
    let zero = [Double](repeating: 0, count: grid.count)
    let center = Double(grid.count / 2)
    let k = Double(number)
    let waves = [(slope: (2 + 0.618 * k) / center, phase: k), (slope: (3.3 + 0.414 * k) / center, phase: 1 + 2.4 * k)]
    for rate in [1, 0.5, 0.25, 0.12] {
      var trial = image
      let energies = sector.energies
      var noise = UInt64(number)
      sector.states.forEachStored(one: zero, two: zero) { component, places, _ in
        var value = Double.exp(-rate * (energies[component] - lowest))
        for a in places.indices {
          for b in 0..<a { value *= Double(places[a] - places[b]) * grid.spacing }
        }
        if number > 0 || !isGround {
          for wave in waves {
            value *= places.reduce(0.4) { $0 + Double.sin(wave.slope * (Double($1) - center) + wave.phase) }
          }
          noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          value *= 1 + 0.5 * Double(Int64(bitPattern: noise)) * 0x1p-63
        }
        trial[component] = value
      }
      sector.kinetic.apply(trial, &image, diagonal: sector.energies, threads: threads)
      let energy = dot(trial, image) / dot(trial, trial)
      if energy < bestEnergy {
        bestEnergy = energy
        best = trial
      }
    }
    return best
  }

  /// Densities of the lowest state; its vector must have been asked for.
  func densities() -> Densities {
    var sector = Sector(fermions, grid, levels[0].parity)
    let n = grid.count
    let h = grid.spacing
    let vector = levels[0].result.vector
    var pair = Matrix(rows: n, columns: n)
    let zero = [Double](repeating: 0, count: n)
    let hasParity = levels[0].parity != nil
    sector.states.forEachStored(one: zero, two: zero) { component, places, _ in
      let probability = vector[component] * vector[component] / (h * h)
      for a in places.indices {
        for b in 0..<a {
          let (i, j) = (max(places[a], places[b]), min(places[a], places[b]))
          // Half of it is the image's.
          pair[i, j] += hasParity ? 0.5 * probability : probability
          if hasParity { pair[n - 1 - j, n - 1 - i] += 0.5 * probability }
        }
      }
    }
    for i in 0..<n { for j in 0..<i { pair[j, i] = pair[i, j] } }
    let amplitudes = sector.kinetic.densityMatrix(vector)
    let density = Matrix(rows: n, columns: n) { i, j in amplitudes[i * n + j] / h }
    return Densities(
      particles: fermions.particles, grid: grid, oneBody: (0..<n).map { density[$0, $0] }, pair: pair,
      densityMatrix: density)
  }
}
