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
    let sample = try pretrainedSample(hidden: 4, strength: -20, walkers: walkers, order: .gradient, steps: 50)
    let metric = ShiftedDecisionMetric(share)
    let energies = centred(sample.clippedEnergies)
    let variance = dot(energies, energies) / Double(max(1, walkers - 1))
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
}
