import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// S = -ln q(x): the length of x in the best code for q.
///
///     H(p) = -E_p[ln p]                      Shannon's entropy
///     D(p, q) = E_p[ln p - ln q]             Kullback and Leibler's divergence
///     G = E_p[∂ ln p (∂ ln p)ᵀ]              Fisher's metric, a pure number whatever x is measured in
///
/// The only proper rule that looks at q at the one outcome that happened and nowhere else (on three sites or more, up
/// to a factor and what does not depend on q). ``EnergyScore`` escapes that by a look at the neighbourhood of x.
public struct LogScore: ScoringRule {
  /// The rule has no settings.
  public init() {}

  /// -ln q(x), in nats; ∞ where q = 0.
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    { x in -q.logDensity(at: x) }
  }

  /// Fisher's metric E_p[∂ ln p (∂ ln p)ᵀ], [parameterCount, parameterCount], in nats per θ².
  ///
  /// - Complexity: a reverse pass for each node.
  public func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    let nodes = p.quadrature
    let slopes = p.logDensitySlopes(at: nodes)
    return momentMatrix(slopes, weights: nodes.probabilities(of: p))
  }
}
