import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// S = -E_L(x) of a particle that hops by a distance a instead of moving, ψ = √q:
///
///     S = 1/(2a²) Σ_{y = x±a} (√(q(y)/q(x)) - 1) - V(x)
///
///     D(p, q) = 1/(4a²) Σ_x Σ_{y = x±a} (√(p_x r_xy) - √(p_y r_yx))²,       r_xy = √(q_y/q_x)
///     G = 1/(2a²) Σ_x Σ_{y = x±a} √(p_x p_y) ∂_θ(ℓ_y - ℓ_x) (∂_θ(ℓ_y - ℓ_x))ᵀ
///
/// Proper without any integration by parts: each pair of neighbours contributes p_x √(q_y/q_x) + p_y √(q_x/q_y), and
/// two positive numbers whose product is fixed have the least sum where they are equal, at q_y/q_x = p_y/p_x. The same
/// holds for every Hamiltonian without positive elements off its diagonal. So what makes an energy a proper score is
/// the sign of its hops, and nothing that is special to the Laplacian; as a → 0 this rule becomes ``EnergyScore``.
///
/// Outside a lattice ψ is zero, a hard wall. Families on a line may hop as well: there Σ_x is an integral.
///
/// - Source: A. P. Dawid, S. Lauritzen and M. Parry, Ann. Stat. 40, 593 (2012), on local rules for discrete outcomes.
public struct HoppingScore: ScoringRule {
  /// a, in oscillator lengths; 1 between the sites of a ``Lattice``.
  public let distance: Double
  /// V(x) in ħω.
  public let potential: @Sendable (Double) -> Double

  /// The score of hops by a in the potential V, none by default; a distance that is not positive stops the program.
  public init(distance: Double = 1, potential: @escaping @Sendable (Double) -> Double = { _ in 0 }) {
    precondition(distance > 0, "a hop needs a distance, got \(distance)")
    self.distance = distance
    self.potential = potential
  }

  /// ½ a⁻² Σ_{y = x±a} (√(q(y)/q(x)) - 1) - V(x), in ħω; q is 0 outside a lattice.
  public func score<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ q: Distribution<Family, Scalar>
  ) -> (_ x: Double) -> Scalar {
    let strength = Scalar(0.5 / (distance * distance))
    return { x in
      let here = q.logDensity(at: x)
      let left = exp(0.5 * (q.logDensity(at: x - distance) - here))
      let right = exp(0.5 * (q.logDensity(at: x + distance) - here))
      return strength * (left + right - 2) - Scalar(potential(x))
    }
  }

  /// G = ½ a⁻² Σ √(p_x p_y) ∂_θ(ℓ_y - ℓ_x) (∂_θ(ℓ_y - ℓ_x))ᵀ, [parameterCount, parameterCount], in ħω per θ².
  ///
  /// - Complexity: a reverse pass for each node.
  public func metric<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    // Each pair once, as a hop to the right; from where there is nothing to land on, none starts.
    let nodes = p.quadrature
    let starts = nodes.nodes.filter { p.logDensity(at: $0 + distance) > -.infinity }
    let weights = starts.map { x in
      nodes.weight * Double.exp(0.5 * (p.logDensity(at: x) + p.logDensity(at: x + distance))) / (distance * distance)
    }
    let rises = jacobian(
      of: { θ in
        let q = p.family(θ)
        return starts.map { 0.5 * (q.logDensity(at: $0 + distance) - q.logDensity(at: $0)) }
      }, at: p.parameters)
    return momentMatrix(rises, weights: weights, count: p.parameters.count)
  }
}
