import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

@Suite("7.7 The change of the energy") struct Change {
  private let hamiltonian = TrappedFermions(particles: 2, strength: -10)

  /// A pretrained ψ and one a small step of gradient descent away.
  private func pair(
    rate: Double, walkers: Int
  ) throws -> (old: Sample, ansatz: DeterminantAnsatz, new: DeterminantAnsatz, walk: MetropolisWalk) {
    let (ansatz, walk) = try pretrained(walkers: walkers)
    let sample = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value, threads: 2)
    var new = ansatz
    new.move(by: sample.gradient, factor: -rate)
    return (sample, ansatz, new, walk)
  }

  private func mean(_ values: [Double]) -> (mean: Double, error: Double) {
    let statistics = SampleStatistics(independent: values)
    return (statistics.mean, statistics.standardError)
  }

  // Energies that are noise: nothing can be learned from them. Of 60 fair coins 30 ± 4 fall on one side; five times
  // that.
  @Test("the walkers that made a step promise themselves a lower energy, be it of noise; others see what a coin says")
  func whoMayJudge() throws {
    var (ansatz, walk) = try pretrained(walkers: 64)
    let own = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    walk.sweep(ansatz, count: 200)
    let others = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    var metric = FisherMetric().matrix(own)
    for p in 0..<metric.rows { metric[p, p] += 1e-3 }
    let factor = try #require(Cholesky(metric))
    var random = SplitMix64(seed: 5)
    func gradient(_ sample: Sample) -> [Double] {
      let noise = random.uniform(-1...1, count: 64)
      let mean = noise.reduce(0, +) / 64
      return sample.derivatives.logDerivatives(weighted: noise.map { ($0 - mean) / 32 })
    }
    var approvals = (own: 0, others: 0)
    for _ in 0..<60 {
      let g = gradient(own)
      let step = factor.solve(g).map { -$0 }
      if dot(g, step) < 0 { approvals.own += 1 }
      if dot(gradient(others), step) < 0 { approvals.others += 1 }
    }
    #expect(approvals.own == 60)
    #expect((10...50).contains(approvals.others))
  }

  // With walkers of |ψ|^½ fewer than half are effective before anything has changed.
  @Test("no step, no change, and no error, whatever the walkers follow", arguments: [2, 0.5])
  func zero(power: Double) throws {
    let (ansatz, start) = try pretrained(walkers: 100)
    var walk = start
    walk.power = power
    walk.sweep(ansatz, count: 50)
    let sample = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value, power: power)
    let change = EnergyChange(sample, from: ansatz, oldEnergy: (7, 1))
    #expect(change == EnergyChange(sample, from: ansatz, oldEnergy: (-3, 2)))
    // Weights are the sample's own up to the rounding of their sum.
    #expect(change.change ≈ 0 ± 1e-12)
    #expect(change.error ≈ 0 ± 1e-12)
    #expect(change.effectiveFraction ≈ 1 ± 1e-13)
  }

  @Test("it agrees with two plain means over independent walkers, and is far less noisy")
  func plainMeans() throws {
    var (old, ansatz, new, walk) = try pair(rate: 1e-2, walkers: 8192)
    walk.sweep(new, count: 60, threads: 2)
    let sample = Sample(hamiltonian, new, at: walk.walkers, order: .value, threads: 2)
    let change = EnergyChange(sample, from: ansatz, oldEnergy: (.nan, .nan))
    let (before, after) = (mean(old.clippedEnergies), mean(sample.clippedEnergies))
    let plainError = (before.error * before.error + after.error * after.error).squareRoot()
    #expect(change.effectiveFraction > 0.9)
    #expect(change.error < 0.5 * plainError)
    #expect(change.change ≈ (after.mean - before.mean) ± (4 * plainError))
    #expect(change.change < -4 * change.error)
  }

  @Test("its error bar is honest: sixty repetitions scatter as it says")
  func calibration() throws {
    var (_, ansatz, new, walk) = try pair(rate: 1e-2, walkers: 256)
    walk.sweep(new, count: 100)
    let changes = (0..<60).map { _ -> EnergyChange in
      walk.sweep(new, count: 40)
      return EnergyChange(
        Sample(hamiltonian, new, at: walk.walkers, order: .value), from: ansatz, oldEnergy: (0, 1))
    }
    let mean = changes.reduce(0) { $0 + $1.change } / 60
    let chiSquare = changes.reduce(0) { $0 + ($1.change - mean) * ($1.change - mean) / ($1.error * $1.error) }
    // 59 degrees of freedom: 1e-4 beyond 110 and below 25, with room for the error bars' own scatter of 10 %.
    #expect(chiSquare > 22 && chiSquare < 125)
  }

  @Test("where the weights are those of a few walkers, two plain means are left")
  func fallback() throws {
    let (_, ansatz, _, walk) = try pair(rate: 1e-2, walkers: 200)
    var far = ansatz
    far.move(by: far.parameters.map { _ in 0.5 })
    let sample = Sample(hamiltonian, far, at: walk.walkers, order: .value)
    let change = EnergyChange(sample, from: ansatz, oldEnergy: (1.5, 0.3))
    let new = mean(sample.clippedEnergies)
    #expect(change.effectiveFraction < 0.5)
    #expect(change.change ≈ (new.mean - 1.5) ± (1e-12 * abs(new.mean)))
    #expect(change.error ≈ (new.error * new.error + 0.09).squareRoot().within(relative: 1e-9))
  }

  @Test("an old ψ that is no number anywhere: two plain means, and no NaN")
  func broken() throws {
    let (_, ansatz, _, walk) = try pair(rate: 1e-2, walkers: 50)
    let sample = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    var broken = ansatz
    broken.parameters[0] = .nan
    let change = EnergyChange(sample, from: broken, oldEnergy: (1, 0.1))
    #expect(change.change.isFinite && change.error.isFinite && change.effectiveFraction == 0)
  }

  @Test("one walker gives a finite change with a finite error")
  func oneWalker() throws {
    let (_, ansatz, new, walk) = try pair(rate: 1e-2, walkers: 1)
    let sample = Sample(hamiltonian, new, at: walk.walkers, order: .value)
    let change = EnergyChange(sample, from: ansatz, oldEnergy: (1, 0.1))
    #expect(change.change.isFinite && change.error.isFinite)
  }

  @Test("half of the walkers have to count: from there on they are reweighted, below they are not") func threshold()
    throws
  {
    let (_, ansatz, _, walk) = try pair(rate: 1e-2, walkers: 200)
    func change(_ length: Double) -> (EnergyChange, isPlain: Bool) {
      var far = ansatz
      far.move(by: far.parameters.map { _ in length })
      let sample = Sample(hamiltonian, far, at: walk.walkers, order: .value)
      let change = EnergyChange(sample, from: ansatz, oldEnergy: (1.5, 0.3))
      return (change, change.change == sample.clippedEnergy.mean - 1.5)
    }
    // The fraction falls with the length of the step: bisection finds steps on both sides of one half.
    var (short, long) = (0.0, 0.5)
    for _ in 0..<40 {
      let middle = 0.5 * (short + long)
      if change(middle).0.effectiveFraction > 0.5 { short = middle } else { long = middle }
    }
    let (above, below) = (change(short), change(long))
    #expect(above.0.effectiveFraction ≈ 0.5 ± 1e-6)
    #expect(below.0.effectiveFraction ≈ 0.5 ± 1e-6)
    #expect(!above.isPlain && below.isPlain)
  }

  @Test("a judge that falls back on plain means knows the old energy's error bar") func judgeAfterALongStep() throws {
    let (sample, ansatz, _, walk) = try pair(rate: 1e-2, walkers: 200)
    var judge = ReductionRatio(interval: 1)
    judge.note(predictedChange: -2, of: sample)
    var far = ansatz
    far.move(by: far.parameters.map { _ in 0.5 })
    let next = Sample(hamiltonian, far, at: walk.walkers, order: .value)
    var report = Diagnostics()
    guard case .ratio(let rho, let error, let steps)? = judge.verdict(on: next, report: &report) else {
      Issue.record("no verdict")
      return
    }
    let (old, new) = (sample.clippedEnergy, next.clippedEnergy)
    #expect(rho ≈ ((new.mean - old.mean) / -2).within(relative: 1e-12))
    #expect(error ≈ (0.5 * (new.error * new.error + old.error * old.error).squareRoot()).within(relative: 1e-12))
    #expect(steps == 1 && old.error > 0)
  }
}
