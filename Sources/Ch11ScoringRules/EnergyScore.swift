import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// S = -E_L(x), minus the local energy of ψ = √q in a potential V: the score of variational Monte Carlo.
///
///     S = ½ (∂² ℓ + (∂ℓ)²) - V(x),       ℓ = ½ ln q
///
///     H(p) = -E(p)                                         minus the energy, so that h = -H is what one minimises
///     D(p, q) = E_p[E_L,p - E_L,q] = ⅛ E_p[(∂ ln p - ∂ ln q)²]
///     G = E_p[∂_θ∂ℓ (∂_θ∂ℓ)ᵀ] = ¼ E_p[∂_θ∂ ln p (∂_θ∂ ln p)ᵀ]          chapter 12's decision metric
///
/// all in ħω, with ∂ = ∂/∂x. That it is proper takes one integration by parts, E_p[∂²ℓ_q] = -2 E_p[∂ℓ_p ∂ℓ_q]: then
/// S(p, q) is ½ E_p[(∂ℓ_q - ∂ℓ_p)²] and a rest without q. The potential is part of that rest. It decides what the
/// entropy is and drops out of divergence and metric: their geometry is that of the kinetic energy alone.
///
/// S needs no normalisation of q, since ∂ ln q has none. For V = 0 it is, but for a factor, the score that
/// Hyvärinen found for models whose normalisation is out of reach, as a wave function's is.
///
/// A density on a line is required, smooth and positive. On a lattice ∂ has no meaning and S is the same for every q,
/// proper and of no use: there ``HoppingScore`` is meant.
///
/// - Source: M. Drissi et al., arXiv:2401.17550; A. Hyvärinen, J. Mach. Learn. Res. 6, 695 (2005).
public struct EnergyScore: ScoringRule {
  /// V(x) in ħω, at x in oscillator lengths.
  public let potential: @Sendable (Double) -> Double

  /// The score in the potential V; none by default. V must be finite where outcomes are.
  public init(potential: @escaping @Sendable (Double) -> Double = { _ in 0 }) { self.potential = potential }

  /// ½ (∂²ℓ + (∂ℓ)²) - V(x) in ħω, with ℓ = ½ ln q; on a lattice -V(x) alone.
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    { x in
      let (first, second) = q.logDensityDerivatives(at: x)
      return 0.25 * second + 0.125 * first * first - Scalar(potential(x))
    }
  }

  /// G = E_p[∂_θ∂ℓ (∂_θ∂ℓ)ᵀ], [parameterCount, parameterCount], in ħω per θ²; positive semidefinite.
  ///
  /// - Complexity: a reverse pass for each node.
  public func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    let nodes = p.quadrature
    let mixed = jacobian(
      of: { θ in
        let q = p.family(θ)
        return nodes.nodes.map { 0.5 * q.logDensityDerivatives(at: $0).first }
      }, at: p.parameters)
    return momentMatrix(mixed, weights: nodes.probabilities(of: p))
  }
}
