import Ch07NaturalGradient
import TestSupport
import Testing

@Suite("7.4 Levenberg and Marquardt") struct Regulator {
  /// λ after one judgement, from 1.
  private func lambda(change: Double, error: Double, predicted: Double = -1, usesErrorBar: Bool = true) -> Double {
    var regulator = LevenbergMarquardt(lambda: 1)
    regulator.usesErrorBar = usesErrorBar
    regulator.judge(change: change, error: error, predicted: predicted)
    return regulator.lambda
  }
  private let down = 0.95 * 0.95 * 0.95 * 0.95 * 0.95

  @Test("a model that kept its word lowers λ, one that promised too much raises it, in between it stays")
  func rule() {
    #expect(lambda(change: -1, error: 0) ≈ down ± 1e-15)
    #expect(lambda(change: -0.1, error: 0) ≈ (1 / down) ± 1e-15)
    #expect(lambda(change: -0.5, error: 0) == 1)
    // An energy that rises.
    #expect(lambda(change: 0.3, error: 0) ≈ (1 / down) ± 1e-15)
  }

  @Test("what the noise cannot tell is no reason to move", arguments: [-1.0, -0.1, 0.2])
  func noise(change: Double) {
    #expect(lambda(change: change, error: 0.5) == 1)
    #expect(lambda(change: change, error: .infinity) == 1)
    #expect(lambda(change: change, error: 0.01) != 1)
    #expect(lambda(change: change, error: 0.5, usesErrorBar: false) != 1)
  }

  @Test("an energy that rises within its error bar does not lower λ, and an energy's noise alone leaves it where it is")
  func rising() {
    #expect(lambda(change: 0.01, error: 0.02, predicted: -1e-3) == 1)
    // 1000 judgements of a step that does what the model says, with noise ten times as large: |ρ - 1| exceeds σ in a third
    // of them, always to both sides. Without the error bar λ is a random walk of steps of 23 %.
    var random = SplitMix64(seed: 5)
    var (careful, careless) = (LevenbergMarquardt(lambda: 1), LevenbergMarquardt(lambda: 1))
    careless.usesErrorBar = false
    var (movesOfCareful, movesOfCareless) = (0, 0)
    for _ in 0..<1000 {
      let noise = 10 * (random.uniform(-1...1, count: 12).reduce(0, +) / 2)
      let before = (careful.lambda, careless.lambda)
      careful.judge(change: -1 + noise, error: 10, predicted: -1)
      careless.judge(change: -1 + noise, error: 10, predicted: -1)
      if careful.lambda != before.0 { movesOfCareful += 1 }
      if careless.lambda != before.1 { movesOfCareless += 1 }
    }
    #expect(movesOfCareful < 400 && movesOfCareless > 900)
  }

  @Test("λ stays within its bounds")
  func bounds() {
    var regulator = LevenbergMarquardt(lambda: 1e-6)
    for _ in 0..<100 { regulator.judge(change: -1, error: 0, predicted: -1) }
    #expect(regulator.lambda == 1e-7)
    regulator = LevenbergMarquardt(lambda: 1e19)
    for _ in 0..<100 { regulator.judge(change: 1, error: 0, predicted: -1) }
    #expect(regulator.lambda == 1e20)
  }

  @Test("ρ is what it says; nothing predicted, or an energy that is no number: no judgement")
  func rho() {
    var regulator = LevenbergMarquardt(lambda: 1)
    #expect(regulator.judge(change: -0.3, error: 0.1, predicted: -0.6) ≈ 0.5 ± 1e-15)
    #expect(regulator.judge(change: -0.3, error: 0.1, predicted: 0).isNaN)
    #expect(regulator.judge(change: .nan, error: 0.1, predicted: -1).isNaN)
    #expect(regulator.judge(change: -1, error: .nan, predicted: -1) == 1)
    #expect(regulator.lambda == 1)
  }
}
