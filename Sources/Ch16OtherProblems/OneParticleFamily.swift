import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch11ScoringRules

/// Chapter 4's network for one particle, as a family of chapter 11: ln p_θ(x) = 2 ln|ψ_θ(x)| - ln Z.
///
/// Where the two chapters meet. Chapter 11 integrates and differentiates twice, chapter 12 averages squares over walkers; at the
/// nodes of one quadrature, as walkers with weights |ψ|², both must find the same G.
///
/// Z is that of the member at which the family was made. Rules that see ∂_x ln q alone, such as
/// ``/Ch11ScoringRules/EnergyScore``, ask for no more at the members around it; the logarithmic score would.
public struct OneParticleFamily: ParametricFamily {
  /// L and H, of one particle and one determinant.
  public let shape: AnsatzShape
  /// Where all integrals are taken.
  public let nodes: Quadrature
  private let logNormalisation: Double

  /// The family around a network of one particle, which must not change its sign at the nodes; other networks stop the program.
  public init(around network: DeterminantAnsatz, nodes: Quadrature) {
    precondition(
      network.shape.particles == 1 && network.shape.determinants == 1,
      "one particle and one determinant, not \(network.shape.particles) and \(network.shape.determinants)")
    (shape, self.nodes) = (network.shape, nodes)
    let psi = network.evaluate(Walkers(nodes.nodes, particles: 1), order: .value)
    precondition(Set(psi.sign).count == 1, "a network with a node has no smooth ln p")
    logNormalisation = Double.log(nodes.weight * psi.logPsi.reduce(0) { $0 + Double.exp(2 * $1) })
  }

  /// P of the network.
  public var parameterCount: Int { shape.parameterCount }

  /// 2 ln|ψ_θ(x)| - ln Z.
  public func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
    2 * DeterminantAnsatz.referenceLogPsi(shape, parameters: parameters, positions: [x]).logMagnitude
      - S(logNormalisation)
  }

  /// The family's own nodes, whatever the members.
  public func quadrature(resolving parameters: [[Double]]) -> Quadrature { nodes }
}
