import AppendixText
import NeuralQuantumStates

// A rule times a thousand has a gradient and a metric times a thousand, and takes the same steps: -G⁻¹∇h has no unit of
// the score in it. Fisher's metric knows nothing of the factor, so that the natural step is a thousand times as long. A
// rule plus a function of x that does not depend on q has other entropies, the same divergences and the same metric,
// but another goal: that is what a potential is.

/// Another rule times a factor.
private struct Scaled<Rule: ScoringRule>: ScoringRule {
  let factor: Double
  let rule: Rule

  func score<F: ParametricFamily, S: DifferentiableScalar>(_ q: Distribution<F, S>) -> (_ x: Double) -> S {
    let score = rule.score(q)
    return { x in S(factor) * score(x) }
  }
}

extension Exercise {
  static let aRuleInOtherUnits: Exercise = .init(11, 4, "a rule times a thousand takes the same steps") {
    let p = Gaussians()([0.2, 0.9])
    let rule = EnergyScore { x in 0.5 * x * x }
    let (plain, scaled) = (rule.step(from: p), Scaled(factor: 1000, rule: rule).step(from: p))
    print("decisional:", columns(plain, 5), " times a thousand:", columns(scaled, 5), " predicted: the same")
    let naturals = [
      rule.step(from: p, measuredBy: LogScore()),
      Scaled(factor: 1000, rule: rule).step(from: p, measuredBy: LogScore()),
    ]
    print("natural, ratio of the steps: \(fixed(naturals[1][0] / naturals[0][0], 3)), predicted 1000.000")
    let (free, trapped) = (EnergyScore().metric(p), rule.metric(p))
    print("metric without and with a trap:", columns(free.diagonal, 5), " and", columns(trapped.diagonal, 5))
  }
}
