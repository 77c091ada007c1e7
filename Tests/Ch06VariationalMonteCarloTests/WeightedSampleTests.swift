import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSamples
import TestSupport
import Testing

@Suite("6.19 Walkers of another power of |ψ|") struct WeightedSamples {
  @Test("a walker of |ψ|^p counts |ψ|^(2-p), one on the average; a walker of |ψ|² counts one")
  func weights() throws {
    let (ansatz, walk) = try pretrained(walkers: 50)
    func record(_ power: Double) -> ParameterDerivatives {
      ParameterDerivatives(of: ansatz, at: walk.walkers, order: .value, power: power)
    }
    #expect(record(2).weights == nil)
    let derivatives = record(0.5)
    let weights = try #require(derivatives.weights)
    let psi = derivatives.evaluation.logPsi.map { Double.exp(1.5 * $0) }
    let mean = psi.reduce(0, +) / 50
    #expect(weights ≈ psi.map { $0 / mean } ± 1e-12)
  }

  // The record of one walker has weight 1; rounding alone differs, and that of single precision in one product.
  @Test("every sum over walkers is the sum of what each gives alone, times its weight") func sums() throws {
    let (ansatz, walk) = try pretrained(hidden: 4, walkers: 35)
    let all = ParameterDerivatives(of: ansatz, at: walk.walkers, order: .gradient, power: 1, threads: 2)
    let weights = try #require(all.weights)
    let alone = (0..<35).map {
      ParameterDerivatives(of: ansatz, at: Walkers([walk.walkers[$0]]), order: .gradient)
    }
    func sum(_ part: (ParameterDerivatives) -> [Double]) -> [Double] {
      var sum = [Double](repeating: 0, count: part(alone[0]).count)
      for (w, one) in zip(weights, alone) { add(w, part(one), to: &sum) }
      return sum
    }
    var random = SplitMix64(seed: 5)
    let v = random.uniform(-1...1, count: ansatz.parameters.count)
    #expect(all.mixedGram(v) ≈ sum { $0.mixedGram(v) }.within(relative: 1e-10))
    #expect(all.gram(v, valueWeight: 3) ≈ sum { $0.gram(v, valueWeight: 3) }.within(relative: 1e-10))
    #expect(all.mixedGram(v, precision: .single) ≈ sum { $0.mixedGram(v) }.within(relative: 1e-4))
    #expect(all.mixedSquares() ≈ sum { $0.mixedSquares() }.within(relative: 1e-10))
    #expect(all.logSquares() ≈ sum { $0.logSquares() }.within(relative: 1e-10))
    #expect(all.meanLogDerivatives.map { 35 * $0 } ≈ sum { $0.meanLogDerivatives }.within(relative: 1e-10))
    for kind in [KroneckerApproximation.expand, .reduce] {
      for group in all.groups.indices {
        func numbers(_ matrix: Matrix) -> [Double] { (0..<matrix.rows).flatMap { matrix.row($0) } }
        let found = all.moments(kind)[group]
        #expect(
          numbers(found.activities).map { 35 * $0 }
            ≈ sum { numbers($0.moments(kind)[group].activities) }.within(relative: 1e-10))
        #expect(
          numbers(found.sensitivities).map { 35 * $0 }
            ≈ sum { numbers($0.moments(kind)[group].sensitivities) }.within(relative: 1e-10))
      }
    }
  }

  // Two estimates with their error bars; five of them. Clipping would be another one for each density.
  @Test("energy and gradient over |ψ|² are the same from walkers of |ψ| and of |ψ|^1.5") func means() throws {
    let (ansatz, start) = try pretrained(walkers: 4000, steps: 20)
    let v = ansatz.parameters
    let pair = TrappedFermions(particles: 2, strength: -3)
    func sample(_ power: Double) -> Sample {
      var walk = start
      walk.power = power
      walk.sweep(ansatz, count: 100, threads: 2)
      return Sample(pair, ansatz, at: walk.walkers, order: .value, power: power, clipping: false, threads: 2)
    }
    /// E and gᵀv, with standard errors.
    func numbers(_ sample: Sample) -> [WeightedMean] {
      let along = sample.centred(sample.derivatives.logDerivatives(along: v))
      let energies = sample.centred(sample.energies.total)
      return [
        WeightedMean(sample.energies.total, weights: sample.weights),
        WeightedMean(zip(energies, along).map { 2 * $0 * $1 }, weights: sample.weights),
      ]
    }
    let expected = numbers(sample(2))
    for power in [1, 1.5] {
      let sample = sample(power)
      let found = numbers(sample)
      #expect(dot(sample.gradient, v) ≈ found[1].mean.within(relative: 1e-9))
      for (x, y) in zip(found, expected) {
        #expect(x.mean ≈ y.mean ± (5 * (x.error * x.error + y.error * y.error).squareRoot()))
        #expect(x.error < 2 * y.error)
      }
    }
  }

  @Test("a weighted mean of equal weights is the plain one; a walker of weight 0 does not count") func mean() {
    let values = [1.0, 4, 2, 8]
    let (plain, ones) = (WeightedMean(values), WeightedMean(values, weights: [1, 1, 1, 1]))
    #expect(plain.mean == 3.75 && ones.mean == 3.75)
    #expect(ones.variance ≈ plain.variance ± 1e-14)
    #expect(ones.error ≈ plain.error ± 1e-14)
    let some = WeightedMean(values + [1e9], weights: [1.25, 1.25, 1.25, 1.25, 0])
    #expect(some.mean ≈ 3.75 ± 1e-14)
    #expect(WeightedMean([3]).error == .infinity && WeightedMean([3], weights: [1]).variance == 0)
    #expect(WeightedMean([]).mean.isNaN)
  }

  @Test("a final energy is measured on |ψ|², and the walk goes on with its own power") func final() throws {
    let (ansatz, start) = try pretrained(walkers: 400)
    func run(_ power: Double) -> VariationalMonteCarlo<DeterminantAnsatz> {
      var walk = start
      walk.power = power
      return VariationalMonteCarlo(
        TrappedFermions(particles: 2, strength: -3), ansatz, walk, GradientDescent(learningRate: 1e-3))
    }
    var (flat, plain) = (run(1), run(2))
    #expect(try flat.evaluate() == (try plain.evaluate()))
    #expect(flat.walk.power == 1)
  }
}
