import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import TestSamples
import TestSupport
import Testing

@Suite("12.4 Projected increments") struct Increments {
  private static let thorough = MinimumResidual(tolerance: 1e-12, iterationLimit: 5000)

  /// One with G alone that solves to rounding, and whose steps are as long as they want to be.
  private func exact(mu: Double = 0.95, lambda: Double = 0.1, bound: Double = 1e12) -> SecondOrder {
    var settings = ProjectedIncrements()
    (settings.mu, settings.shift) = (mu, 0)
    settings.damping = ExponentialDecay(from: lambda, decay: 1, floor: 1e-3)
    (settings.bound, settings.limit, settings.halvings) = (bound, bound, 0)
    settings.solver = Increments.thorough
    return settings.optimizer
  }

  /// The standard one with another bound.
  private func bounded(_ bound: Double) -> SecondOrder {
    var settings = ProjectedIncrements()
    (settings.bound, settings.limit, settings.shift, settings.halvings) = (bound, bound, 0, 0)
    return settings.optimizer
  }

  private func someStep(_ sample: Sample, seed: UInt64 = 3) -> [Double] {
    var random = SplitMix64(seed: seed)
    return random.uniform(-0.01...0.01, count: sample.gradient.count)
  }

  private func damped(_ matrix: Matrix, _ damping: [Double]) -> Matrix {
    var matrix = matrix
    for p in 0..<matrix.rows { matrix[p, p] += damping[p] }
    return matrix
  }

