import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// How one particle is at x and at x' at once: ρ(x, x') = A ∫ ψ(x, x₂ …) ψ(x', x₂ …) dx₂ … / ∫ |ψ|², on the points of a
/// grid.
///
/// Hold all particles of a walker but one, and let that one be displaced anywhere. What ψ is then, as a function of the
/// displaced particle's place, is a wave function of one particle, χ, normalised here. ρ is A times its mean projector:
///
///     ρ(x, x') = A E[χ(x) χ(x')],        χ(x) = ψ(x, x₂ … x_A) / √(∫ |ψ(y, x₂ … x_A)|² dy)
///
/// The displaced particle's own position drops out of the mean: given the others it is distributed as |χ|², and has
/// been integrated over. The estimator with that position left in, A ψ(x', x₂ …)/ψ(x₁, x₂ …) for a walker at x = x₁,
/// has the same mean; but it divides by ψ, so near nodes it is as large as one likes, its third moment diverges, and
/// its error bar cannot be trusted. Here no number exceeds A/h, every matrix is positive, and the trace is h Σ_i ρ_ii =
/// A exactly.
///
/// Integrals over the grid are sums times its spacing h: exact up to what ψ has of wavelengths below 2h or outside the
/// grid.
///
///     let grid = LineGrid(from: -5, to: 5, spacing: 0.15, anchor: 0)
///     var matrix = OneBodyDensityMatrix(grid, walkers: walk.walkers)
///     for _ in 0..<100 {
///       walk.sweep(psi, count: 10)
///       matrix.add(psi, at: walk.walkers, threads: 2)
///     }
///     print(matrix.values(), matrix.occupationNumbers().values)
public struct OneBodyDensityMatrix: Sendable, Equatable {
  /// Where ρ is known, in oscillator lengths.
  public let grid: LineGrid
  /// A, the number of particles.
  public let particles: Int
  /// h χ(x_i) χ(x_j), row-major [points, points]: trace 1.
  package private(set) var projectors: GroupedMeans

  /// A matrix without projectors.
  /// - Parameters:
  ///   - grid: wide enough for all of ψ, and finer than half of its shortest wavelength.
  ///   - walkers: those to come, or any like them.
  public init(_ grid: LineGrid, walkers: Walkers) {
    self.grid = grid
    particles = walkers.particles
    projectors = GroupedMeans(walkers: walkers.count, count: grid.count * grid.count)
  }

  /// Adds the projector of every walker at one more time, displacing the first particle, next time the second, and so
  /// on.
  ///
  /// - Complexity: an evaluation of ψ for each walker and point, as much as that many sweeps.
  /// - Precondition: there are as many walkers as before, with the particles of ψ.
  public mutating func add<Function: WaveFunction>(_ psi: Function, at walkers: Walkers, threads: Int = 1) {
    precondition(
      walkers.count == projectors.walkers && walkers.particles == particles && psi.particles == particles,
      "\(projectors.walkers) walkers of \(particles) particles expected, got \(walkers.count) of \(walkers.particles)")
    let (x, n, grid, displaced) = (walkers.positions, particles, grid, projectors.times % particles)
    var scratch = (0..<max(1, threads)).map { _ in DisplacementScratch(psi, grid: grid) }
    projectors.addTime { groups in
      parallelForEach(&groups, workspaces: &scratch) { _, group, scratch in
        var functions = Matrix(rows: group.walkers.count, columns: grid.count)
        for (row, walker) in group.walkers.enumerated() {
          scratch.evaluate(psi, x[(walker * n)..<((walker + 1) * n)], displacing: displaced)
          for k in 0..<grid.count { functions[row, k] = scratch.values[k] }
        }
        // Σ χ χᵀ over the walkers of the group.
        let sum = columnGram(functions)
        for (k, element) in sum.elements.enumerated() { group.sums[k] += element }
      }
    }
  }

  /// ρ(x_i, x_j) in inverse oscillator lengths, [points, points]; its diagonal is n(x_i). NaN before the first `add`.
  public func values() -> Matrix { perLength(projectors.means) }
  /// Standard errors of `values` in inverse oscillator lengths, [points, points]; infinite for one walker.
  public func errors() -> Matrix { perLength(projectors.standardErrors) }

  private func perLength(_ list: [Double]) -> Matrix {
    Matrix(rows: grid.count, columns: grid.count, elements: list.map { $0 * Double(particles) / grid.spacing })
  }
}

/// Scratch memory of one thread: ψ with the displaced particle at every point of the grid.
private struct DisplacementScratch<Function: WaveFunction>: Sendable {
  /// √h χ of the last call, [points].
  var values: [Double]
  private var signs: [Double]
  private let points: ContiguousArray<Lanes32>
  private var positions: ContiguousArray<Lanes32>
  private var workspace: Function.Workspace

  init(_ psi: Function, grid: LineGrid) {
    values = [Double](repeating: 0, count: grid.count)
    signs = values
    // 32 points side by side; the last one fills up the last tile.
    let places = grid.points
    points = ContiguousArray(
      stride(from: 0, to: places.count, by: Lanes32.count).map { first in
        var tile = Lanes32.zero
        for lane in 0..<Lanes32.count { tile[lane] = places[min(first + lane, places.count - 1)] }
        return tile
      })
    positions = ContiguousArray(repeating: .zero, count: psi.particles)
    workspace = psi.makeWorkspace()
  }

  mutating func evaluate(_ psi: Function, _ x: ArraySlice<Double>, displacing particle: Int) {
    for i in positions.indices { positions[i] = Lanes32(repeating: x[x.startIndex + i]) }
    for tile in points.indices {
      positions[particle] = points[tile]
      var (sign, logarithm) = (Lanes32.zero, Lanes32.zero)
      psi.logPsi(positions, at: 0, sign: &sign, logMagnitude: &logarithm, workspace: &workspace)
      let first = tile * Lanes32.count
      for k in first..<min(first + Lanes32.count, values.count) {
        (values[k], signs[k]) = (logarithm[k - first], sign[k - first])
      }
    }
    // Relative to the largest, so that nothing overflows; a NaN stays one and shows.
    let largest = values.reduce(-.infinity) { max($0, $1) }
    var square = 0.0
    for k in values.indices {
      values[k] = signs[k] * Double.exp(values[k] - largest)
      square += values[k] * values[k]
    }
    let scale = 1 / square.squareRoot()
    for k in values.indices { values[k] *= scale }
  }
}
