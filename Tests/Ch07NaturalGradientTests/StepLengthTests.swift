import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

@Suite("7.10 Bounds of a step") struct StepLengths {
  private let sample: Sample
  private let direction: [Double]
  /// ΔᵀFΔ.
  private let square: Double

  init() throws {
    sample = try pretrainedSample(hidden: 3, walkers: 60, order: .value, steps: 5)
    direction = sample.gradient.map { -$0 }
    square = dot(direction, FisherMetric().product(direction, sample))
  }

  private func change(_ length: any StepLength, _ direction: [Double]? = nil) -> (change: [Double], report: Diagnostics)
  {
    var (length, report) = (length, Diagnostics())
    let found = length.step(direction ?? self.direction, previous: nil, sample, lambda: 1e-3, report: &report)
    return (found.change, report)
  }

  @Test("no step has δᵀAδ above the bound, and one that is shorter stays as it is")
  func bound() {
    for (bound, factor) in [(4 * square, 1.0), (square / 9, 1.0 / 3)] {
      let found = change(MetricBound(bound, in: FisherMetric()))
      #expect(found.change ≈ direction.map { factor * $0 }.within(relative: 1e-12))
      #expect(found.report.has(.boundActive) == (factor < 1))
    }
  }

  @Test("of two bounds the smaller step is taken, after the learning rate")
  func norms() {
    let half = change(
      MetricBound(4 * square, in: FisherMetric(), learningRate: 0.5, largestNorm: norm(direction))
    ).change
    #expect(half ≈ direction.map { 0.5 * $0 }.within(relative: 1e-12))
    let short = change(MetricBound(4 * square, in: FisherMetric(), largestNorm: 0.1)).change
    #expect(norm(short) ≈ 0.1 ± 1e-14)
    #expect(norm(change(FixedLength(0.5, largestNorm: 0.1)).change) ≈ 0.1 ± 1e-14)
    #expect(change(FixedLength(0.5)).change == direction.map { 0.5 * $0 })
  }

  @Test("a step that was taken back leaves a quarter of the bound, which grows by a tenth a step up to the whole")
  func trust() {
    var length = MetricBound(square / 4, in: FisherMetric())
    func part() -> Double { norm(change(length).change) / norm(direction) }
    #expect(part() ≈ 0.5 ± 1e-12)
    length.adapt(to: .rejected)
    #expect(part() ≈ 0.25 ± 1e-12)
    length.adapt(to: nil)
    #expect(part() ≈ (0.25 * 1.1.squareRoot()) ± 1e-12)
    for _ in 1...20 { length.adapt(to: nil) }
    #expect(part() ≈ 0.5 ± 1e-12)
  }

  @Test("a direction that goes uphill is replaced by -g where that is asked for")
  func uphill() {
    let length = MetricBound(4 * square, in: FisherMetric(), avoidsUphill: true)
    let found = change(length, sample.gradient)
    #expect(found.change == direction && found.report.has(.uphill))
    #expect(!change(length).report.has(.uphill))
    #expect(change(MetricBound(4 * square, in: FisherMetric()), sample.gradient).change == sample.gradient)
  }

  /// λ by a running mean of ‖g‖.
  private struct SeenGradients: Damping {
    var mean = 0.0
    mutating func lambda(_ sample: Sample) -> Double {
      mean = 0.5 * (mean + norm(sample.gradient))
      return mean
    }
  }

  @Test("a damping may remember the samples that it has seen")
  func memory() {
    var optimizer = SecondOrder(
      name: "own", direction: MetricDirection(.whole(FisherMetric()), solver: CholeskySolver()),
      damping: SeenGradients(), length: FixedLength())
    let size = norm(sample.gradient)
    #expect(optimizer.update(sample).diagnostics[.lambda] == 0.5 * size)
    #expect(optimizer.update(sample).diagnostics[.lambda] == 0.75 * size)
  }
}