  // Residuals of 1e-12, times the condition of G + λ, at most 1e4: 1e-7 of the largest component.
  @Test("the step with the prior in it, the increment alone, and the dual over walkers give one δ")
  func threeForms() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 12, order: .gradient, steps: 100)
    let (lambda, mu, n) = (0.1, 0.95, 12.0)
    let last = someStep(sample)
    var optimizer = try exact(lambda: lambda).remembering(last, sample)
    let change = optimizer.update(sample).change

    // (G + λs) δ = -g + λ μ s δ_prev, by Cholesky.
    let metric = DecisionMetric().matrix(sample)
    var rule = LayerStiffness(of: DecisionMetric())
    let stiffness = rule.scale(sample)
    let factor = try #require(Cholesky(damped(metric, stiffness.map { lambda * $0 })))
    let prior = zip(stiffness, last).map { lambda * mu * $0 * $1 }
    let primal = factor.solve(zip(sample.gradient, prior).map { -$0 + $1 })
    #expect(change ≈ primal.within(relative: 1e-7))

    // (G + λs) η = -g - μ G δ_prev, δ = μ δ_prev + η.
    let increment = factor.solve(zip(sample.gradient, metric * last).map { -$0 - mu * $1 })
    #expect(zip(last, increment).map { mu * $0 + $1 } ≈ primal.within(relative: 1e-10))

    // Woodbury, for the scaled rows N = M s^{-½} and y = s^{½} δ: (NᵀN/n + λ)⁻¹ b = (b - Nᵀ (N Nᵀ + nλ)⁻¹ N b)/λ, a
    // system of 24 equations instead of 68.
    let rows = Matrix(
      (0..<24).map { row in
        var one = [Double](repeating: 0, count: 24)
        one[row] = 1
        return zip(sample.derivatives.mixedDerivatives(weighted: one), stiffness).map { $0 / $1.squareRoot() }
      })
    let b = zip(zip(sample.gradient, prior), stiffness).map { (-$0.0 + $0.1) / $1.squareRoot() }
    let inner = try #require(Cholesky(damped(rowGram(rows), b.prefix(24).map { _ in n * lambda }))).solve(rows * b)
    let dual = zip(zip(b, product(transposed: rows, inner)), stiffness).map { ($0.0 - $0.1) / lambda / $1.squareRoot() }
    #expect(dual ≈ primal.within(relative: 1e-9))
  }

  // A residual of 1e-4 leaves the step open by some thousandths; rounding G v to seven digits must be lost in that.
  @Test("with products in single precision the step is the one in double, to the accuracy it is solved to")
  func singlePrecision() throws {
    let sample = try pretrainedSample(hidden: 8, walkers: 200, order: .gradient, steps: 100)
    let last = someStep(sample)
    let changes = try [ParameterDerivatives.Precision.double, .single].map { precision in
      var settings = ProjectedIncrements()
      (settings.bound, settings.halvings) = (1e12, 0)
      settings.solver.tolerance = 1e-4
      settings.solver.precision = precision
      var optimizer = try settings.optimizer.remembering(last, sample)
      return optimizer.update(sample).change
    }
    #expect(norm(zip(changes[0], changes[1]).map { $0 - $1 }) < 1e-3 * norm(changes[0]))
    #expect(changes[0] != changes[1])
  }

  @Test("δ is the minimum of ½ δᵀGδ + gᵀδ + (λ/2) ‖δ - μ δ_prev‖²_s")
  func proximal() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 50, order: .gradient, steps: 100)
    let last = someStep(sample)
    var optimizer = try exact().remembering(last, sample)
    let change = optimizer.update(sample).change
    var rule = LayerStiffness(of: DecisionMetric())
    let stiffness = rule.scale(sample)
    func model(_ delta: [Double]) -> Double {
      let distance = zip(delta, last).map { $0 - 0.95 * $1 }
      return 0.5 * DecisionMetric().forms([delta], sample)[0, 0] + dot(sample.gradient, delta)
        + 0.05 * dot(distance, zip(stiffness, distance).map { $0 * $1 })
    }
    let least = model(change)
    var random = SplitMix64(seed: 6)
    for _ in 0..<10 {
      let nearby = zip(change, random.uniform(-1e-3...1e-3, count: change.count)).map { $0 + $1 }
      #expect(model(nearby) > least)
    }
  }

  @Test("what the sample says nothing about is kept from the last step, but for μ: plain damping forgets it")
  func kept() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 5, order: .gradient, steps: 100)
    let last = someStep(sample)
    // With y = s^{½} δ, for which the damping is the same in all directions.
    var rule = LayerStiffness(of: DecisionMetric())
    let roots = rule.scale(sample).map { $0.squareRoot() }
    let metric = DecisionMetric().matrix(sample)
    let scaled = Matrix(rows: roots.count, columns: roots.count) { metric[$0, $1] / roots[$0] / roots[$1] }
    let unseen = SymmetricEigen(scaled).apply { $0 < 1e-9 ? 1 : 0 }
    var (with, without) = (try exact().remembering(last, sample), try exact(mu: 0).remembering(last, sample))
    let difference = zip(with.update(sample).change, without.update(sample).change).map { $0 - $1 }
    let (kept, before) = (zip(difference, roots).map { $0 * $1 }, zip(last, roots).map { $0 * $1 })
    #expect(unseen * kept ≈ (unseen * before).map { 0.95 * $0 } ± 1e-7)
    #expect(norm(unseen * before) > 0.5 * norm(before))
  }

  @Test("μ = 0 is decisional gradient descent with damping, whatever the last step was")
  func noMomentum() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 60, order: .gradient, steps: 100)
    var rule = LayerStiffness(of: DecisionMetric())
    let damping = rule.scale(sample).map { 0.1 * $0 }
    let expected = try #require(Cholesky(damped(DecisionMetric().matrix(sample), damping))).solve(sample.gradient)
    for start in [exact(mu: 0), try exact(mu: 0).remembering(someStep(sample), sample)] {
      var optimizer = start
      #expect(optimizer.update(sample).change ≈ expected.map { -$0 }.within(relative: 1e-7))
    }
  }

  @Test(
    "no step is longer than the bound, attracting or repelling, and a bound step keeps its direction",
    arguments: [-20.0, -10, 10, 20], [1e-4, 0.05])
  func bound(strength: Double, bound: Double) throws {
    let sample = try pretrainedSample(hidden: 4, strength: strength, walkers: 100, order: .gradient, steps: 100)
    let last = someStep(sample)
    var free = try exact(lambda: 0.01).remembering(last, sample)
    var bounded = try exact(lambda: 0.01, bound: bound).remembering(last, sample)
    let (long, short) = (free.update(sample).change, bounded.update(sample))
    let length = DecisionMetric().forms([short.change], sample)[0, 0]
    // In units of A²/2 = 2 ħω.
    let largest = EnergyUnit.freeFermions.value(particles: 2, length: 1) * bound
    #expect(length <= largest * (1 + 1e-9))
    let alpha = try #require(short.diagnostics[.alpha])
    #expect(short.change ≈ long.map { alpha * $0 }.within(relative: 1e-12))
    #expect((alpha < 1) == (DecisionMetric().forms([long], sample)[0, 0] > largest))
    // What is remembered is the step that was made.
    #expect(bounded.state["previous"] == short.change)
  }

  @Test("a layer is as stiff as the median of its part of the diagonal, and 1")
  func stiffness() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 60, order: .gradient, steps: 100)
    var rule = LayerStiffness(of: DecisionMetric())
    let stiffness = rule.scale(sample)
    let diagonal = DecisionMetric().diagonal(sample)
    for group in sample.parameterGroups {
      #expect(Set(stiffness[group.range]).count == 1)
      let d = stiffness[group.start] - 1
      // As many above as below; rounding of 1 + d.
      let above = diagonal[group.range].count { $0 > d + 1e-12 }
      let below = diagonal[group.range].count { $0 < d - 1e-12 }
      #expect(above <= group.range.count / 2 && below <= (group.range.count + 1) / 2)
    }
  }

  // The second orbital becomes the first one plus ε times itself: ψ is multiplied by ε, a gradient in the new weights
  // by the inverse, 1/ε. The envelopes of a fresh network are all the same, so the widths of the two do not matter.
  // Rounding in the inverse of such orbitals: 1e-16/ε, times the condition of the fresh ones.
  @Test("two orbitals that are almost the same change nothing but their own stiffness, which grows as 1/ε²")
  func almostTheSameOrbitals() throws {
    let fresh = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 4), seed: 1)
    let orbitals = try #require(fresh.shape.groups.first { $0.role == .orbitals(0) })
    func measured(_ epsilon: Double) -> [Double] {
      let tensors = fresh.tensors.map { tensor in
        guard tensor.name.contains(".gsds.") else { return tensor }
        let length = tensor.values.count / 2
        let first = tensor.values[..<length]
        return NamedTensor(
          tensor.name, tensor.shape, first + zip(first, tensor.values[length...]).map { $0 + epsilon * $1 })
      }
      var changed = fresh
      changed.parameters = tensors.flatMap(\.values)
      let sample = Sample(
        TrappedFermions(particles: 2, strength: 0), changed,
        at: Walkers([-1.2, 0.3, 0.4, 1.1, -0.5, 0.9], particles: 2), order: .gradient)
      var rule = LayerStiffness(of: DecisionMetric())
      return rule.scale(sample)
    }
    let (large, small) = (measured(1e-3), measured(1e-4))
    let (before, after) = (large[orbitals.start], small[orbitals.start])
    #expect(after / before ≈ 100 ± 1)
    #expect(small[..<orbitals.start].map { $0 } ≈ large[..<orbitals.start].map { $0 }.within(relative: 1e-6))
  }

  @Test("a step after which the energy has jumped is taken back, and the next one has a quarter of the bound")
  func takenBack() throws {
    let before = try pretrainedSample(hidden: 4, strength: -20, walkers: 100, order: .gradient, steps: 100)
    // The same walkers with a repelling interaction: some 10 ħω more.
    let after = try pretrainedSample(hidden: 4, strength: 20, walkers: 100, order: .gradient, steps: 100)
    var optimizer = bounded(1e-3)
    let step = optimizer.update(before).change
    let back = optimizer.update(after)
    #expect(back.change == step.map { -$0 })
    #expect(back.diagnostics.has(.takenBack) && back.diagnostics[.alpha] == nil)
    // What made it is forgotten; it is not taken back twice, and grows a tenth before its next use.
    let next = optimizer.update(before).change
    #expect(DecisionMetric().forms([next], before)[0, 0] ≈ (2 * 1e-3 / 4 * 1.1).within(relative: 1e-9))
    #expect(next ≈ step.map { $0 * (1.1 / 4).squareRoot() }.within(relative: 1e-9))
  }

  @Test("a rise within the bound is no reason to take a step back")
  func withinTheBound() throws {
    let before = try pretrainedSample(hidden: 4, strength: -20, walkers: 100, order: .gradient, steps: 100)
    let after = try pretrainedSample(hidden: 4, strength: 20, walkers: 100, order: .gradient, steps: 100)
    var optimizer = bounded(1e3)
    _ = optimizer.update(before)
    #expect(!optimizer.update(after).diagnostics.has(.takenBack))
  }

  @Test("a rise within the noise, the same ψ on other walkers, is no reason to take a step back")
  func withinTheNoise() throws {
    var (ansatz, walk) = try pretrained(hidden: 4, walkers: 100)
    func sample() -> Sample {
      Sample(TrappedFermions(particles: 2, strength: -20), ansatz, at: walk.walkers, order: .gradient)
    }
    let before = sample()
    let (low, error) = before.clippedEnergy
    // Walk on until the mean happens to lie higher, by more than the bound.
    var after = sample()
    for _ in 0..<50 where after.clippedEnergy.mean < low + 0.1 * error {
      walk.sweep(ansatz, count: 10)
      after = sample()
    }
    let rise = after.clippedEnergy.mean - low
    let bound = 0.05 * error
    #expect(rise > bound && rise < 5 * error)
    // A unit is 2 ħω here.
    var optimizer = bounded(bound / 2)
    _ = optimizer.update(before)
    #expect(!optimizer.update(after).diagnostics.has(.takenBack))
  }

  @Test("its numbers are what pages and the command line promise")
  func standard() {
    let settings = ProjectedIncrements()
    #expect(settings.damping.lambda(step: 1, walkers: 1024) == 1)
    #expect(settings.damping.lambda(step: 1000, walkers: 1 << 20) == 1e-3)
    #expect(settings.damping.lambda(step: 1000, walkers: 500) == 4e-3)
    #expect(settings.mu == 0.95 && settings.bound == 0.1 && settings.shift == 0.5)
    #expect(ProjectedIncrements.samplingPower == 1 && ProjectedIncrements.defaultTarget == 5e-4)
    let set = ProjectedIncrements(["mu": 0.5, "lambda": 3])
    #expect(set.mu == 0.5 && set.damping.lambda(step: 1, walkers: 1024) == 3)
  }

  @Test("without a gradient and a last step there is no step; one walker and one fermion break nothing")
  func tiny() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 2, layers: 1), seed: 1)
    let sample = Sample(
      TrappedFermions(particles: 1, strength: 0), ansatz, at: Walkers([0.3], particles: 1), order: .gradient)
    var optimizer = ProjectedIncrements().optimizer
    for _ in 0..<3 { #expect(optimizer.update(sample).change == sample.gradient.map { _ in 0 }) }
    optimizer = try optimizer.remembering(sample.gradient.map { _ in 0.1 }, sample)
    #expect(optimizer.update(sample).change.allSatisfy { $0.isFinite })
  }
}
