import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.16 The one-body density matrix") struct DensityMatrices {
  static let grid = LineGrid(from: -5.4, to: 5.4, spacing: 0.3, anchor: 0)

  /// ρ from walkers that have forgotten their start.
  private func sampled<Function: WaveFunction>(
    _ psi: Function, walkers: Int = 512, times: Int = 20, seed: UInt64, grid: LineGrid = grid
  ) -> OneBodyDensityMatrix {
    var walk = MetropolisWalk(walkers: walkers, particles: psi.particles, seed: seed)
    for _ in 0..<20 { walk.sweep(psi, count: 10, adaptingWidth: true, threads: 2) }
    var matrix = OneBodyDensityMatrix(grid, walkers: walk.walkers)
    for _ in 0..<times {
      walk.sweep(psi, count: 5, threads: 2)
      matrix.add(psi, at: walk.walkers, threads: 2)
    }
    return matrix
  }

  /// The largest deviation in error bars, where there is an error to speak of.
  private func largestDeviation(_ matrix: OneBodyDensityMatrix, _ exact: (Int, Int) -> Double) -> Double {
    let (values, errors) = (matrix.values(), matrix.errors())
    var largest = 0.0
    for i in 0..<values.rows {
      for j in 0..<values.rows {
        let deviation = abs(values[i, j] - exact(i, j)) / (errors[i, j] + 1e-5)
        largest = deviation.isNaN || !errors[i, j].isFinite ? .infinity : max(largest, deviation)
      }
    }
    return largest
  }

  @Test("it is A times the mean projector on ψ as a function of one particle's place")
  func definition() throws {
    let psi = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 6, determinants: 2), seed: 1)
    // 41 points: a tile and a part of one.
    let grid = LineGrid(from: -4, to: 4, spacing: 0.2, anchor: 0)
    let walkers = MetropolisWalk(walkers: 5, particles: 3, seed: 2).walkers
    var matrix = OneBodyDensityMatrix(grid, walkers: walkers)
    var expected = Matrix(rows: 41, columns: 41)
    for time in 0..<4 {
      matrix.add(psi, at: walkers)
      for walker in 0..<5 {
        var x = walkers[walker]
        let places = grid.points.map { place in
          x[time % 3] = place
          return x
        }
        let chi = psi.evaluate(Walkers(places), order: .value).psi
        let square = grid.spacing * chi.reduce(0) { $0 + $1 * $1 }
        for i in 0..<41 { for j in 0..<41 { expected[i, j] += 3 * chi[i] * chi[j] / square / 20 } }
      }
    }
    #expect(Array(matrix.values().elements) ≈ Array(expected.elements).within(relative: 1e-12))
  }

  @Test("one fermion: φ_0(x) φ_0(x') at every walker, with no error at all")
  func oneFermion() throws {
    let matrix = sampled(try DeterminantAnsatz.freeFermions(1), walkers: 20, times: 2, seed: 1)
    let (x, free) = (Self.grid.points, FreeFermions(particles: 1))
    let exact = x.flatMap { a in x.map { b in free.densityMatrix(a, b) } }
    #expect(Array(matrix.values().elements) ≈ exact ± 1e-10)
    #expect(matrix.errors().elements.allSatisfy { $0 < 1e-10 })
    let occupations = matrix.occupationNumbers()
    #expect(occupations.values ≈ [1] + [Double](repeating: 0, count: x.count - 1) ± 1e-12)
    #expect(occupations.errors.allSatisfy { $0 < 1e-12 })
  }

  @Test("free fermions: ρ = Σ φ_j φ_j, A orbitals are occupied, and no other", arguments: 2...3)
  func free(particles: Int) throws {
    let matrix = sampled(try DeterminantAnsatz.freeFermions(particles), seed: 10 + UInt64(particles))
    let (x, exact) = (Self.grid.points, FreeFermions(particles: particles))
    // 1369 numbers from A(A + 1)/2 independent ones: 5 errors is one seed in 10⁵.
    #expect(largestDeviation(matrix) { exact.densityMatrix(x[$0], x[$1]) } < 5)
    let occupations = matrix.occupationNumbers(threads: 2)
    #expect(occupations.values.reduce(0, +) ≈ Double(particles) ± 1e-11)
    for k in 0..<particles { #expect(occupations.values[k] ≈ 1 ± (5 * occupations.errors[k])) }
    // Whatever the walkers, χ is made of the A orbitals: what is left is the network's ε² = 1e-6.
    #expect(occupations.values[particles...].allSatisfy { abs($0) < 1e-4 })
    #expect(occupations.errors[0] < 0.03)
  }

  @Test("a network with nodes anywhere: ρ and its occupation numbers are those of a quadrature", arguments: [1, 2, 3])
  func network(seed: UInt64) throws {
    let psi = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 6), seed: seed)
    let exact = PairOnGrid(psi, grid: Self.grid)
    let matrix = sampled(psi, seed: 20 + seed)
    #expect(largestDeviation(matrix) { exact.densityMatrix[$0, $1] } < 5.5)
    let (occupations, expected) = (matrix.occupationNumbers(), exact.occupationNumbers)
    // Equal pairs, as of any two fermions: the noise splits them, and the errors say by how much.
    for k in 0..<6 { #expect(occupations.values[k] ≈ expected[k] ± (5 * occupations.errors[k] + 1e-9)) }
    // Two and two of them are known far better than each alone.
    let pair = occupations.values[0] + occupations.values[1]
    #expect(pair ≈ (expected[0] + expected[1]) ± (0.5 * occupations.errors[0] + 5 * occupations.errors[2]))
  }

  @Test(
    "no element exceeds A/h, no eigenvalue is negative, and the trace is A, one walker or many", arguments: [1, 3, 200])
  func bounds(walkers: Int) throws {
    let psi = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 6), seed: 4)
    let matrix = sampled(psi, walkers: walkers, times: 1, seed: 30)
    let (h, values) = (Self.grid.spacing, matrix.values())
    #expect(values.elements.allSatisfy { abs($0) <= 3 / h })
    #expect(h * (0..<values.rows).reduce(0) { $0 + values[$1, $1] } ≈ 3 ± 1e-12)
    let occupations = matrix.occupationNumbers()
    #expect(occupations.eigenvalues.allSatisfy { $0 > -1e-12 })
    #expect(occupations.eigenvalues.reduce(0, +) ≈ 3 ± 1e-12)
    #expect(occupations.values.reduce(0, +) ≈ 3 ± 1e-11)
    // One projector is known without knowing its error.
    if walkers == 1 {
      #expect(occupations.values[0] ≈ 3 ± 1e-12)
      #expect(occupations.errors.allSatisfy { $0 == .infinity })
    }
  }

  @Test("eigenvalues are biased upwards from the largest on; the jackknife draws them back")
  func bias() throws {
    // 100 samples of few walkers. Their largest eigenvalue, one of an equal pair, compared with the quadrature's.
    let psi = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 6), seed: 1)
    let exact = PairOnGrid(psi, grid: Self.grid).occupationNumbers[0]
    let samples = (0..<100).map { sampled(psi, walkers: 32, times: 2, seed: 100 + UInt64($0)).occupationNumbers() }
    let plain = SampleStatistics(independent: samples.map { $0.eigenvalues[0] - exact })
    let corrected = SampleStatistics(independent: samples.map { $0.values[0] - exact })
    #expect(plain.mean > 6 * plain.standardError)
    // For equal values the jackknife removes about half: two errors of 100 samples below the bound.
    #expect(abs(corrected.mean) < 0.8 * plain.mean)
    // Deviations in error bars: √(mean square) is 1.1 in the simulation of equal pairs; here it is known to 0.1.
    let deviations = samples.map { ($0.values[0] - exact) / $0.errors[0] }
    let size = (deviations.reduce(0) { $0 + $1 * $1 } / 100).squareRoot()
    #expect(size > 0.8 && size < 1.5)
  }
}
