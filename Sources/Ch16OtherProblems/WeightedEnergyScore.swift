import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch11ScoringRules

/// The energy score of a particle whose inverse mass w(x) depends on where it is, with ℓ = ½ ln q:
///
///     S = ½ w (∂²ℓ + (∂ℓ)²) + ½ w′ ∂ℓ                         minus the local energy of H = -½ ∂ w ∂
///     D(p, q) = ½ E_p[w (∂ℓ_p - ∂ℓ_q)²]            G = E_p[w ∂_θ∂ℓ (∂_θ∂ℓ)ᵀ]
///
/// A rule of a reader's own: chapter 11 asks for nothing but the score, and gets everything else from it. Proper for w ≥ 0, by
/// one integration by parts, E_p[(w ∂ℓ_q)′] = -2 E_p[w ∂ℓ_p ∂ℓ_q]. With w = 1 it is chapter 11's
/// ``/Ch11ScoringRules/EnergyScore`` without a potential; its metric, averaged over walkers, is ``WeightedDecisionMetric``.
public struct WeightedEnergyScore: ScoringRule {
  /// w, for dual numbers: its derivative is needed.
  public let weight: @Sendable (Dual<Double>) -> Dual<Double>

  /// The rule of this inverse mass, which must not be negative.
  public init(weight: @escaping @Sendable (Dual<Double>) -> Dual<Double>) { self.weight = weight }

  /// S(·, q), in ħω.
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    { x in
      let (first, second) = q.logDensityDerivatives(at: x)
      let w = weight(Dual(x, tangent: 1))
      return Scalar(w.primal) * (0.25 * second + 0.125 * first * first) + Scalar(0.25 * w.tangent) * first
    }
  }
}

/// a S₁ + b S₂: proper where both are, and its metric is a G₁ + b G₂.
public struct SumOfScores<First: ScoringRule, Second: ScoringRule>: ScoringRule {
  /// S₁ and S₂.
  public let rules: (First, Second)
  /// a and b, not negative.
  public let factors: (Double, Double)

  /// a S₁ + b S₂; a negative factor stops the program.
  public init(_ a: Double, _ first: First, _ b: Double, _ second: Second) {
    precondition(a >= 0 && b >= 0, "a negative factor makes a proper rule improper")
    (rules, factors) = ((first, second), (a, b))
  }

  /// a S₁(·, q) + b S₂(·, q).
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    let (one, two) = (rules.0.score(q), rules.1.score(q))
    return { x in Scalar(factors.0) * one(x) + Scalar(factors.1) * two(x) }
  }

  /// a G₁ + b G₂.
  public func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    factors.0 * rules.0.metric(p) + factors.1 * rules.1.metric(p)
  }
}

/// Σ_i E[w(x_i) M_i M_iᵀ]: the metric of ``WeightedEnergyScore`` for A particles in variational Monte Carlo.
///
/// The sum of this and of Fisher's metric is that of ``SumOfScores``: `WeightedDecisionMetric(…) + c * FisherMetric()`, by
/// chapter 7's sums.
public struct WeightedDecisionMetric: ParameterMetric {
  /// w ≥ 0, at a particle's place.
  public let weight: @Sendable (Double) -> Double

  /// The metric of this inverse mass, which must not be negative.
  public init(weight: @escaping @Sendable (Double) -> Double) { self.weight = weight }

  public var order: JetOrder { .gradient }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let weighted = zip(sample.derivatives.mixedDerivatives(along: v), sample.walkers.positions)
      .map { $0 * weight($1) }
    return sample.derivatives.mixedDerivatives(weighted: sample.averaging(weighted))
  }
}
