import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import TestSamples
import TestSupport
import Testing

@Suite("12.7 The decision metric with a share of Fisher's") struct ShiftedMetrics {
  @Test("it is G + βF with β = c σ(E_L), in one pass", arguments: [0, 0.5, 3], [1, 33, 200])
  func sum(share: Double, walkers: Int) throws {
    let sample = try pretrainedSample(
      hidden: 4, strength: -20, walkers: walkers, order: .gradient, power: walkers == 33 ? 1 : 2, steps: 50)
    let metric = ShiftedDecisionMetric(share)
    let energies = sample.centred(sample.clippedEnergies)
    let squares = dot(sample.averaging(energies), energies)
    let variance = squares * Double(walkers) / Double(max(1, walkers - 1))
    #expect(metric.shift(sample) ≈ (share * variance.squareRoot()).within(relative: 1e-12))
    let expected = DecisionMetric() + metric.shift(sample) * FisherMetric()
    var random = SplitMix64(seed: 2)
    let v = (0..<2).map { _ in random.uniform(-1...1, count: sample.gradient.count) }
    // Rounding of a mean that is taken off afterwards.
    #expect(metric.product(v[0], sample) ≈ expected.product(v[0], sample).within(relative: 1e-11))
    #expect(
      Array(metric.forms(v, sample).elements)
        ≈ Array(expected.forms(v, sample).elements).map { $0 }.within(relative: 1e-12))
    // Seven digits in single precision.
    #expect(metric.product(v[0], sample, precision: .single) ≈ expected.product(v[0], sample).within(relative: 1e-5))
  }

  @Test("a sample that takes the memory of an older one has its own mean of O")
  func mean() throws {
    let (first, second) = (
      try pretrainedSample(hidden: 4, walkers: 50, order: .gradient, steps: 20),
      try pretrainedSample(hidden: 4, walkers: 50, order: .gradient, steps: 60)
    )
    let expected = second.derivatives.meanLogDerivatives
    _ = first.derivatives.meanLogDerivatives
    let again = Sample(
      second.hamiltonian, try #require(second.ansatz as? DeterminantAnsatz), at: second.walkers, order: .gradient,
      reusing: first.derivatives)
    #expect(again.derivatives.meanLogDerivatives == expected)
  }

  // G's rows alone leave a part of g out, which λ alone holds; with O's rows g is among them.
  @Test("the gradient is a combination of its rows, as it is not of G's")
  func rowSpace() throws {
    let sample = try pretrainedSample(hidden: 4, strength: -20, walkers: 6, order: .gradient, steps: 100)
    func unseen(_ metric: any ParameterMetric) -> Double {
      let matrix = metric.matrix(sample)
      let largest = SymmetricEigen(matrix, vectors: false).values.last ?? 1
      let projector = SymmetricEigen(matrix).apply { $0 < 1e-10 * largest ? 1 : 0 }
      return norm(projector * sample.gradient) / norm(sample.gradient)
    }
    #expect(unseen(DecisionMetric()) > 0.01)
    #expect(unseen(ShiftedDecisionMetric(0.5)) < 1e-6)
  }

  // Rows of each walker alone, weighted: rounding is what differs.
  @Test("on walkers of |ψ| products and forms of F, G and their sums are those of weighted rows")
  func weighted() throws {
    let sample = try pretrainedSample(hidden: 3, strength: -20, walkers: 7, order: .gradient, power: 1, steps: 20)
    let weights = try #require(sample.weights)
    let unit = (0..<7).map { w in (0..<7).map { $0 == w ? 1.0 : 0 } }
    let o = unit.map { sample.derivatives.logDerivatives(weighted: $0) }
    let mean = sample.gradient.indices.map { p in zip(weights, o).map { $0 * $1[p] }.reduce(0, +) / 7 }
    var (fisher, decision) = (
      Matrix(rows: mean.count, columns: mean.count), Matrix(rows: mean.count, columns: mean.count)
    )
    for w in 0..<7 {
      let centred = Matrix([zip(o[w], mean).map { $0 - $1 }])
      fisher += (4 * weights[w] / 7) * columnGram(centred)
      for i in 0..<2 {
        let u = (0..<14).map { $0 == 2 * w + i ? 1.0 : 0 }
        decision += (weights[w] / 7) * columnGram(Matrix([sample.derivatives.mixedDerivatives(weighted: u)]))
      }
    }
    var random = SplitMix64(seed: 8)
    let v = (0..<2).map { _ in random.uniform(-1...1, count: mean.count) }
    let shift = ShiftedDecisionMetric(0.5).shift(sample)
    let pairs: [(any ParameterMetric, Matrix)] = [
      (FisherMetric(), fisher), (DecisionMetric(), decision), (ShiftedDecisionMetric(0.5), decision + shift * fisher),
    ]
    for (metric, expected) in pairs {
      #expect(metric.product(v[0], sample) ≈ (expected * v[0]).within(relative: 1e-9))
      let forms = metric.forms(v, sample)
      #expect(forms[0, 1] ≈ dot(v[0], expected * v[1]).within(relative: 1e-8))
    }
    #expect(FisherMetric().diagonal(sample) ≈ fisher.diagonal.within(relative: 1e-9))
    #expect(DecisionMetric().diagonal(sample) ≈ decision.diagonal.within(relative: 1e-9))
  }
}
