import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

@Suite("7.9 Steps that make no walker change sides") struct SignGuards {
  /// A pretrained state, and a step of random numbers that puts some of its walkers on the wrong side of a node.
  private func crossing() throws -> (sample: Sample, step: [Double]) {
    let sample = try pretrainedSample(hidden: 4, walkers: 400, order: .value, steps: 100)
    var random = SplitMix64(seed: 3)
    return (sample, random.uniform(-0.6...0.6, count: sample.gradient.count))
  }

  private func wrong(_ sample: Sample, _ step: [Double], _ t: Double) -> Double {
    let moved = sample.ansatz.with(parameters: zip(sample.ansatz.parameters, step).map { $0 + t * $1 })
    return wrongSignFraction(
      sign: moved.evaluate(sample.walkers, order: .value).sign, positions: sample.walkers.positions, particles: 2)
  }

  private func guarded(_ sample: Sample, _ step: [Double], halvings: Int) -> (change: [Double], t: Double?) {
    var guardian = SignGuard(FixedLength(), halvings: halvings)
    var report = Diagnostics()
    let change = guardian.step(step, previous: nil, sample, lambda: 1, report: &report).change
    return (change, report[.signsKept])
  }

  @Test("the step is halved until no more walkers are on the wrong side than before, and no further")
  func halved() throws {
    let (sample, step) = try crossing()
    #expect(sample.energies.wrongSignFraction == 0 && wrong(sample, step, 1) > 0)
    let (change, t) = guarded(sample, step, halvings: 20)
    let part = try #require(t)
    #expect(part < 1 && wrong(sample, step, part) == 0 && wrong(sample, step, 2 * part) > 0)
    #expect(change == step.map { part * $0 })
    // Not further than it is told to.
    #expect(guarded(sample, step, halvings: 0).t == 1 && guarded(sample, step, halvings: 1).t == 0.5)
  }

  @Test("with a growth of two it is halved until there are at most twice as many") func growth() throws {
    let (sample, step) = try crossing()
    // A few walkers are on the wrong side already, and the same step again would make it many.
    let first = try #require(guarded(sample, step, halvings: 20).t)
    let there = Sample(
      sample.hamiltonian,
      try #require(
        sample.ansatz.with(parameters: zip(sample.ansatz.parameters, step).map { $0 + 2 * first * $1 })
          as? DeterminantAnsatz), at: sample.walkers, order: .value)
    let before = there.energies.wrongSignFraction
    #expect(before > 0)
    for growth in [1.0, 2] {
      var guardian = SignGuard(FixedLength(), growth: growth, halvings: 20)
      var report = Diagnostics()
      _ = guardian.step(step, previous: nil, there, lambda: 1, report: &report)
      let part = try #require(report[.signsKept])
      #expect(part < 1 && wrong(there, step, part) <= growth * before)
      #expect(wrong(there, step, 2 * part) > growth * before)
    }
  }

  @Test("a step that brings walkers back is made in full")
  func back() throws {
    let (sample, step) = try crossing()
    let far = sample.ansatz.with(parameters: zip(sample.ansatz.parameters, step).map { $0 + $1 })
    let there = Sample(
      sample.hamiltonian, try #require(far as? DeterminantAnsatz), at: sample.walkers, order: .value)
    #expect(there.energies.wrongSignFraction > 0)
    let (change, t) = guarded(there, step.map { -$0 }, halvings: 4)
    #expect(t == 1 && change == step.map { -$0 })
  }

  @Test("a short step is left as it is, with what is predicted of it; of a halved one nothing is predicted")
  func prediction() throws {
    let (sample, step) = try crossing()
    var report = Diagnostics()
    var guardian = SignGuard(MetricBound(1e12, in: FisherMetric()), halvings: 20)
    let small = step.map { 1e-6 * $0 }
    let free = guardian.step(small, previous: nil, sample, lambda: 1, report: &report)
    #expect(free.change == small && free.predictedChange != nil && report[.signsKept] == 1)
    #expect(guardian.step(step, previous: nil, sample, lambda: 1, report: &report).predictedChange == nil)
  }
}
