import Ch00Lanes
import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

@Suite("7.1 Kullback and Leibler") struct Divergence {
  /// D(θ, θ + εv) and ½ ε² vᵀFv on the same walkers.
  private func compare(_ epsilon: Double, _ v: [Double], _ sample: Sample) -> (Double, Double) {
    var moved = sample.ansatz
    moved.move(by: v, factor: epsilon)
    let (old, new) = (sample.derivatives.evaluation.logPsi, moved.evaluate(sample.walkers, order: .value).logPsi)
    let divergence = kullbackLeibler(logRatios: zip(old, new).map { 2 * ($1 - $0) })
    return (divergence, 0.5 * epsilon * epsilon * FisherMetric().forms([v], sample)[0, 0])
  }

  @Test("to second order it is ½ δᵀFδ", arguments: [1, 2, 3])
  func secondOrder(seed: UInt64) throws {
    let sample = try pretrainedSample(walkers: 200, order: .value)
    var random = SplitMix64(seed: seed)
    let v = random.uniform(-1...1, count: sample.gradient.count)
    // What is left is of third order: it halves, relative to the second, with ε. At ε = 1e-4 it is about 1e-3; rounding
    // of ln|ψ|, 1e-15 against D ≈ 1e-7, is far below.
    let deviations = [2e-4, 1e-4].map { epsilon -> Double in
      let (divergence, quadratic) = compare(epsilon, v, sample)
      return divergence / quadratic - 1
    }
    #expect(deviations[1] ≈ 0 ± 2e-2)
    #expect(deviations[0] ≈ 2 * deviations[1] ± (2e-4 + 0.3 * abs(deviations[0])))
  }

  @Test("it is zero for the same ψ, for ψ times any factor, and never negative")
  func signs() {
    #expect(kullbackLeibler(logRatios: [0, 0, 0]) == 0)
    #expect(kullbackLeibler(logRatios: [700, 700]) ≈ 0 ± 1e-12)
    #expect(kullbackLeibler(logRatios: [-900, -900, -900]) ≈ 0 ± 1e-12)
    var random = SplitMix64(seed: 4)
    for count in 1...20 { #expect(kullbackLeibler(logRatios: random.uniform(-1e-8...1e-8, count: count)) >= 0) }
  }

  @Test("two walkers: ln cosh of half the difference of their log ratios")
  func closedForm() {
    // ln ½(e^a + e^b) - ½(a + b) = ln cosh ½(a - b).
    for d in [0.1, 1, 30, 1500] as [Double] {
      let expected = d / 2 + Double.log(1 + Double.exp(-d)) - Double.log(2)
      #expect(kullbackLeibler(logRatios: [3 + d, 3]) ≈ expected ± (1e-12 * (1 + d)))
    }
  }

  @Test("a ψ' that has no weight where a walker is cannot code it: infinitely far")
  func impossible() {
    #expect(kullbackLeibler(logRatios: [0, -.infinity]) == .infinity)
  }
}
