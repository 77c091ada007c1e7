import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.17 Observables") struct ObservablesOfARun {
  @Test("free fermions: energy A²/2 without noise, rms radius √(A/2), densities that belong together", arguments: 1...3)
  func free(particles: Int) throws {
    var run = try FreeFermions(particles: particles).run(walkers: 500, seed: 5, threads: 2)
    let found = try run.measure(batches: 20)
    let a = Double(particles)
    // What the network's ε² leaves of an eigenstate; see the local energies.
    #expect(found.energy.energy ≈ 0.5 * a * a ± 1e-3)
    #expect(found.rmsRadius ≈ (0.5 * a).squareRoot() ± (5 * found.rmsRadiusError))
    #expect(found.rmsRadiusError < 0.02)
    let (density, pairs) = (found.density, found.pairDensity)
    #expect(density.values().reduce(0, +) * density.bins.width ≈ a ± 1e-12)
    #expect(pairs.values().elements.reduce(0, +) * pairs.bins.width * pairs.bins.width ≈ a * (a - 1) ± 1e-12)
    #expect(found.occupationNumbers.values.reduce(0, +) ≈ a ± 1e-11)
    // Second moments by bins and by walkers: a bin's own width adds width²/12.
    let bins = zip(density.bins.centers, density.values()).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } * density.bins.width
    #expect(bins / a ≈ found.meanSquare.mean ± (density.bins.width * density.bins.width))
  }

  @Test("twelve independent runs scatter as their error bars say")
  func calibration() throws {
    var numbers: [[(value: Double, error: Double)]] = []
    let fitted = try smallRun(walkers: 128, optimizer: GradientDescent(learningRate: 1))
    for seed in 0..<12 {
      let walk = MetropolisWalk(walkers: 128, particles: 2, seed: 100 + UInt64(seed))
      var run = VariationalMonteCarlo(fitted.hamiltonian, fitted.ansatz, walk, fitted.optimizer)
      let found = try run.measure(batches: 8, bins: 20, points: 32)
      let (density, matrix) = (found.density, found.densityMatrix)
      // Bins and points lie a little differently in each run: numbers that do not depend on them.
      let inner = density.counts.groupMeans.map { means in
        zip(density.bins.centers, means).reduce(0) { $0 + Double.exp(-$1.0 * $1.0) * $1.1 }
      }
      let moment = matrix.projectors.groupMeans.map { means in
        (0..<32).reduce(0) { $0 + Double.exp(-matrix.grid.points[$1] * matrix.grid.points[$1]) * means[$1 * 33] }
      }
      numbers.append(
        [
          (found.rmsRadius, found.rmsRadiusError), (found.energy.energy, found.energy.error),
          (found.occupationNumbers.values[2], found.occupationNumbers.errors[2]),
        ]
          + [inner, moment].map { list in
            let s = SampleStatistics(independent: list)
            return (s.mean, s.standardError)
          })
    }
    for k in numbers[0].indices {
      let mean = numbers.reduce(0) { $0 + $1[k].value } / 12
      let chiSquare = numbers.reduce(0) { sum, row in
        sum + (row[k].value - mean) * (row[k].value - mean) / (row[k].error * row[k].error)
      }
      // χ² of 11 degrees of freedom: 1e-4 beyond 37 and below 1.2.
      #expect(chiSquare < 37 && chiSquare > 1.2, "number \(k)")
    }
  }

  @Test("1, 2 and 3 threads give the same bits, and a report comes with each batch")
  func threads() throws {
    let found = try (1...3).map { threads in
      var run = try FreeFermions(particles: 2).run(walkers: 300, seed: 8, threads: threads)
      var batches: [Int] = []
      let found = try run.measure(batches: 4) { batches.append($0) }
      #expect(batches == [1, 2, 3, 4])
      return found
    }
    #expect(found[0] == found[1] && found[0] == found[2])
  }

  @Test("the width is adapted before the measurements, and frozen in them")
  func frozen() throws {
    var run = try FreeFermions(particles: 2).run(walkers: 200, seed: 9)
    var other = run
    _ = try other.equilibrate()
    var walk = other.walk
    for _ in 0..<15 { walk.sweep(run.ansatz, count: 10, adaptingWidth: true) }
    let found = try run.measure(batches: 5, points: 32)
    #expect(run.walk.width == walk.width && walk.width != MetropolisWalk(walkers: 1, particles: 2, seed: 9).width)
    #expect(found.energy.acceptance > 0.4 && found.energy.acceptance < 0.6)
    #expect(run.step == 0)
  }

  @Test("one walker and one batch are a result, with errors that are not known")
  func smallest() throws {
    var run = try FreeFermions(particles: 1).run(walkers: 1, seed: 10)
    let found = try run.measure(batches: 1, points: 32)
    #expect(found.energy.energy ≈ 0.5 ± 1e-12)
    #expect(found.energy.statistics.splitRHat.isNaN)
    #expect(found.density.errors().allSatisfy { $0 == .infinity })
    // Drawn from one walker, the box is narrow: the tail outside it is what is missing.
    #expect(found.occupationNumbers.values[0] ≈ 1 ± 1e-12)
    #expect(found.pairDensity.values().elements.allSatisfy { $0 == 0 })
  }
}
