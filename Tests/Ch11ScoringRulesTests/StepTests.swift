import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch11ScoringRules
import TestSupport
import Testing

@Suite("11.5 Decisional steps") struct StepTests {
  @Test(
    "∇h = -E[S ∂ ln p] for every proper rule",
    arguments: [LogScore(), QuadraticScore(), EnergyScore { $0 * $0 }, HoppingScore { $0 }, SphericalScore()]
      as [any ScoringRule])
  func gradients(rule: any ScoringRule) {
    for p in gaussians {
      #expect(rule.objectiveGradientFromScores(p) ≈ rule.objectiveGradient(p).within(relative: 1e-12))
    }
    for p in forecasts {
      #expect(rule.objectiveGradientFromScores(p) ≈ rule.objectiveGradient(p) ± 1e-13)
    }
  }

  @Test("the linear score, whose own derivative does not average to zero, has no such equality")
  func improper() {
    let p = gaussians[0]
    // h = ∫p² = 1/(2√π σ): the formula has half of its slope.
    let slope = -1 / (2 * Double.pi.squareRoot())
    #expect(LinearScore().objectiveGradient(p) ≈ [0, slope] ± 1e-14)
    #expect(LinearScore().objectiveGradientFromScores(p) ≈ [0, slope / 2] ± 1e-14)
  }

  /// ½ω²x², whose ground state has mean 0 and width 1/√(2ω).
  func trap(_ frequency: Double) -> EnergyScore { EnergyScore { 0.5 * frequency * frequency * $0 * $0 } }

  @Test("at the ground state of a trap the decision metric is the energy's Hessian", arguments: [0.5, 1, 5])
  func newton(frequency: Double) {
    let rule = trap(frequency)
    let ground = [0, 1 / (2 * frequency).squareRoot()]
    let second = Matrix(hessian(of: { -rule.entropy(Gaussians()($0)) }, at: ground))
    #expect(rule.metric(Gaussians()(ground)).list ≈ second.list.within(relative: 1e-12))
    #expect(second.list ≈ [frequency * frequency, 0, 0, 4 * frequency * frequency].within(relative: 1e-12))
  }

  @Test(
    "from there one step takes the mean to the middle of the trap, whatever its frequency", arguments: [0.5, 1, 5, 40])
  func oneStep(frequency: Double) {
    let p = Gaussians()([0.3, 1 / (2 * frequency).squareRoot()])
    let step = trap(frequency).step(from: p)
    #expect(step ≈ [-0.3, 0] ± 1e-12)
  }

  @Test("natural gradient leaves 1 - ω/2 of the mean: it diverges from ω = 4 on", arguments: [0.5, 1, 3, 5, 40])
  func naturalGradient(frequency: Double) {
    let width = 1 / (2 * frequency).squareRoot()
    let step = trap(frequency).step(from: Gaussians()([0.3, width]), measuredBy: LogScore())
    #expect(step ≈ [-0.3 * frequency / 2, 0] ± (1e-12 * frequency))
  }

  @Test("decisional steps find the trap's ground state in six steps, natural ones with the same energy blow up")
  func convergence() {
    let rule = trap(5)
    // A first guess a fifth too wide.
    var decisional = [0.2, 1.2 / 10.squareRoot()]
    var natural = decisional
    for _ in 0..<6 {
      add(1, rule.step(from: Gaussians()(decisional)), to: &decisional)
      if natural[1] > 0 { add(1, rule.step(from: Gaussians()(natural), measuredBy: LogScore()), to: &natural) }
    }
    #expect(-rule.entropy(Gaussians()(decisional)) ≈ 2.5 ± 1e-12)
    // A width below zero is no Gaussian: unit steps have left the family.
    #expect(natural[1] <= 0 || abs(natural[0]) > 0.2)
  }

  @Test("on a lattice the steps end in the lowest eigenvector of the hopping Hamiltonian, squaring the error each time")
  func lattice() {
    let potential: @Sendable (Double) -> Double = { 0.05 * ($0 - 2) * ($0 - 2) + ($0 == 3 ? 0.3 : 0) }
    let rule = HoppingScore(potential: potential)
    let hamiltonian = Matrix(rows: 6, columns: 6) { i, j in
      i == j ? 1 + potential(Double(i)) : abs(i - j) == 1 ? -0.5 : 0
    }
    let ground = SymmetricEigen(hamiltonian)
    var logits = [0.0, 0, 0, 0, 0, 0]
    var error = -rule.entropy(Lattice(sites: 6)(logits)) - ground.values[0]
    for _ in 0..<6 {
      add(1, rule.step(from: Lattice(sites: 6)(logits)), to: &logits)
      let next = -rule.entropy(Lattice(sites: 6)(logits)) - ground.values[0]
      // The energy is of order one: 1e-14 is some fifty roundings, here and in the eigenvalue.
      #expect(abs(next) < 5 * error * error + 1e-14)
      error = next
    }
    #expect(error ≈ 0 ± 1e-14)
    let state = ground.vectors.column(0)
    let probabilities = (0..<6).map { Double.exp(Lattice(sites: 6)(logits).logDensity(at: Double($0))) }
    #expect(probabilities ≈ state.map { $0 * $0 } ± 1e-12)
    // The direction that changes nothing was left alone.
    #expect(logits.reduce(0, +) ≈ 0 ± 1e-12)
  }

  @Test("a step has no units: ten times the score, the same step; and other names for θ, the same distribution")
  func invariance() {
    struct Tenfold: ScoringRule {
      func score<F: ParametricFamily, S: DifferentiableScalar>(_ q: Distribution<F, S>) -> (_ x: Double) -> S {
        let score = EnergyScore { $0 * $0 }.score(q)
        return { 10 * score($0) }
      }
    }
    let p = gaussians[1]
    let step = EnergyScore { $0 * $0 }.step(from: p)
    #expect(Tenfold().step(from: p) ≈ step.within(relative: 1e-11))
    let names = [p.parameters[0] + Double.log(p.parameters[1]), Double.log(p.parameters[1])]
    let renamed = EnergyScore { $0 * $0 }.step(from: RenamedGaussians()(names))
    let change = jacobianVectorProduct(of: { RenamedGaussians().original($0) }, at: names, along: renamed)
    #expect(change ≈ step.within(relative: 1e-11))
  }

  @Test("damping shortens a step towards -∇h/λ")
  func damping() {
    let p = gaussians[1]
    let rule = trap(1)
    let slope = rule.objectiveGradient(p)
    #expect(rule.step(from: p, damping: 1e9) ≈ slope.map { -1e-9 * $0 }.within(relative: 1e-8))
    #expect(norm(rule.step(from: p, damping: 1)) < norm(rule.step(from: p)))
  }

  @Test("one site has nothing to learn: metric, gradient and step are zero, not NaN")
  func oneSite() {
    let p = Lattice(sites: 1)([0.7])
    for rule in [LogScore(), QuadraticScore(), HoppingScore { $0 }, SphericalScore()] as [any ScoringRule] {
      #expect(rule.metric(p).list == [0])
      #expect(rule.metricFromDivergence(p).list == [0])
      #expect(rule.step(from: p) == [0])
    }
  }
}
