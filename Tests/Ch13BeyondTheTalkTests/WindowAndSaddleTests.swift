import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch09QuasiNewtonKFAC
import Ch13BeyondTheTalk
import TestSamples
import TestSupport
import Testing

@Suite("13.7 Imaginary time, windows of gradients, saddles") struct WindowAndSaddleTests {
  @Test("TENG with one inner step is MinSR with η = 2τ", arguments: [2.0, 1.0])
  func oneInnerStep(power: Double) throws {
    let sample = try pretrainedSample(walkers: 60, order: .value, power: power)
    var (time, kernel) = (ImaginaryTimeStep(time: 0.1, innerSteps: 1), KernelDirection())
    let expected = kernel.direction(sample, lambda: 0.02).map { 0.2 * $0 }
    // The two differ in where factors are multiplied.
    #expect(time.direction(sample, lambda: 0.02) ≈ expected.within(relative: 1e-12))
  }

  @Test("each inner step of TENG leaves less of the wanted change of ln|ψ| undone")
  func innerSteps() throws {
    let sample = try pretrainedSample(walkers: 40, order: .value)
    var residuals: [Double] = []
    for innerSteps in 1...4 {
      var (time, report) = (ImaginaryTimeStep(time: 0.002, innerSteps: innerSteps), Diagnostics())
      _ = time.direction(sample, previous: nil, lambda: 1e-4, report: &report)
      residuals.append(try #require(report[.fitResidual]))
    }
    // The second step mends what the first one's curvature left; what no parameter can change stays.
    #expect(residuals[1] < 0.9 * residuals[0])
    for (before, after) in zip(residuals, residuals.dropFirst()) { #expect(after < before) }
    // The tangent plane does most of a step as short as this.
    #expect(residuals[0] < 0.5)
  }

  @Test("the change that TENG wants is bounded, and a step that takes ψ the wrong way is halved")
  func bound() throws {
    let sample = try pretrainedSample(walkers: 40, order: .value)
    let variance = WeightedMean(sample.clippedEnergies, weights: sample.weights).variance
    for (time, isLong) in [(1, true), (1e-4, false)] {
      var settings = Teng()
      settings.time = time
      var optimizer = settings.optimizer
      let found = optimizer.update(sample).diagnostics
      let longest = 0.5 * (settings.bound / variance).squareRoot()
      #expect(found[.imaginaryTime] == (isLong ? longest : time))
      #expect((found[.boundActive] == 1) == isLong)
    }
    // Without a bound and nearly without damping MinSR's step leads out of the region where O is what it was.
    var (wild, report) = (ImaginaryTimeStep(time: 1, innerSteps: 1), Diagnostics())
    let step = wild.direction(sample, previous: nil, lambda: 1e-6, report: &report)
    var kernel = KernelDirection()
    let whole = kernel.direction(sample, lambda: 1e-6).map { 2 * $0 }
    #expect(step ≈ whole.map { 0.125 * $0 }.within(relative: 1e-6))
  }

  @Test("M-FAC's direction solves (λ + Σ g gᵀ/m) Δ = -g with the gradients of its window")
  func window() throws {
    var window: any Direction = GradientWindow(size: 3)
    var gradients: [[Double]] = []
    for seed in 1...5 as ClosedRange<UInt64> {
      let sample = try pretrainedSample(hidden: 4, walkers: 50, order: .value, seed: seed)
      gradients = gradients.suffix(2) + [sample.gradient]
      let found = window.direction(sample, lambda: 0.3)
      var image = found.map { 0.3 * $0 }
      for g in gradients { add(dot(g, found) / Double(gradients.count), g, to: &image) }
      #expect(image ≈ sample.gradient.map { -$0 }.within(relative: 1e-12))
    }
  }

  @Test("a window with more gradients than it holds is no state of M-FAC")
  func damagedWindow() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 50, order: .value)
    var optimizer = SecondOrder(
      name: "m-fac", direction: GradientWindow(size: 3), damping: ConstantDamping(1), length: FixedLength())
    for _ in 1...3 { _ = optimizer.update(sample) }
    let smaller = SecondOrder(
      name: "m-fac", direction: GradientWindow(size: 2), damping: ConstantDamping(1), length: FixedLength())
    let error = #expect(throws: OptimizerStateError.self) {
      try smaller.resumed(from: optimizer.state, groups: sample.parameterGroups)
    }
    #expect(error?.description == "3 gradients in a window of 2")
    // The same size goes on with the same bits.
    let other = SecondOrder(
      name: "m-fac", direction: GradientWindow(size: 3), damping: ConstantDamping(1), length: FixedLength())
    var resumed = try other.resumed(from: optimizer.state, groups: sample.parameterGroups)
    #expect(resumed.update(sample).change == optimizer.update(sample).change)
  }

  @Test("saddle-free Newton divides a mode by |a| + λ, so that it goes down where Newton would go up")
  func saddle() {
    let modes = [-2, -0.5, 1, 3]
    let b = [1.0, -1, 2, 0.5]
    func solve(_ products: Int) -> [Double] {
      SaddleFreeSolver(iterationLimit: products).solution(
        of: LinearSystem({ v in zip(modes, v).map { $0 * $1 } }, rightHandSide: b, shift: 0.1)
      ).x
    }
    // Four products are the whole space.
    #expect(solve(4) ≈ zip(modes, b).map { $1 / (abs($0) + 0.1) }.within(relative: 1e-13))
    // Where b has two modes only, the space closes after two products.
    let closed = SaddleFreeSolver(iterationLimit: 4).solution(
      of: LinearSystem({ v in zip(modes, v).map { $0 * $1 } }, rightHandSide: [1, 0, 2, 0], shift: 0.1))
    #expect(closed.iterations == 2)
    #expect(closed.x ≈ [1 / 2.1, 0, 2 / 1.1, 0].within(relative: 1e-13))
    // In fewer dimensions it still goes along b: for b = -g that is downhill.
    for products in 1...3 { #expect(dot(solve(products), b) > 0) }
  }

  @Test("for a positive metric the saddle-free solution is the usual one, once its space holds it")
  func positiveMetric() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 60, order: .value)
    let system = LinearSystem(
      { FisherMetric().product($0, sample) }, rightHandSide: sample.gradient, shift: 0.5)
    let expected = CholeskySolver().solution(of: system).x
    let found = SaddleFreeSolver(iterationLimit: 30).solution(of: system)
    // Thirty products reach what matters of the space: the eigenvalues above 0.5 are few.
    #expect(found.x ≈ expected.within(relative: 1e-6))
  }
}
