import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import TestSamples
import TestSupport
import Testing

/// The effect of a step on ln|ψ|, relative to its mean: what it does to the distribution.
private func effect(_ change: [Double], _ sample: Sample) -> [Double] {
  sample.centred(sample.derivatives.logDerivatives(along: change))
}

@Suite("7.4 Natural gradient, solved exactly") struct ExactSolve {
  @Test("within the trust region it solves (F + λ) δ = -g")
  func equation() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    var optimizer = SecondOrder.exact(FisherMetric(), damping: 1e-2, radius: 1e6)
    let update = optimizer.update(sample)
    #expect(update.diagnostics[.alpha] == 1 && update.diagnostics[.lambda] == 1e-2)
    var left = FisherMetric().product(update.change, sample)
    add(1e-2, update.change, to: &left)
    // Backward stable: rounding of F δ.
    #expect(left ≈ sample.gradient.map { -$0 } ± (1e-11 * (1 + norm(sample.gradient))))
    #expect(dot(update.change, sample.gradient) < 0)
  }

  @Test("where it binds, the step has the radius for its length, and the same direction", arguments: [1e-3, 1e-2, 0.1])
  func radius(radius: Double) throws {
    let sample = try pretrainedSample(hidden: 4, strength: -20, walkers: 300, order: .value)
    var (free, bound) = (
      SecondOrder.exact(FisherMetric(), radius: 1e6), SecondOrder.exact(FisherMetric(), radius: radius)
    )
    let (long, short) = (free.update(sample).change, bound.update(sample))
    #expect(FisherMetric().forms([long], sample)[0, 0].squareRoot() > radius)
    #expect(FisherMetric().forms([short.change], sample)[0, 0].squareRoot() ≈ radius.within(relative: 1e-9))
    let alpha = try #require(short.diagnostics[.alpha])
    #expect(short.change ≈ long.map { alpha * $0 }.within(relative: 1e-12))
  }

  @Test("the learning rate is a factor on the free step")
  func learningRate() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    var (whole, tenth) = (
      SecondOrder.exact(FisherMetric(), radius: 1e6),
      SecondOrder.exact(FisherMetric(), radius: 1e6, learningRate: 0.1)
    )
    let (long, short) = (whole.update(sample).change, tenth.update(sample))
    #expect(short.change ≈ long.map { 0.1 * $0 }.within(relative: 1e-12))
    #expect(short.diagnostics[.alpha] == 0.1)
  }

  @Test("what it does to |ψ|² does not depend on the parameters' units, or on how they are mixed")
  func reparametrisation() throws {
    let sample = try pretrainedSample(hidden: 3, layers: 1, walkers: 400, order: .value)
    let count = sample.gradient.count
    // θ = Tφ: units from 1/3 to 3, and a third of each parameter's neighbours.
    var random = SplitMix64(seed: 3)
    let mixing = Matrix(rows: count, columns: count) { i, j in
      i == j ? random.uniform(0.3...3, count: 1)[0] : random.uniform(-0.1...0.1, count: 1)[0]
    }
    let fisher = FisherMetric().matrix(sample)
    var inNewUnits = product(transposed: mixing, fisher * mixing)
    let gradient = product(transposed: mixing, sample.gradient)
    // Damping is what breaks the invariance; the metric's own null directions (ψ times a factor) need a little.
    let damping = 1e-13
    for p in 0..<count { inNewUnits[p, p] += damping }
    let inPhi = try #require(Cholesky(inNewUnits)).solve(gradient).map { -$0 }
    var optimizer = SecondOrder.exact(FisherMetric(), damping: damping, radius: 1e6)
    let here = effect(optimizer.update(sample).change, sample)
    let there = effect(mixing * inPhi, sample)
    // The smallest eigenvalue that is no null direction is 3e-10: in either parametrisation damping, and the rounding
    // of the largest (13), change the step along it by less than one percent.
    #expect(there ≈ here.within(relative: 1e-2))
    // Steepest descent goes elsewhere.
    let steepest = effect(sample.gradient.map { -$0 }, sample)
    let mixed = effect((mixing * gradient).map { -$0 }, sample)
    let cosine = dot(steepest, mixed) / (norm(steepest) * norm(mixed))
    #expect(cosine < 0.99)
  }

  @Test("without a gradient there is no step; with one walker neither, and no NaN")
  func nothing() throws {
    let sample = try pretrainedSample(hidden: 3, walkers: 1, order: .value, steps: 20)
    var optimizer = SecondOrder.exact(FisherMetric())
    #expect(optimizer.update(sample).change == [Double](repeating: 0, count: sample.gradient.count))
  }

  @Test("as an optimiser it brings two fermions further down in ten steps than gradient descent")
  func run() throws {
    func energy(_ optimizer: any Optimizer) throws -> Double {
      let (ansatz, walk) = try pretrained(hidden: 4, walkers: 400)
      var run = VariationalMonteCarlo(
        TrappedFermions(particles: 2, strength: -10), ansatz, walk, optimizer, sweeps: 10, threads: 2)
      for _ in 0..<10 { _ = try run.advance() }
      return try run.evaluate(batches: 5).energy
    }
    let natural = try energy(SecondOrder.exact(FisherMetric(), damping: 0.1, radius: 0.1))
    let steepest = try energy(GradientDescent(learningRate: 1e-2))
    // Gradient descent stands near 1.0, the exact energy is 0.596; error bars are below 3e-2.
    #expect(natural < steepest - 0.1)
  }
}
