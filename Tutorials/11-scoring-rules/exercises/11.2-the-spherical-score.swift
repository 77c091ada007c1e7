import AppendixText
import NeuralQuantumStates

// S = -q(x)/‖q‖ with ‖q‖² = ∫q². By Cauchy and Schwarz it is proper: S(p, q) = -⟨p, q⟩/‖q‖ is least along p. A Gaussian
// shifted by δ has ⟨p, q⟩ = ‖p‖² exp(-δ²/4σ²), so that D = ‖p‖ (1 - exp(-δ²/4σ²)), and the metric of the mean is
// ‖p‖/(2σ²). ‖p‖ is (2√π σ)^(-½): half the width makes it 2^2.5 = 5.66 times as large.

private struct SphericalScore: ScoringRule {
  func score<F: ParametricFamily, S: DifferentiableScalar>(_ q: Distribution<F, S>) -> (_ x: Double) -> S {
    let norm = sqrt(q.expectation(over: q.quadrature) { exp(q.logDensity(at: $0)) })
    return { x in -exp(q.logDensity(at: x)) / norm }
  }
}

extension Exercise {
  static let theSphericalScore: Exercise = .init(11, 2, "a rule of one line, and its metric by hand") {
    let members = [[0.0, 1.0], [0.3, 1.1], [-0.7, 0.6], [1.5, 2.2]].map { Gaussians()($0) }
    if let least = SphericalScore().leastDivergence(among: members) {
      print("least divergence \(fixed(least.divergence, 4)), predicted above 0")
    }
    var last = Double.nan
    for width in [1, 0.5, 0.25] {
      let metric = SphericalScore().metric(Gaussians()([0, width]))[0, 0]
      let predicted = 1 / (2 * Double.pi.squareRoot() * width).squareRoot() / (2 * width * width)
      print("σ = \(width): metric of the mean \(fixed(metric, 4)), predicted \(fixed(predicted, 4))", terminator: "")
      print(last.isNaN ? "" : "; times \(fixed(metric / last, 3)), predicted 5.657")
      last = metric
    }
  }
}
