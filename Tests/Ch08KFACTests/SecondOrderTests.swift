import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import TestSamples
import TestSupport
import Testing

/// A direction that is given once and for all.
private struct Fixed: Direction {
  let vector: @Sendable (Sample) -> [Double]
  mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    vector(sample)
  }
}

/// A multiple of the unit matrix.
private struct Multiple: ParameterMetric {
  let order = JetOrder.value
  let factor: Double
  func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    v.map { factor * $0 }
  }
}

private func kfac(lambda: Double = 1) -> SecondOrder { KFAC(["lambda": lambda]).optimizer }

/// λ as it stands.
private func lambda(_ optimizer: SecondOrder) -> Double? { (optimizer.damping as? LevenbergMarquardt)?.lambda }

@Suite("8.3 KFAC, and the anatomy of its step") struct Anatomy {
  private func step(_ vector: @escaping @Sendable (Sample) -> [Double], factor: Double = 1) throws -> (Sample, Update) {
    let sample = try pretrainedSample(hidden: 4, walkers: 100, order: .value)
    var optimizer = SecondOrder(
      name: "fixed", direction: Fixed(vector: vector), damping: LevenbergMarquardt(lambda: 0.5),
      length: QuadraticModel(Multiple(factor: factor)), judge: ReductionRatio())
    return (sample, optimizer.update(sample))
  }

  @Test("the length of a direction does not matter, nor its sign: the model decides", arguments: [1.0, -1, 1e-3, 1e4])
  func length(scale: Double) throws {
    let (sample, update) = try step { $0.gradient.map { -scale * $0 } }
    // ½ (1 + ½) δ² + gδ is lowest at δ = -g/1.5.
    #expect(update.change ≈ sample.gradient.map { -$0 / 1.5 }.within(relative: 1e-12))
    #expect(update.diagnostics[.mu] == 0)
  }

  @Test("a rejected step is taken back; where there is none to take back, the next one is made") func rejections()
    throws
  {
    struct NeverContent: Judge {
      mutating func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict? { .rejected }
      let diagnostics: [Diagnostic] = []
      mutating func note(predictedChange: Double?, of sample: Sample) {}
    }
    let sample = try pretrainedSample(hidden: 4, walkers: 100, order: .value)
    var optimizer = SecondOrder(
      name: "fixed", direction: Fixed { $0.gradient.map { -$0 } }, damping: ConstantDamping(0.5),
      length: FixedLength(LearningRate(0.1)), judge: NeverContent())
    // At the first step nothing is remembered, at the third the second has taken the first back.
    let changes = (0..<4).map { _ in optimizer.update(sample).change }
    let step = sample.gradient.map { -0.1 * $0 }
    #expect(changes[0] == step && changes[2] == step)
    #expect(changes[1] == step.map { -$0 } && changes[3] == changes[1])
  }

