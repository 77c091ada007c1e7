import Ch02AutomaticDifferentiation
import Ch11ScoringRules
import TestSupport
import Testing

@Suite("11.2 Entropies and divergences") struct DivergenceTests {
  @Test("log score: Shannon's entropy ½ ln 2πeσ², and the divergence of Kullback and Leibler", arguments: gaussians)
  func kullbackLeibler(p: Gaussian) {
    let (mean, width) = (p.parameters[0], p.parameters[1])
    let entropy = 0.5 * Double.log(2 * .pi * width * width) + 0.5
    #expect(LogScore().entropy(p) ≈ entropy ± 1e-13)
    for q in gaussians {
      let (otherMean, otherWidth) = (q.parameters[0], q.parameters[1])
      let ratio = (width * width + (mean - otherMean) * (mean - otherMean)) / (otherWidth * otherWidth)
      let expected = Double.log(otherWidth / width) + 0.5 * ratio - 0.5
      // Scores grow to a few times the largest of these numbers.
      #expect(LogScore().divergence(p, q) ≈ expected ± (1e-14 * (10 + ratio)))
      #expect(LogScore().crossEntropy(p, q) ≈ (expected + entropy) ± (1e-13 * (10 + ratio)))
    }
  }

  @Test("quadratic score: D is the squared distance of the densities", arguments: gaussians)
  func squaredDistance(p: Gaussian) {
    func overlap(_ p: Gaussian, _ q: Gaussian) -> Double {
      let distance = p.parameters[0] - q.parameters[0]
      let square = p.parameters[1] * p.parameters[1] + q.parameters[1] * q.parameters[1]
      return Double.exp(-0.5 * distance * distance / square) / (2 * .pi * square).squareRoot()
    }
    #expect(QuadraticScore().entropy(p) ≈ (-overlap(p, p)).within(relative: 1e-13))
    for q in gaussians {
      let expected = overlap(p, p) - 2 * overlap(p, q) + overlap(q, q)
      #expect(QuadraticScore().divergence(p, q) ≈ expected ± (1e-13 * overlap(q, q)))
    }
  }

  @Test("energy score: D = ⅛ E[(∂ ln p - ∂ ln q)²], in closed form and outcome by outcome", arguments: gaussians)
  func fisherDivergence(p: Gaussian) {
    let (mean, width) = (p.parameters[0], p.parameters[1])
    for q in gaussians {
      let (otherMean, otherWidth) = (q.parameters[0], q.parameters[1])
      let offset = (mean - otherMean) / (otherWidth * otherWidth)
      let slope = (1 / (otherWidth * otherWidth) - 1 / (width * width)) * width
      let expected = 0.125 * (offset * offset + slope * slope)
      let nodes = Gaussians().quadrature(resolving: [p.parameters, q.parameters])
      let squares = p.expectation(over: nodes) { x in
        let difference = p.logDensityDerivatives(at: x).first - q.logDensityDerivatives(at: x).first
        return 0.125 * difference * difference
      }
      // E_L of q, seen from a p that is wider, is of the order of (width/otherWidth²)².
      let size = 1 + expected + 1 / (width * width) + 1 / (otherWidth * otherWidth)
      #expect(EnergyScore().divergence(p, q) ≈ expected ± (1e-14 * size))
      #expect(squares ≈ expected ± (1e-14 * size))
    }
  }

  @Test("the energy score's entropy is minus the energy, 1/8σ² + ½ω²(σ² + μ²) in a trap", arguments: gaussians)
  func energy(p: Gaussian) {
    let (mean, width) = (p.parameters[0], p.parameters[1])
    let trap = EnergyScore { 0.5 * 9 * $0 * $0 }
    let expected = 1 / (8 * width * width) + 4.5 * (width * width + mean * mean)
    #expect(-trap.entropy(p) ≈ expected.within(relative: 1e-13))
  }

  @Test("the potential drops out of divergence and metric, whatever it is", arguments: gaussians)
  func potential(p: Gaussian) {
    let free = EnergyScore()
    let bound = EnergyScore { 0.5 * $0 * $0 + 3 * Double.exp(-2 * $0 * $0) + Double.sin(5 * $0) }
    for q in gaussians {
      let expected = free.divergence(p, q)
      let size = 10 + expected + 1 / (q.parameters[1] * q.parameters[1])
      #expect(bound.divergence(p, q) ≈ expected ± (1e-13 * size))
    }
    #expect(bound.metric(p) == free.metric(p))
    #expect(bound.metricFromDivergence(p).list ≈ free.metricFromDivergence(p).list.within(relative: 1e-13))
  }

  @Test("on a lattice: Σ p ln(p/q) and Σ (p - q)²", arguments: forecasts)
  func sites(p: Distribution<Lattice, Double>) {
    for q in forecasts {
      let (ps, qs) = (probabilities(p), probabilities(q))
      let information = zip(ps, qs).reduce(0) { $0 + $1.0 * Double.log($1.0 / $1.1) }
      let distance = zip(ps, qs).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      // Logits up to 8 apart.
      #expect(LogScore().divergence(p, q) ≈ information ± 1e-14)
      #expect(QuadraticScore().divergence(p, q) ≈ distance ± 1e-15)
    }
  }

  @Test("a hopping particle: D sums the pairs' (√(p_x r) - √(p_y/r))², r = √(q_y/q_x)", arguments: forecasts)
  func hopping(p: Distribution<Lattice, Double>) {
    let score = HoppingScore { 0.3 * $0 * $0 }
    for q in forecasts {
      let (ps, qs) = (probabilities(p), probabilities(q))
      let expected = (1..<5).reduce(0.0) { sum, y in
        let ratio = (qs[y] / qs[y - 1]).squareRoot()
        let difference = (ps[y - 1] * ratio).squareRoot() - (ps[y] / ratio).squareRoot()
        return sum + 0.5 * difference * difference
      }
      #expect(score.divergence(p, q) ≈ expected ± 1e-13)
    }
  }

  @Test("as the hops get shorter, hopping becomes moving, with an error of a²")
  func continuum() {
    let (p, q) = (gaussians[0], gaussians[1])
    let exact = EnergyScore().divergence(p, q)
    let errors = [0.2, 0.1, 0.05].map { HoppingScore(distance: $0).divergence(p, q) - exact }
    // The next order is a⁴: a hundredth of the error at a = 0.2.
    #expect(errors[0] / errors[1] ≈ 4 ± 0.1)
    #expect(errors[1] / errors[2] ≈ 4 ± 0.03)
    let metric = HoppingScore(distance: 1e-3).metric(p).list
    #expect(metric ≈ EnergyScore().metric(p).list ± 1e-6)
  }

  @Test("nothing is lost by stating the truth, in whatever parameters")
  func truth() {
    // Chances of a lattice are those of equal differences of its parameters. Rounding of numbers near 1.
    let (p, same) = (Lattice(sites: 3)([0, 1, 2]), Lattice(sites: 3)([5, 6, 7]))
    #expect(LogScore().divergence(p, same) ≈ 0 ± 1e-14)
    #expect(QuadraticScore().divergence(p, same) ≈ 0 ± 1e-14)
  }

  func probabilities(_ p: Distribution<Lattice, Double>) -> [Double] {
    p.quadrature.nodes.map { Double.exp(p.logDensity(at: $0)) }
  }
}
