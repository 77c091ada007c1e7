import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch11ScoringRules
import TestSupport
import Testing

@Suite("11.4 The metric that a rule induces") struct MetricTests {
  @Test("Gaussians: diag(1, 2)/σ², diag(2, 3)/(4√π σ³) and diag(1/4, 1)/σ⁴ by all three routes", arguments: gaussians)
  func closedForms(p: Gaussian) {
    let width = p.parameters[1]
    let quadratic = 1 / (4 * Double.pi.squareRoot() * width * width * width)
    let energy = 1 / (width * width * width * width)
    let expected: [(rule: any ScoringRule, diagonal: [Double])] = [
      (LogScore(), [1 / (width * width), 2 / (width * width)]),
      (QuadraticScore(), [2 * quadratic, 3 * quadratic]),
      (EnergyScore { 2 * $0 * $0 }, [energy / 4, energy]),
    ]
    for (rule, diagonal) in expected {
      // Sums of some tens of nodes, with cancellation of parts up to ten times the whole in the second derivatives.
      let matrix = Matrix(diagonal: diagonal).list.within(relative: 1e-12)
      #expect(rule.metric(p).list ≈ matrix)
      #expect(rule.metricFromScores(p).list ≈ matrix)
      #expect(rule.metricFromDivergence(p).list ≈ matrix)
    }
  }

  @Test(
    "three routes agree for any proper rule, on a line and on a lattice",
    arguments: [LogScore(), QuadraticScore(), HoppingScore { $0 * $0 }, SphericalScore()] as [any ScoringRule])
  func routes(rule: any ScoringRule) {
    func check<F: ParametricFamily>(_ p: Distribution<F, Double>) {
      let expected = rule.metricFromDivergence(p)
      #expect(rule.metricFromScores(p).list ≈ expected.list.within(relative: 1e-11))
      #expect(rule.metric(p).list ≈ expected.list.within(relative: 1e-11))
      #expect(SymmetricEigen(rule.metric(p)).values[0] > -1e-12 * expected.largestMagnitude)
    }
    forecasts.forEach(check)
    check(gaussians[3])
    check(Logistic()([0.4, 0.7]))
  }

  @Test("a lattice has Fisher's metric diag p - p pᵀ, and Brier's is twice its square")
  func lattice() {
    for p in forecasts {
      let ps = p.quadrature.nodes.map { Double.exp(p.logDensity(at: $0)) }
      let fisher = Matrix(rows: 5, columns: 5) { i, j in (i == j ? ps[i] : 0) - ps[i] * ps[j] }
      #expect(LogScore().metric(p).list ≈ fisher.list ± 1e-15)
      #expect(QuadraticScore().metric(p).list ≈ (2 * (fisher * fisher)).list ± 1e-15)
    }
  }

  @Test("a number added to all logits costs nothing, in any metric")
  func gauge() {
    for rule in [LogScore(), QuadraticScore(), HoppingScore()] as [any ScoringRule] {
      for p in forecasts {
        #expect(rule.metric(p) * [1, 1, 1, 1, 1] ≈ [0, 0, 0, 0, 0] ± 1e-15)
      }
    }
  }

  @Test("the energy score's metric is E[∂_θ∂ℓ (∂_θ∂ℓ)ᵀ] with ℓ = ½ ln p: the decision metric of chapter 12")
  func decisionMetric() {
    let p = Logistic()([0.3, 0.8])
    // ∂_θ outside, ∂_x inside, both by dual numbers: no code in common with the rule's own formula but chapter 2.
    func mixed(_ x: Double, _ i: Int) -> Double {
      var seeded = p.parameters.map { Dual($0, tangent: 0) }
      seeded[i].tangent = 1
      return derivative(
        of: { x in 0.5 * Logistic().logDensity(at: x, parameters: seeded.map { Dual(constant: $0) }) },
        at: Dual(x, tangent: 0)
      ).tangent
    }
    let expected = Matrix(rows: 2, columns: 2) { i, j in
      p.expectation(over: p.quadrature) { mixed($0, i) * mixed($0, j) }
    }
    #expect(EnergyScore { $0 * $0 }.metric(p).list ≈ expected.list.within(relative: 1e-13))
  }

  @Test("ten times smaller a step, a hundred times smaller a divergence, to the second order ½ δᵀGδ")
  func secondOrder() {
    let (p, direction) = (Gaussians()([0.2, 0.9]), [0.6, -0.3])
    for rule in [LogScore(), QuadraticScore(), EnergyScore()] as [any ScoringRule] {
      let form = 0.5 * dot(direction, rule.metric(p) * direction)
      let remainders = [1e-2, 1e-3].map { size in
        let q = Gaussians()([0.2 + 0.6 * size, 0.9 - 0.3 * size])
        return rule.divergence(p, q) / (size * size) - form
      }
      // What is left is of third order: it falls by ten. A divergence of 1e-6 is known to 1e-9.
      #expect(remainders[0] / remainders[1] ≈ 10 ± 0.5)
    }
  }

  @Test(
    "other names for the same distributions: the metric becomes Jᵀ G J", arguments: [[0.5, -0.4], [0, 0], [-1, 0.7]])
  func reparametrisation(θ: [Double]) {
    let p = RenamedGaussians()(θ)
    let j = Matrix(jacobian(of: { RenamedGaussians().original($0) }, at: θ))
    let original = Gaussians()(RenamedGaussians().original(θ))
    for rule in [LogScore(), QuadraticScore(), EnergyScore(), SphericalScore()] as [any ScoringRule] {
      let expected = product(transposed: j, rule.metric(original) * j)
      #expect(rule.metric(p).list ≈ expected.list.within(relative: 1e-12))
    }
  }

  @Test("in other units of length Fisher's form stays, and the energy's is an energy: 1/length²")
  func units() {
    // A displacement by a tenth of the width.
    func price(_ rule: some ScoringRule, width: Double) -> Double {
      let shift = [0.1 * width, 0]
      return dot(shift, rule.metric(Gaussians()([0, width])) * shift)
    }
    #expect(price(LogScore(), width: 1e-3) ≈ price(LogScore(), width: 1e3).within(relative: 1e-12))
    #expect(price(EnergyScore(), width: 1e-3) ≈ (1e12 * price(EnergyScore(), width: 1e3)).within(relative: 1e-12))
  }
}