  @Test("a model that has lost Fisher's factor 4 makes the same direction four times as long")
  func lostFactor() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    let changes = [1, 0.25].map { factor in
      var optimizer = SecondOrder(
        name: "kfac", direction: KroneckerDirection(), damping: LevenbergMarquardt(lambda: 1e-7),
        length: QuadraticModel(factor * FisherMetric()), judge: ReductionRatio())
      return optimizer.update(sample).change
    }
    // λ is there, too, but small beside the metric along a step.
    #expect(norm(changes[1]) / norm(changes[0]) ≈ 4 ± 0.01)
  }

  @Test("a direction of no descent is replaced by -g")
  func uphill() throws {
    for vector: @Sendable (Sample) -> [Double] in [
      { $0.gradient.map { _ in 0 } },
      // Across the gradient: the model sees no slope there.
      { sample in sample.gradient.indices.map { $0 == 0 ? -sample.gradient[1] : $0 == 1 ? sample.gradient[0] : 0 } },
    ] {
      let (sample, update) = try step(vector)
      #expect(update.change ≈ sample.gradient.map { -$0 / 1.5 }.within(relative: 1e-9))
      #expect(update.change.isEmpty == false && dot(update.change, sample.gradient) < 0)
    }
  }

  @Test("a negative model gives a step downhill of finite length")
  func negative() throws {
    let (sample, update) = try step({ $0.gradient.map { -$0 } }, factor: -10)
    #expect(dot(update.change, sample.gradient) < 0)
    #expect(update.change.allSatisfy { $0.isFinite })
  }

  @Test("without a gradient there is no step, and no NaN in the numbers that are reported")
  func noGradient() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 3), seed: 1)
    // One walker: E_L is its own mean.
    let sample = Sample(
      TrappedFermions(particles: 2, strength: 3), ansatz, at: Walkers([0.3, -0.8], particles: 2), order: .value, step: 5
    )
    var optimizer = kfac()
    for _ in 0..<3 {
      let update = optimizer.update(sample)
      #expect(update.change == sample.gradient.map { _ in 0 })
      #expect(update.diagnostics[.alpha]?.isFinite == true && update.diagnostics[.mu]?.isFinite == true)
    }
    #expect(lambda(optimizer) == 1)
  }

  @Test("its state, given to another, makes it go on with the same bits")
  func memory() throws {
    let (ansatz, walk) = try pretrained(hidden: 5, walkers: 200)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, kfac(), sweeps: 5)
    // Stopped in every phase of the five steps between judgements.
    for _ in 0..<7 {
      _ = try run.advance()
      let other = try kfac(lambda: 77).resumed(from: run.optimizer.state, groups: run.ansatz.parameterGroups)
      #expect(other.state == run.optimizer.state)
      var (original, resumed) = (run, run)
      resumed.optimizer = other
      for _ in 0..<7 {
        let (one, other) = (try original.advance(), try resumed.advance())
        #expect(values(one, run.optimizer) == values(other, run.optimizer))
      }
      #expect(original.ansatz.parameters == resumed.ansatz.parameters)
    }
  }

  @Test("ρ is what the energy did on the next walkers over what the model promised, and λ follows it")
  func judgement() throws {
    let hamiltonian = TrappedFermions(particles: 2, strength: -10)
    var (ansatz, walk) = try pretrained(hidden: 5, walkers: 60)
    let old = ansatz
    let first = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value, step: 5)
    var optimizer = kfac()
    let change = optimizer.update(first).change
    let promised =
      0.5 * (FisherMetric().forms([change], first)[0, 0] + dot(change, change)) + dot(first.gradient, change)
    ansatz.move(by: change)
    walk.sweep(ansatz, count: 20)
    let second = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value, step: 6)
    let actual = EnergyChange(second, from: old, oldEnergy: first.clippedEnergy)
    let update = optimizer.update(second)

    #expect(try #require(update.diagnostics[.rho]) ≈ (actual.change / promised).within(relative: 1e-9))
    let (rho, error) = (actual.change / promised, abs(actual.error / promised))
    var rule = LevenbergMarquardt(lambda: 1)
    rule.adapt(to: .ratio(rho, error: error, steps: 5))
    #expect(lambda(optimizer) == rule.lambda)
    // The error bar of these few walkers decides: without it λ would have moved.
    var blind = LevenbergMarquardt(lambda: 1)
    blind.adapt(to: .ratio(rho, error: 0, steps: 5))
    #expect(blind.lambda != rule.lambda)
  }

  @Test("λ is judged every five steps, on walkers that did not make the step")
  func judgements() throws {
    let (ansatz, walk) = try pretrained(hidden: 5, walkers: 200)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, kfac(), sweeps: 5)
    let judged = try (1...16).filter { _ in try run.advance().diagnostics[.rho] != nil }
    #expect(judged == [6, 11, 16])
  }

  @Test("1 and 2 threads give the same bits")
  func threads() throws {
    let (ansatz, walk) = try pretrained(hidden: 5, walkers: 300)
    let runs = try [1, 2].map { threads in
      var run = VariationalMonteCarlo(
        TrappedFermions(particles: 2, strength: -10), ansatz, walk, kfac(), sweeps: 5, threads: threads)
      for _ in 0..<7 { _ = try run.advance() }
      return run.ansatz.parameters
    }
    #expect(runs[0] == runs[1])
  }
}

/// NaN is equal to itself here: a column that is empty in both.
private func values(_ record: StepRecord, _ optimizer: any Optimizer) -> [UInt64] {
  record.values(optimizer).map(\.bitPattern)
}
