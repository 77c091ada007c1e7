import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch13BeyondTheTalk
import NeuralQuantumStates
import TestSamples
import TestSupport
import Testing

@Suite("13.5 General-purpose optimisers") struct FirstOrderTests {
  @Test("the first step of AdamW and of Lion is the same for every parameter: a sign")
  func signs() throws {
    let sample = try pretrainedSample(walkers: 60, order: .value)
    var (adam, lion) = (AdamWRule(weightDecay: 0), LionRule(weightDecay: 0))
    let signs = sample.gradient.map { $0 > 0 ? 1.0 : -1 }
    // Adam's ε is 1e-8 of parameters whose gradients are 1e-4 and more.
    #expect(adam.change(sample) ≈ signs ± 1e-3)
    #expect(lion.change(sample) == signs)
  }

  @Test("Muon's first step of a layer has no singular value above 1.25, and the three largest above 0.6")
  func muon() throws {
    let sample = try pretrainedSample(hidden: 6, walkers: 60, order: .value)
    var rule = MuonRule()
    let change = rule.change(sample)
    let group = sample.parameterGroups[1]
    let weights = Matrix(rows: 6, columns: 12) { change[group.start + $0 * 12 + $1] }
    // The quintic leaves 0.7 … 1.2 of what was not tiny before; the layer's rank is what the walkers make it.
    let values = SVD(weights).values
    #expect(values[0] < 1.25 && values[2] > 0.6)
  }

  @Test("in a basis of its own SOAP is Adam: its first step has entries ±1 there")
  func soap() throws {
    let sample = try pretrainedSample(hidden: 6, walkers: 60, order: .value)
    var rule = SoapRule()
    let change = rule.change(sample)
    let group = sample.parameterGroups[1]
    let weights = Matrix(rows: 6, columns: 12) { change[group.start + $0 * 12 + $1] }
    let gradient = Matrix(rows: 6, columns: 12) { sample.gradient[group.start + $0 * 12 + $1] }
    let left = SymmetricEigen(product(gradient, transposed: gradient)).vectors
    let right = SymmetricEigen(product(transposed: gradient, gradient)).vectors
    let turned = product(transposed: left, weights) * right
    // The gradient is diagonal in its own singular vectors: where it is 0 but for rounding, so is the step, or a sign.
    #expect(turned.elements.allSatisfy { abs($0) < 1.001 })
    #expect((0..<2).allSatisfy { k in abs(abs(turned[5 - k, 11 - k]) - 1) < 1e-3 })
  }

  @Test("Sophia moves no parameter by more than its rate")
  func sophia() throws {
    let sample = try pretrainedSample(walkers: 60, order: .gradient)
    var rule = SophiaRule()
    let change = rule.change(sample)
    #expect(change.allSatisfy { abs($0) <= 1 } && change.contains { abs($0) == 1 })
    #expect(zip(change, sample.gradient).allSatisfy { $0 * $1 >= 0 })
  }

  @Test("Prodigy begins with a step of a millionth, and its distance grows as long as the gradient points back")
  func prodigy() throws {
    var (ansatz, walk) = try pretrained(walkers: 200)
    var rule = ProdigyRule()
    var sizes: [Double] = []
    for step in 1...30 {
      walk.sweep(ansatz, count: 5)
      let sample = Sample(
        TrappedFermions(particles: 2, strength: -10), ansatz, at: walk.walkers, order: .value, step: step)
      let change = rule.change(sample)
      sizes.append(norm(change))
      ansatz.move(by: change.map { -$0 })
    }
    #expect(sizes[0] < 1e-4)
    #expect(sizes[29] > 100 * sizes[0])
  }

