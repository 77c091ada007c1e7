import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch14ExcitedStates
import TestSupport
import Testing

@Suite("14.2 Levels") struct LevelsOfStates {
  let four = ExcitedStates(lowestOccupations(particles: 2, count: 4).map { OscillatorDeterminant($0) })

  @Test("two free fermions fill the orbitals 01, 02, 03 and 12 first, three 012, 013, 014, 023")
  func occupations() {
    #expect(lowestOccupations(particles: 2, count: 4) == [[0, 1], [0, 2], [0, 3], [1, 2]])
    #expect(lowestOccupations(particles: 3, count: 4) == [[0, 1, 2], [0, 1, 3], [0, 1, 4], [0, 2, 3]])
    #expect(lowestOccupations(particles: 1, count: 3) == [[0], [1], [2]])
    // An orbital that is nearly as low as the last filled one.
    #expect(lowestOccupations(particles: 2, count: 3, energies: [0, 1, 1.1, 5]) == [[0, 1], [0, 2], [1, 2]])
  }

  @Test("without interaction the matrix of local energies is diagonal with 2, 3, 4 and 4, at every walker")
  func exactStates() {
    let copies = CopiedHamiltonian(TrappedFermions(particles: 2, strength: 0), count: 4)
    var walk = MetropolisWalk(walkers: 100, particles: 8, seed: 1)
    walk.sweep(four, count: 100, adaptingWidth: true)
    let matrices = copies.localEnergyMatrices(of: four, at: walk.walkers, threads: 2)
    let expected = Matrix(diagonal: [2, 3, 4, 4]).elements
    var mean = LocalEnergyMean(walkers: 100, states: 4)
    mean.add(matrices)
    // Close to a node of Ψ, 1e-16 times the inverse of a matrix of four states: 1e-7 for the worst of 100 walkers.
    for walker in 0..<100 { #expect(Array(matrices[(walker * 16)..<(walker * 16 + 16)]) ≈ Array(expected) ± 1e-7) }
    #expect(mean.levels.energies ≈ [2, 3, 4, 4] ± 1e-7)
    #expect(mean.levels.errors.allSatisfy { $0 < 1e-7 })
    let energies = copies.localEnergies(of: four, at: walk.walkers)
    #expect(energies.total ≈ [Double](repeating: 13, count: 100) ± 1e-6)
  }

  @Test("the trace of Ψ⁻¹ĤΨ is the local energy of Ψ under the copies' Hamiltonian, for any states")
  func trace() throws {
    let shape = try AnsatzShape(particles: 2, hidden: 4)
    let psi = ExcitedStates((0..<3).map { DeterminantAnsatz(shape, seed: UInt64($0) + 1) })
    let copies = CopiedHamiltonian(TrappedFermions(particles: 2, strength: -10), count: 3)
    var random = SplitMix64(seed: 4)
    let walkers = Walkers(random.uniform(-1.5...1.5, count: 6 * 40), particles: 6)
    let matrices = copies.localEnergyMatrices(of: psi, at: walkers)
    let traces = (0..<40).map { walker -> Double in
      let first = 9 * walker
      return matrices[first] + matrices[first + 4] + matrices[first + 8]
    }
    let local = copies.localEnergies(of: psi, at: walkers).total
    for (one, two) in zip(traces, local) { #expect(one ≈ two ± (1e-9 * (1 + abs(two)))) }
  }

  // With interaction the free states are no eigenstates, and what they give are the Ritz values of the modes 01, 02, 03 and 12.
  @Test("the mean of Ψ⁻¹ĤΨ has the Ritz values of the states' span as eigenvalues, within error bars")
  func ritz() throws {
    let pair = TrappedFermions(particles: 2, strength: 2)
    let copies = CopiedHamiltonian(pair, count: 4)
    var walk = MetropolisWalk(walkers: 2000, particles: 8, seed: 3)
    for _ in 0..<10 { walk.sweep(four, count: 20, adaptingWidth: true, threads: 2) }
    var mean = LocalEnergyMean(walkers: 2000, states: 4)
    for _ in 0..<10 {
      walk.sweep(four, count: 10, threads: 2)
      mean.add(copies.localEnergyMatrices(of: four, at: walk.walkers, threads: 2))
    }
    let expected = SymmetricEigen(ritzMatrix(pair), vectors: false).values
    for (k, level) in mean.levels.energies.enumerated() {
      // Three jackknife error bars; a false alarm of one in a hundred for four levels, with the seed fixed.
      #expect(level ≈ expected[k] ± (3 * mean.levels.errors[k]))
      #expect(mean.levels.errors[k] < 0.02)
    }
  }

  /// ⟨ab|H|cd⟩ of the four states on a grid: Σ over pairs of points of ψ_a H ψ_b.
  private func ritzMatrix(_ pair: TrappedFermions) -> Matrix {
    let (h, points) = (0.1, 121)
    let grid = (0..<points).map { Double($0 - 60) * h }
    let orbitals = grid.map { x -> [Double] in
      var list = [Double.exp(-0.5 * x * x) / Double.pi.squareRoot().squareRoot(), 0, 0, 0]
      list[1] = 2.0.squareRoot() * x * list[0]
      for k in 1..<3 {
        let n = Double(k + 1)
        list[k + 1] = (2 / n).squareRoot() * x * list[k] - (Double(k) / n).squareRoot() * list[k - 1]
      }
      return list
    }
    let sets = lowestOccupations(particles: 2, count: 4)
    return Matrix(rows: 4, columns: 4) { a, b in
      var sum = a == b ? Double(sets[a][0] + sets[a][1] + 1) : 0
      for (x, f) in zip(grid, orbitals) {
        for (y, g) in zip(grid, orbitals) {
          let one = f[sets[a][0]] * g[sets[a][1]] - f[sets[a][1]] * g[sets[a][0]]
          let two = f[sets[b][0]] * g[sets[b][1]] - f[sets[b][1]] * g[sets[b][0]]
          sum += 0.5 * h * h * one * two * pair.interaction(x - y)
        }
      }
      return sum
    }
  }

  @Test("copies add up their potentials")
  func copies() {
    let pair = TrappedFermions(particles: 2, strength: -10)
    let walkers = Walkers([0.3, -0.4, 1.1, 0.2], particles: 4)
    let copies = CopiedHamiltonian(pair, count: 2)
    let positions = walkers.batches[0].positions
    let found = copies.potentialEnergy(positions.span)
    let (one, two) = (pair.potentialEnergy([0.3, -0.4]), pair.potentialEnergy([1.1, 0.2]))
    // The lanes' exponential is good to two units in the last place.
    #expect(found.trap[0] ≈ (one.trap + two.trap) ± 1e-14)
    #expect(found.interaction[0] ≈ (one.interaction + two.interaction).within(relative: 1e-14))
    #expect(copies.particles == 4)
    #expect(copies.length ≈ (2.0.squareRoot()) ± 1e-15)
  }
}

@Suite("14.3 Eigenvalues of a matrix that is not symmetric") struct GeneralEigenvalues {
  // Rounding times the condition of an eigenvalue: 1e-12 for these.
  @Test("a symmetric matrix has those of chapter 1, a companion matrix the roots of its polynomial")
  func known() {
    var random = SplitMix64(seed: 6)
    let a = Matrix(rows: 6, columns: 6, elements: random.uniform(-1...1, count: 36))
    let symmetric = Matrix(rows: 6, columns: 6) { a[$0, $1] + a[$1, $0] }
    let found = eigenvalues(of: symmetric)
    #expect(found.map(\.real) ≈ SymmetricEigen(symmetric, vectors: false).values ± 1e-12)
    #expect(found.map(\.imaginary) ≈ [Double](repeating: 0, count: 6) ± 1e-12)
    // (x - 1)(x - 2)(x - 3) = x³ - 6x² + 11x - 6.
    #expect(eigenvalues(of: [[6, -11, 6], [1, 0, 0], [0, 1, 0]]).map(\.real) ≈ [1, 2, 3] ± 1e-12)
  }

  @Test("a rotation has e^{±iφ}; eigenvalues of any matrix add up to its trace, and multiply to its determinant")
  func complex() {
    let (c, s) = (Double.cos(0.3), Double.sin(0.3))
    let pair = eigenvalues(of: [[c, -s], [s, c]])
    #expect(pair.map(\.real) ≈ [c, c] ± 1e-14)
    #expect(pair.map { abs($0.imaginary) } ≈ [s, s] ± 1e-14)
    var random = SplitMix64(seed: 8)
    for n in 1...7 {
      let a = Matrix(rows: n, columns: n, elements: random.uniform(-1...1, count: n * n))
      let values = eigenvalues(of: a)
      #expect(values.reduce(0) { $0 + $1.real } ≈ a.diagonal.reduce(0, +) ± 1e-12)
      let product = values.reduce((1.0, 0.0)) {
        ($0.0 * $1.real - $0.1 * $1.imaginary, $0.0 * $1.imaginary + $0.1 * $1.real)
      }
      let expected = determinant(of: (0..<n).map { i in (0..<n).map { a[i, $0] } })
      #expect(product.0 ≈ expected ± 1e-12)
    }
  }

  @Test("the degenerate cases: zero, one row, a Jordan block, a matrix that is not finite")
  func degenerate() {
    #expect(eigenvalues(of: [[0, 0], [0, 0]]).map(\.real) == [0, 0])
    #expect(eigenvalues(of: [[-3]]).map(\.real) == [-3])
    // The double eigenvalue of a Jordan block is known to the root of the rounding.
    #expect(eigenvalues(of: [[2, 1], [0, 2]]).map(\.real) ≈ [2, 2] ± 1e-7)
    #expect(eigenvalues(of: [[1, .nan], [0, 2]]).allSatisfy { $0.real.isNaN })
  }
}
