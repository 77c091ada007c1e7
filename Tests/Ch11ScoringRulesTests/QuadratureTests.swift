import Ch02AutomaticDifferentiation
import Ch11ScoringRules
import TestSupport
import Testing

@Suite("11.1 Expectations by equal weights") struct QuadratureTests {
  @Test("the error for a Gaussian is 2 exp(-2π²σ²/h²): half the spacing, the fourth power", arguments: [2, 1.5, 1.25])
  func poisson(spacing: Double) {
    let p = Gaussians()([0, 1])
    // A node at 0 makes the first term of Poisson's sum as large as it can be.
    let nodes = Quadrature.line(from: -15 * spacing, to: 15 * spacing, spacing: spacing)
    let error = p.expectation(over: nodes) { _ in 1 } - 1
    // The next term is the fourth power of this one over eight; 1e-15 is what 31 roundings leave.
    let first = 2 * Double.exp(-2 * .pi * .pi / (spacing * spacing))
    #expect(error ≈ first ± (first * first * first * first + 1e-15))
  }

  @Test("a spacing of 1 finds norm and variance to 1e-6, one of 0.4 to rounding")
  func moments() {
    let p = Gaussians()([0.2, 1])
    func variance(_ nodes: Quadrature) -> Double { p.expectation(over: nodes) { ($0 - 0.2) * ($0 - 0.2) } }
    let coarse = Quadrature.line(from: -10, to: 10, spacing: 1)
    // The Fourier transform of x² p has the factor 4π²: 2 · 4π² e^{-2π²} = 2e-7.
    #expect(variance(coarse) ≈ 1 ± 3e-7)
    #expect(p.expectation(over: p.quadrature) { _ in 1 } ≈ 1 ± 1e-15)
    #expect(variance(p.quadrature) ≈ 1 ± 2e-15)
  }

  @Test("every member has the norm one, and its log density has no mean slope in θ", arguments: gaussians)
  func normalised(p: Gaussian) {
    #expect(p.expectation(over: p.quadrature) { _ in 1 } ≈ 1 ± 1e-14)
    // Differentiate ∫p = 1. The slopes are of order 1/σ.
    let slopes = gradient(
      of: { θ in
        let q = p.family(θ)
        return Distribution(constant: p).expectation(over: p.quadrature) { q.logDensity(at: $0) }
      }, at: p.parameters)
    #expect(slopes ≈ [0, 0] ± (1e-14 / p.parameters[1]))
  }

  @Test("derivatives in x come from dual numbers over dual numbers", arguments: [-2.5, 0.3, 4])
  func derivatives(x: Double) {
    let (first, second) = Gaussians()([0.3, 0.8]).logDensityDerivatives(at: x)
    #expect(first ≈ (-(x - 0.3) / 0.64).within(relative: 1e-14))
    #expect(second ≈ (-1 / 0.64).within(relative: 1e-14))
  }

  @Test("a lattice sums over its sites, the same for logits of any size and any common offset")
  func sites() {
    let p = Lattice(sites: 3)([0, Double.log(2), Double.log(5)])
    let probabilities = p.quadrature.nodes.map { Double.exp(p.logDensity(at: $0)) }
    #expect(probabilities ≈ [0.125, 0.25, 0.625] ± 1e-15)
    let far = Lattice(sites: 3)([1000, 1000 + Double.log(2), 1000 + Double.log(5)])
    // ln 2 + 1000 is rounded to 1e-13.
    #expect(far.quadrature.nodes.map { Double.exp(far.logDensity(at: $0)) } ≈ probabilities ± 1e-13)
    #expect(p.logDensity(at: 3) == -.infinity)
    #expect(p.expectation(over: p.quadrature) { $0 } ≈ 1.5 ± 1e-15)
  }
}
