import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo

/// A free fermions: what every bin and every point must hold.
struct FreeFermions {
  let particles: Int

  /// φ_0(x) … φ_{A-1}(x).
  func orbitals(_ x: Double) -> [Double] {
    var orbitals = ContiguousArray(repeating: Lanes32.zero, count: particles)
    oscillatorOrbitals(Lanes32(repeating: x), into: &orbitals)
    return orbitals.map { $0[0] }
  }

  /// ρ(x, y) = Σ_j φ_j(x) φ_j(y).
  func densityMatrix(_ x: Double, _ y: Double) -> Double {
    zip(orbitals(x), orbitals(y)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// ∫ φ_a φ_b over each bin, the outermost ones up to ±8: Simpson's rule, with steps so short that 1e-9 is left.
  func overlaps(_ bins: Bins) -> [Matrix] {
    var edges = bins.edges
    edges[0] = -8
    edges[bins.count] = 8
    return (0..<bins.count).map { k in
      let h = (edges[k + 1] - edges[k]) / 200
      var sum = Matrix(rows: particles, columns: particles)
      for step in 0..<200 {
        for (offset, weight) in [(0.0, h / 6), (0.5, 4 * h / 6), (1, h / 6)] {
          let phi = orbitals(edges[k] + (Double(step) + offset) * h)
          for a in 0..<particles { for b in 0..<particles { sum[a, b] += weight * phi[a] * phi[b] } }
        }
      }
      return sum
    }
  }

  /// Fermions in each bin.
  func counts(_ bins: Bins) -> [Double] {
    overlaps(bins).map { s in (0..<particles).reduce(0) { $0 + s[$1, $1] } }
  }

  /// Ordered pairs in bins k and l, [bins, bins]: N_k N_l - ∫∫ ρ(x, x')².
  func pairCounts(_ bins: Bins) -> Matrix {
    let (s, n) = (overlaps(bins), counts(bins))
    return Matrix(rows: bins.count, columns: bins.count) { k, l in
      n[k] * n[l] - zip(s[k].elements, s[l].elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// The run that does not move: exact orbitals, no interaction.
  func run(walkers: Int, seed: UInt64, threads: Int = 1) throws -> VariationalMonteCarlo<DeterminantAnsatz> {
    VariationalMonteCarlo(
      TrappedFermions(particles: particles, strength: 0), try DeterminantAnsatz.freeFermions(particles),
      MetropolisWalk(walkers: walkers, particles: particles, seed: seed), GradientDescent(learningRate: 1),
      threads: threads)
  }
}

/// Any ψ of two particles, its integrals taken as sums over a grid: nothing is sampled.
struct PairOnGrid {
  let grid: LineGrid
  /// ρ(x_i, x_j), [points, points].
  let densityMatrix: Matrix

  init(_ psi: DeterminantAnsatz, grid: LineGrid) {
    self.grid = grid
    let (x, n) = (grid.points, grid.count)
    let values = psi.evaluate(Walkers(x.flatMap { a in x.map { b in [a, b] } }), order: .value).psi
    let psi = Matrix(rows: n, columns: n, elements: values)
    let norm = values.reduce(0) { $0 + $1 * $1 } * grid.spacing * grid.spacing
    densityMatrix = (2 * grid.spacing / norm) * product(psi, transposed: psi)
  }

  /// Fermions in each bin, for bins whose edges are points of the grid: the trapezoidal rule on so fine a grid.
  func counts(_ bins: Bins) -> [Double] {
    let (x, h) = (grid.points, grid.spacing)
    var counts = [Double](repeating: 0, count: bins.count)
    for i in x.indices {
      for side in [-0.5, 0.5] { counts[bins.index(of: x[i] + side * h)] += 0.5 * h * densityMatrix[i, i] }
    }
    return counts
  }

  var occupationNumbers: [Double] {
    SymmetricEigen(densityMatrix, vectors: false).values.reversed().map { grid.spacing * $0 }
  }
}

/// Hotelling's F for the deviation of a mean of independent lists: with as many degrees of freedom as numbers in a
/// list, and groups less numbers. It knows how the numbers of a list move together, which a sum of squares of
/// deviations does not.
func hotelling(_ groups: [[Double]], expected: [Double]) -> Double? {
  let (g, p) = (Double(groups.count), expected.count)
  let mean = (0..<p).map { k in groups.reduce(0) { $0 + $1[k] } / g }
  let covariance = Matrix(rows: p, columns: p) { k, l in
    groups.reduce(0) { $0 + ($1[k] - mean[k]) * ($1[l] - mean[l]) } / (g - 1)
  }
  let deviation = zip(mean, expected).map { $0 - $1 }
  guard let solution = Cholesky(covariance)?.solve(deviation) else { return nil }
  let square = g * zip(deviation, solution).reduce(0) { $0 + $1.0 * $1.1 }
  return square * (g - Double(p)) / (Double(p) * (g - 1))
}
