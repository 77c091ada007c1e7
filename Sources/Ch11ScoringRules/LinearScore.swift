import Ch02AutomaticDifferentiation

/// S = -q(x): pay less, the more likely you said it was. Not proper.
///
/// Fair as it sounds, it rewards lying: S(p, q) = -∫ p q is least for a q that is all at the top of p. Whoever believes
/// in 60 % rain does best to say 100 %. Its divergence can be negative, its "metric" is none, and descent along it runs
/// away. It is here to show what the other rules are spared, and what ∫ q² in ``QuadraticScore`` is good for.
public struct LinearScore: ScoringRule {
  /// The rule has no settings.
  public init() {}

  /// -q(x), a probability on a lattice, an inverse length on a line.
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    { x in -exp(q.logDensity(at: x)) }
  }
}
