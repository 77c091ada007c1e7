import Ch00Lanes
import Ch01LinearAlgebra

/// The lowest level of A fermions on one grid.
///
/// Each of the C(N, A) sorted sets of points carries one amplitude. Potentials are diagonal; the kinetic energy moves
/// one fermion at a time and is an operator on m = 1 of them.
struct GridLevel {
  let grid: LineGrid
  let result: LanczosResult
  private let fermions: TrappedFermions
  private let sets: FermionSets
  private let kinetic: SubsetProduct

  var dimension: Int { sets.count }

  /// Memory for A fermions on N points: tables, sets, and the vectors of Lanczos.
  static func bytes(particles: Int, points: Int) -> Double {
    let sets = Double(binomial(points, particles))
    let rests = Double(binomial(points, particles - 1))
    let products = rests * Double(points)
    // Products are numbered with 31 bits.
    guard products < 1e9 else { return .infinity }
    return sets * Double(6 * particles + 64) + 12 * products + 4 * rests + 24 * Double(points * points)
  }

  /// - Parameter tolerance: of the level on this grid.
  /// - Returns: nil where the memory limit is too low.
  init?(_ fermions: TrappedFermions, grid: LineGrid, tolerance: Double, settings: GridSettings) {
    let limit = settings.memoryLimit * 0x1p30
    guard Self.bytes(particles: fermions.particles, points: grid.count) <= limit else { return nil }
    self.fermions = fermions
    self.grid = grid
    let sets = FermionSets(
      particles: fermions.particles, one: grid.points.map { fermions.trap($0) },
      two: (0..<grid.count).map { fermions.interaction(Double($0) * grid.spacing) })
    let t = grid.kineticByDistance
    let kineticMatrix = (0..<grid.count * grid.count).map { t[abs($0 / grid.count - $0 % grid.count)] }
    guard var kinetic = SubsetProduct(sets, order: 1, matrix: kineticMatrix) else { return nil }

    let start = Self.start(sets, grid: grid) { x, y in
      kinetic.apply(x, &y, diagonal: sets.energies, threads: settings.threads)
    }
    result = lanczosLowestLevel(
      start: start, tolerance: tolerance, iterationLimit: 4000, wantsVector: settings.wantsDensities
    ) { x, y in
      kinetic.apply(x, &y, diagonal: sets.energies, threads: settings.threads)
    }
    self.sets = sets
    self.kinetic = kinetic
  }

  /// Π_{i<j} (x_j - x_i) · exp(-τ V), with the potential energy V and the best of a few rates τ.
  ///
  /// On a line the ground state has one sign wherever the fermions stand in order, so this overlaps it for every
  /// potential; in the harmonic trap without interaction it is the ground state, with τ = 1.
  private static func start(
    _ sets: FermionSets, grid: LineGrid, apply: (_ x: [Double], _ y: inout [Double]) -> Void
  ) -> [Double] {
    let lowest = sets.energies.dropFirst().min() ?? 0
    var best: [Double] = []
    var bestEnergy = Double.infinity
    var image = [Double](repeating: 0, count: sets.count + 1)
    for rate in [1, 0.5, 0.25, 0.12] {
      var trial = image
      trial[0] = 0
      for k in 1...sets.count {
        var value = Double.exp(-rate * (sets.energies[k] - lowest))
        for a in k * sets.particles..<(k + 1) * sets.particles {
          for b in k * sets.particles..<a { value *= Double(sets.members[a] - sets.members[b]) * grid.spacing }
        }
        trial[k] = value
      }
      apply(trial, &image)
      let energy = dot(trial, image) / dot(trial, trial)
      if energy < bestEnergy {
        bestEnergy = energy
        best = trial
      }
    }
    return best
  }

  /// Densities of the state; its vector must have been asked for.
  func densities(settings: GridSettings) -> Densities {
    let n = grid.count
    let h = grid.spacing
    let particles = fermions.particles
    var pair = Matrix(rows: n, columns: n)
    for k in 1...sets.count {
      let probability = result.vector[k] * result.vector[k] / (h * h)
      for a in k * particles..<(k + 1) * particles {
        for b in k * particles..<a { pair[Int(sets.members[a]), Int(sets.members[b])] += probability }
      }
    }
    for i in 0..<n { for j in 0..<i { pair[j, i] = pair[i, j] } }
    let amplitudes = kinetic.densityMatrix(result.vector)
    let density = Matrix(rows: n, columns: n) { i, j in amplitudes[i * n + j] / h }
    return Densities(
      particles: particles, grid: grid, oneBody: (0..<n).map { density[$0, $0] }, pair: pair, densityMatrix: density)
  }
}
