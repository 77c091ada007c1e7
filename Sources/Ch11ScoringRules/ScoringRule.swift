import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// S(x, q): what a player who stated the distribution q pays when x is drawn.
///
/// A loss, so less is better. The rule is *proper* if the truth is never worse than anything else, S(p, p) ≤ S(p, q) in
/// expectation over p, and *strictly* proper if nothing else is as good. A rule is one function, written once for all
/// numbers and all families:
///
///     struct SphericalScore: ScoringRule {
///       func score<F: ParametricFamily, S: DifferentiableScalar>(_ q: Distribution<F, S>) -> (Double) -> S {
///         let norm = sqrt(q.expectation(over: q.quadrature) { exp(q.logDensity(at: $0)) })
///         return { x in -exp(q.logDensity(at: x)) / norm }
///       }
///     }
///
/// Entropy, divergence, metric and the decisional gradient step follow from it. Nothing checks that a rule is proper:
/// `leastDivergence` shows where one is not.
///
/// - Source: T. Gneiting and A. E. Raftery, J. Am. Stat. Assoc. 102, 359 (2007), whose scores are rewards: their sign
///   is the opposite one.
public protocol ScoringRule: Sendable {
  /// S(·, q), as a function of the outcome: what depends on q alone is computed once.
  func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar

  /// G of D(p_θ, p_{θ+δ}) = ½ δᵀ G δ + …, shape [parameterCount × parameterCount].
  ///
  /// Unless a rule knows better, it is `metricFromScores`. The rules of this chapter write it as a sum of squares,
  /// which shows that it is positive and keeps it so under rounding.
  func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix
}

extension ScoringRule {
  /// G by `metricFromScores`: for a proper rule only.
  public func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix { metricFromScores(p) }
}
