import Ch01LinearAlgebra
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

@Suite("7.3 Sums of metrics") struct MetricSums {
  @Test("products, blocks, forms and diagonal of 3F + F/2 are three and a half times F's")
  func linear() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 40, order: .value)
    let (sum, fisher) = (3 * FisherMetric() + 0.5 * FisherMetric(), FisherMetric())
    var random = SplitMix64(seed: 4)
    let v = (0..<2).map { _ in random.uniform(-1...1, count: sample.gradient.count) }
    // Rounding of three terms.
    #expect(sum.product(v[0], sample) ≈ fisher.product(v[0], sample).map { 3.5 * $0 }.within(relative: 1e-14))
    #expect(
      sum.product(v[0], group: 1, sample)
        ≈ fisher.product(v[0], group: 1, sample).map { 3.5 * $0 }.within(relative: 1e-14))
    #expect(sum.diagonal(sample) ≈ fisher.diagonal(sample).map { 3.5 * $0 }.within(relative: 1e-14))
    let (forms, expected) = (sum.forms(v, sample), fisher.forms(v, sample))
    #expect(Array(forms.elements) ≈ expected.elements.map { 3.5 * $0 }.within(relative: 1e-14))
  }
}
