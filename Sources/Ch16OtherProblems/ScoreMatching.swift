import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch12DecisionalGradientDescent

/// Density estimation by Hyvärinen's score, with p_θ = e^{2f} of a ``PointNetwork``: no normalisation is needed.
///
///     S(x, p) = ½ |∇ ln p|² + Δ ln p = 2 (|∇f|² + Δf) = -4 E_L            (1)   E_L = -½ (Δf + |∇f|²), V = 0
///     ∂_θ L   = -4 ⟨∂_θ E_L⟩ = -4 Kᵀ 1/N                                   (2)
///     D(q, p) = ½ E_q |∇ ln p - ∇ ln q|²        G = E[∂_θ∇ ln p · ∂_θ∇ ln pᵀ] = 4 Σ_i E[M_i M_iᵀ]     (3)
///
/// (1) is four times chapter 11's energy score without a potential, so everything has a factor of four: (3) is four times
/// chapter 12's decision metric. Score matching is the kinetic half of variational Monte Carlo, with data for walkers; and since
/// the data do not move with θ, its gradient (2) is the very ∂_θ E_L whose mean vanishes in chapter 6.
///
/// - Source: A. Hyvärinen, J. Mach. Learn. Res. 6, 695 (2005).
public struct ScoreMatching: FittingProblem {
  /// Nothing to set.
  public init() {}

  public var order: JetOrder { .laplacian }

  /// (1), in inverse squared lengths.
  public func loss(_ sample: Sample) -> Double { -4 * sample.energies.mean }

  /// (2).
  public func slope(_ sample: Sample) -> [Double] {
    let count = sample.walkers.count
    return sample.derivatives.energyDerivatives(weighted: [Double](repeating: -4 / Double(count), count: count))
  }

  /// (3), over the data.
  public var metric: any ParameterMetric { 4 * DecisionMetric() }
}
