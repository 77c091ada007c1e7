import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

@Suite("7.5 Levenberg and Marquardt") struct LevenbergMarquardtRule {
  /// λ after one judgement, from 1.
  private func lambda(_ rho: Double, error: Double, usesErrorBar: Bool = true) -> Double {
    var damping = LevenbergMarquardt(lambda: 1, usesErrorBar: usesErrorBar)
    damping.adapt(to: .ratio(rho, error: error, steps: 5))
    return damping.lambda
  }
  private let down = 0.95 * 0.95 * 0.95 * 0.95 * 0.95

  @Test("a model that kept its word lowers λ, one that promised too much raises it, in between it stays")
  func rule() {
    #expect(lambda(1, error: 0) ≈ down ± 1e-15)
    #expect(lambda(0.1, error: 0) ≈ (1 / down) ± 1e-15)
    #expect(lambda(0.5, error: 0) == 1)
    // An energy that rises.
    #expect(lambda(-0.3, error: 0) ≈ (1 / down) ± 1e-15)
  }

  @Test("what the noise cannot tell is no reason to move", arguments: [1.0, 0.1, -0.2])
  func noise(rho: Double) {
    #expect(lambda(rho, error: 0.5) == 1)
    #expect(lambda(rho, error: .infinity) == 1)
    #expect(lambda(rho, error: 0.01) != 1)
    #expect(lambda(rho, error: 0.5, usesErrorBar: false) != 1)
  }

  @Test(
    "an energy that rises within its error bar does not lower λ, and noise alone moves it a third of the time, up and down alike"
  )
  func rising() {
    #expect(lambda(-10, error: 20) == 1)
    // 1000 judgements of a step that does what the model says, with noise ten times as large: |ρ - 1| exceeds σ in a
    // third of them, to both sides alike. Without the error bar λ is a random walk of steps of 23 %.
    var random = SplitMix64(seed: 5)
    var (careful, careless) = (LevenbergMarquardt(lambda: 1), LevenbergMarquardt(lambda: 1, usesErrorBar: false))
    var (ups, downs, movesOfCareless) = (0, 0, 0)
    for _ in 0..<1000 {
      let noise = 10 * (random.uniform(-1...1, count: 12).reduce(0, +) / 2)
      let before = (careful.lambda, careless.lambda)
      careful.adapt(to: .ratio(1 - noise, error: 10, steps: 5))
      careless.adapt(to: .ratio(1 - noise, error: 10, steps: 5))
      if careful.lambda > before.0 { ups += 1 }
      if careful.lambda < before.0 { downs += 1 }
      if careless.lambda != before.1 { movesOfCareless += 1 }
    }
    // 159 each by the normal distribution, five standard deviations of 12, and the bounds of λ.
    #expect((90...220).contains(ups) && (90...220).contains(downs) && movesOfCareless > 900)
  }

  @Test("λ stays within its bounds")
  func bounds() {
    var damping = LevenbergMarquardt(lambda: 1e-6)
    for _ in 0..<100 { damping.adapt(to: .ratio(1, error: 0, steps: 5)) }
    #expect(damping.lambda == 1e-7)
    damping = LevenbergMarquardt(lambda: 1e19)
    for _ in 0..<100 { damping.adapt(to: .ratio(-1, error: 0, steps: 5)) }
    #expect(damping.lambda == 1e20)
  }

  @Test("no judgement, one that is no number, or one of another kind leaves λ where it is")
  func nothing() {
    for verdict in [nil, .ratio(.nan, error: 0.1, steps: 5), .ratio(1, error: .nan, steps: 5), .accepted, .rejected]
      as [Verdict?]
    {
      var damping = LevenbergMarquardt(lambda: 1)
      damping.adapt(to: verdict)
      #expect(damping.lambda == 1)
    }
  }
}

@Suite("7.6 Other dampings") struct Dampings {
  @Test("a schedule falls from step to step, down to its floor")
  func schedule() {
    let decay = ExponentialDecay(from: 2, decay: 0.5, floor: 0.1)
    #expect((1...7).map { decay.lambda(step: $0, walkers: 10) } ≈ [2, 1, 0.5, 0.25, 0.125, 0.1, 0.1] ± 1e-15)
  }

  @Test("where noise sets the floor, twice the walkers have half of it")
  func noise() {
    let decay = ExponentialDecay(from: 2, decay: 0.5, floor: 1e-3, noise: 5)
    #expect(
      [250, 500, 1000, 100_000].map { decay.lambda(step: 100, walkers: $0) } ≈ [0.02, 0.01, 0.005, 1e-3] ± 1e-15)
    #expect(decay.lambda(step: 1, walkers: 500) == 2)
  }

  @Test("a constant stays, however the last step was judged")
  func constant() throws {
    let sample = try pretrainedSample(hidden: 3, walkers: 10, order: .value, steps: 5)
    var damping = ConstantDamping(0.3)
    damping.adapt(to: .rejected)
    #expect(damping.lambda(sample) == 0.3)
  }
}
