import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import TestSamples
import TestSupport
import Testing

@Suite("6.5 Learning rates") struct LearningRates {
  @Test("a rate falls like 1/t once t passes its time scale, and stays where there is none")
  func decay() {
    let rate = LearningRate(0.1, decaySteps: 10)
    #expect(rate(step: 1) == 0.1 && rate(step: 11) == 0.05)
    #expect(rate(step: 991) ≈ 0.001 ± 1e-17)
    #expect(LearningRate(0.1)(step: 1_000_000) == 0.1)
  }
}

@Suite("6.6 Gradient descent") struct GradientDescentTests {
  @Test("its step is -η_t g, and η is half of what it was after τ steps")
  func step() throws {
    let (ansatz, walk) = try pretrained(walkers: 20, steps: 20)
    let pair = TrappedFermions(particles: 2, strength: -10)
    var descent = GradientDescent(learningRate: 0.1, decaySteps: 10)
    for (step, rate) in [(1, 0.1), (11, 0.05)] {
      let sample = Sample(pair, ansatz, at: walk.walkers, order: .value, step: step)
      let update = descent.update(sample)
      #expect(update.change == sample.gradient.map { -rate * $0 })
      #expect(update.diagnostics[.alpha] == rate)
    }
  }
}

@Suite("6.7 Adam") struct AdamTests {
  @Test("its first step is η in every parameter, whatever the size of the gradient")
  func first() {
    var adam = Adam(learningRate: LearningRate(0.01))
    // -η g/(|g| + ε).
    let change = adam.change(gradient: [4, -1e-3, 1e6])
    #expect(change ≈ [-0.01, 0.01, -0.01] ± 1e-7)
    #expect(change[1] ≈ (0.01 * 1e-3 / (1e-3 + 1e-8)) ± 1e-16)
  }

  @Test("steps by hand: gradients 1, 0, -2, with both corrections of the start")
  func byHand() {
    var adam = Adam(learningRate: LearningRate(0.1))
    let changes = [1.0, 0, -2].map { adam.change(gradient: [$0])[0] }
    // m = 0.1, 0.09, -0.119;  v = 0.001, 0.000999, 0.004998001;  1 - β₁ᵗ = 0.1, 0.19, 0.271;
    // 1 - β₂ᵗ = 0.001, 0.001999, 0.002997001.
    let means = [0.1 / 0.1, 0.09 / 0.19, -0.119 / 0.271]
    let squares = [0.001 / 0.001, 0.000999 / 0.001999, 0.004998001 / 0.002997001]
    #expect(changes ≈ zip(means, squares).map { -0.1 * $0 / ($1.squareRoot() + 1e-8) } ± 1e-14)
  }

  @Test("a constant gradient is followed at the learning rate from the first step to the last")
  func biasCorrection() {
    var adam = Adam(learningRate: LearningRate(1e-3))
    for _ in 0..<3000 { #expect(adam.change(gradient: [0.7])[0] ≈ -1e-3 ± 1e-10) }
  }

  @Test("ten times the gradient is the same path")
  func scaleInvariance() {
    var (a, b) = (Adam(learningRate: LearningRate(0.1)), Adam(learningRate: LearningRate(0.1)))
    (a.epsilon, b.epsilon) = (0, 0)
    for g in [1.0, -0.3, 0.2, 5] { #expect(a.change(gradient: [g])[0] ≈ b.change(gradient: [10 * g])[0] ± 1e-15) }
  }

  @Test("no gradient, no step and no NaN")
  func zero() {
    var adam = Adam(learningRate: LearningRate(0.1))
    #expect(adam.change(gradient: [0, 0]) == [0, 0])
  }

  /// A state with one tensor changed, or left out.
  private func changed(_ state: OptimizerState, _ name: String, _ tensor: NamedTensor?) -> OptimizerState {
    OptimizerState(
      optimizer: state.optimizer, version: state.version,
      tensors: state.tensors.compactMap { $0.name == name ? tensor : $0 })
  }

  /// Two parameters in one group.
  private let groups = [
    ParameterGroup(
      role: .layer(0), layout: WeightLayout(inputs: 2, outputs: 1, hasBias: false, sharing: .particle), start: 0)
  ]

  @Test("what it remembers, given to another, makes it go on with the same bits")
  func memory() throws {
    var adam = Adam(learningRate: LearningRate(0.1, decaySteps: 3))
    // Before its first step too.
    for g in [nil, 1.0, -0.3, 0.2] {
      if let g { _ = adam.change(gradient: [g, g * g]) }
      var other = try Adam(learningRate: LearningRate(0.1, decaySteps: 3)).resumed(from: adam.state, groups: groups)
      #expect(other.state == adam.state)
      var original = adam
      for g in [0.4, 0.1] { #expect(other.change(gradient: [g, 1]) == original.change(gradient: [g, 1])) }
    }
  }

  @Test("a state that is another's, or not whole, is refused in one line that names the tensor")
  func wrongState() throws {
    var adam = Adam()
    _ = adam.change(gradient: [1, 2])
    let state = adam.state
    func message(_ state: OptimizerState) -> String? {
      #expect(throws: OptimizerStateError.self) { try Adam().resumed(from: state, groups: groups) }?.description
    }
    #expect(
      message(OptimizerState(optimizer: "kfac", version: 1, tensors: state.tensors))
        == "the state is that of the optimiser kfac, not of adam")
    #expect(
      message(OptimizerState(optimizer: "adam", version: 7, tensors: state.tensors))
        == "the state of adam has version 7, this program reads version 1")
    #expect(message(changed(state, "square", nil)) == "tensor square is missing")
    #expect(
      message(changed(state, "mean", NamedTensor("mean", [3], [1, 2, 3])))
        == "tensor mean has shape [3], [2] expected")
    #expect(
      message(changed(state, "mean", NamedTensor("mean", [2], [1, .nan])))
        == "tensor mean holds nan at index 1, a finite number expected")
    #expect(message(changed(state, "steps", NamedTensor("steps", 0.5))) == "tensor steps is 0.5; a count is needed")
    #expect(message(changed(state, "steps", NamedTensor("steps", 0))) != nil)
    #expect(message(changed(state, "square", NamedTensor("square", [2], [-1, 1]))) == "tensor square is negative")
    #expect(
      message(OptimizerState(optimizer: "adam", version: 1, tensors: state.tensors + [NamedTensor("extra", 1)]))
        == "tensor extra is no part of this state")
    #expect(
      message(OptimizerState(optimizer: "adam", version: 1, tensors: state.tensors + [state.tensors[0]]))
        == "tensor mean appears twice")
  }

  @Test("a learning rate by name, and a default for the one that is not given")
  func settings() {
    #expect(Adam(["learning-rate": 0.5, "mu": 3]).learningRate == LearningRate(0.5, decaySteps: 400))
    #expect(Adam.options.map(\.name) == ["learning-rate"] && Adam.options[0].standard == Adam().learningRate.initial)
  }

  @Test("it finds the bottom of a valley that is a thousand times steeper across than along")
  func valley() {
    var adam = Adam(learningRate: LearningRate(0.1, decaySteps: 50))
    var x = [1.0, 1.0]
    for _ in 0..<500 { x = zip(x, adam.change(gradient: [x[0], 1000 * x[1]])).map { $0 + $1 } }
    #expect(x ≈ [0, 0] ± 1e-3)
  }
}