  @Test("L-BFGS takes inner steps whatever power of |ψ| the walkers follow", arguments: [2, 1, 0.5])
  func lbfgsOfOtherWalkers(power: Double) throws {
    let (ansatz, start) = try pretrained(hidden: 8, walkers: 256)
    var walk = start
    walk.power = power
    walk.sweep(ansatz, count: 50)
    let system = TrappedFermions(particles: 2, strength: -10)
    let sample = Sample(system, ansatz, at: walk.walkers, order: .value, power: power)
    var optimizer = FrozenLBFGS()
    #expect(optimizer.update(sample).diagnostics[.innerSteps] ?? 0 >= 1)
  }

  @Test("of a parabola L-BFGS's two loops find the bottom once conjugate pairs span the plane")
  func lbfgs() {
    // g = H x with H = [[2, 1], [1, 3]], and pairs that are conjugate: s₁·H s₂ = 0.
    func g(_ x: [Double]) -> [Double] { [2 * x[0] + x[1], x[0] + 3 * x[1]] }
    let conjugate = [(s: [1.0, 0], y: g([1, 0])), (s: [1.0, -2], y: g([1, -2]))]
    #expect(FrozenLBFGS.direction(g([1, 1]), conjugate) ≈ [-1, -1] ± 1e-12)
    // Of others the last one is matched.
    let pairs = [(s: [1.0, -0.5], y: g([1, -0.5])), (s: [0.2, 1.0], y: g([0.2, 1.0]))]
    #expect(FrozenLBFGS.direction(pairs[1].y, pairs) ≈ [-0.2, -1] ± 1e-12)
  }
}

@Suite("13.9 All in one test") struct AllOptimizersTests {
  // In the tenth and the eleventh step SOAP, Sophia and others look anew at what they keep for ten.
  @Test(
    "on a determinant each optimiser of the book goes on from its state after nine steps with the same bits",
    arguments: optimizers.map { $0.name })
  func resumed(name: String) throws {
    let method = try #require(optimizers.first { $0.name == name })
    let (ansatz, start) = try pretrained(hidden: 4, walkers: 64)
    var walk = start
    walk.power = method.samplingPower
    let system = TrappedFermions(particles: 2, strength: -10)
    var run = VariationalMonteCarlo(system, ansatz, walk, method.init().makeOptimizer())
    for _ in 1...9 { _ = try run.advance() }
    var resumed = run
    resumed.optimizer = try method.init().makeOptimizer().resumed(
      from: run.optimizer.state, groups: ansatz.parameterGroups)
    for _ in 10...12 { _ = (try run.advance(), try resumed.advance()) }
    #expect(resumed.ansatz.parameters == run.ansatz.parameters)
  }

  /// Those of the chapter: behind the talk's and the book's.
  static let names = optimizers.map { $0.name }.drop { $0 != "minsr" }.filter { $0 != "isopo" }

  /// Those that take fifty steps to it, and not fifteen.
  private static let slow = ["prodigy", "adamw", "lion", "sophia"]

  // Two attracting fermions, a network of eight features: whatever the method, the energy falls from that of free fermions.
  // Prodigy has to find its rate first, and the steps of AdamW, Lion and Sophia are short. ISOPO is left out: with 256 walkers
  // its steps, which know no damping but the mean eigenvalue, raise the energy before they lower it.
  @Test("every optimiser of the chapter but ISOPO lowers the energy", arguments: names)
  func descent(name: String) throws {
    let method = try #require(optimizers.first { $0.name == name })
    let (ansatz, start) = try pretrained(hidden: 8, walkers: 256)
    var walk = start
    walk.power = method.samplingPower
    let system = TrappedFermions(particles: 2, strength: -10)
    var run = VariationalMonteCarlo(system, ansatz, walk, method.init().makeOptimizer(), sweeps: 5)
    let before = try run.evaluate(batches: 5, equilibration: 50)
    for _ in 0..<(Self.slow.contains(name) ? 50 : 15) { _ = try run.advance() }
    let after = try run.evaluate(batches: 5, equilibration: 50)
    #expect(after.energy + 2 * after.error < before.energy)
  }
}
