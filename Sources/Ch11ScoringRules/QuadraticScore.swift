import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// S = ∫ q² - 2 q(x): Brier's score, for densities and for sites alike.
///
///     H(p) = -∫ p²
///     D(p, q) = ∫ (p - q)²
///     G = 2 ∫ ∂p (∂p)ᵀ
///
/// The distance of p and q as functions. On a lattice Brier's own form, Σ_i (q_i - [i = x])², is the same plus 1. Where
/// p is small its errors are small, however wrong their ratio: it is forgiving in the tails, where the logarithm is
/// merciless.
///
/// - Source: G. W. Brier, Monthly Weather Review 78, 1 (1950), for a finite number of outcomes.
public struct QuadraticScore: ScoringRule {
  /// The rule has no settings.
  public init() {}

  /// ∫ q² - 2 q(x), probabilities on a lattice, inverse lengths on a line; the integral is computed once for each q.
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    let square = q.expectation(over: q.quadrature) { exp(q.logDensity(at: $0)) }
    return { x in square - 2 * exp(q.logDensity(at: x)) }
  }

  /// G = 2 ∫ ∂p (∂p)ᵀ, [parameterCount, parameterCount], in units of S per θ².
  ///
  /// - Complexity: a reverse pass for each node.
  public func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    let nodes = p.quadrature
    let slopes = jacobian(
      of: { θ in nodes.nodes.map(p.family(θ).logDensity).map { exp($0) } }, at: p.parameters)
    return momentMatrix(slopes, weights: nodes.nodes.map { _ in 2 * nodes.weight })
  }
}
