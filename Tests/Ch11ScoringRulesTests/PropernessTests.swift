import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch11ScoringRules
import TestSupport
import Testing

@Suite("11.3 Properness") struct PropernessTests {
  @Test(
    "among Gaussians the truth is the only best answer to the log, quadratic, energy, hopping and spherical scores",
    arguments: [LogScore(), QuadraticScore(), EnergyScore { $0 * $0 }, HoppingScore(distance: 0.5), SphericalScore()]
      as [any ScoringRule])
  func line(rule: any ScoringRule) {
    // The closest two, (0, 1) and (0.3, 1.1), differ by several hundredths.
    #expect((rule.leastDivergence(among: gaussians)?.divergence ?? 0) > 1e-3)
  }

  @Test(
    "on a lattice the truth is the only best answer to the log, quadratic, hopping and spherical scores",
    arguments: [LogScore(), QuadraticScore(), HoppingScore { $0 }, SphericalScore()] as [any ScoringRule])
  func lattice(rule: any ScoringRule) {
    #expect((rule.leastDivergence(among: forecasts)?.divergence ?? 0) > 1e-3)
  }

  @Test("the linear score rewards exaggeration: a Gaussian half as wide as the truth pays less")
  func linear() throws {
    let members = [Gaussians()([0, 1]), Gaussians()([0, 0.5])]
    let worst = try #require(LinearScore().leastDivergence(among: members))
    #expect((worst.truth, worst.statement) == (0, 1))
    // -∫pq + ∫p² with ∫pq = 1/√(2π(σ² + σ'²)).
    let expected = 1 / (4 * Double.pi).squareRoot() - 1 / (2.5 * Double.pi).squareRoot()
    #expect(worst.divergence ≈ expected.within(relative: 1e-13))
    #expect(worst.divergence < 0)
  }

  @Test("who believes in 60 % rain and is paid linearly should say 100 %")
  func rain() {
    let belief = Lattice(sites: 2)([Double.log(0.6), Double.log(0.4)])
    let certainty = Lattice(sites: 2)([50, 0])
    #expect(LinearScore().crossEntropy(belief, belief) ≈ -0.52 ± 1e-15)
    #expect(LinearScore().crossEntropy(belief, certainty) ≈ -0.6 ± 1e-15)
    #expect(QuadraticScore().divergence(belief, certainty) ≈ 0.32 ± 1e-15)
  }

  @Test("the linear score's second order is no metric: an eigenvalue is negative, and the two routes disagree")
  func linearMetric() {
    let p = Gaussians()([0, 1])
    #expect(SymmetricEigen(LinearScore().metricFromDivergence(p)).values[0] < -0.01)
    // A proper rule's expected slope vanishes at the truth; this one's says "narrower".
    let slope = gradient(
      of: { LinearScore().crossEntropy(Distribution(constant: p), Gaussians()($0)) }, at: p.parameters)
    #expect(slope[1] > 0.1)
    let lattice = forecasts[2]
    let difference = LinearScore().metricFromScores(lattice) - LinearScore().metricFromDivergence(lattice)
    #expect(difference.largestMagnitude > 0.01)
  }

  @Test("on a lattice the energy score is proper but sees nothing: no statement costs more than another")
  func energyScoreOnSites() {
    let rule = EnergyScore { $0 * $0 }
    #expect(rule.leastDivergence(among: forecasts)?.divergence == 0)
    #expect(rule.metric(forecasts[1]).largestMagnitude == 0)
  }

  @Test("no pair, no answer")
  func tooFew() {
    #expect(LogScore().leastDivergence(among: [gaussians[0]])?.divergence == nil)
    #expect(LogScore().leastDivergence(among: [Gaussian]())?.divergence == nil)
  }
}
