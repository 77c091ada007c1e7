import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch11ScoringRules

/// Chapter 4's network for one particle, as a family of chapter 11: ln p_θ(x) = 2 ln|ψ_θ(x)| - ln Z.
///
/// Where the two chapters meet. Chapter 11 integrates and differentiates twice, chapter 12 averages squares over walkers; at the
/// nodes of one quadrature, as walkers with weights |ψ|², both must find the same G.
///
/// Z = ∫ |ψ|², by the family's own nodes, is differentiated too where a rule or an objective asks for derivatives by θ.
public struct OneParticleFamily: ParametricFamily {
  /// L and H, of one particle and one determinant.
  public let shape: AnsatzShape
  /// Where all integrals are taken.
  public let nodes: Quadrature

  /// The family of a network of one particle, which must not change its sign at the nodes; other networks stop the program.
  public init(of network: DeterminantAnsatz, nodes: Quadrature) {
    precondition(
      network.shape.particles == 1 && network.shape.determinants == 1,
      "one particle and one determinant, not \(network.shape.particles) and \(network.shape.determinants)")
    (shape, self.nodes) = (network.shape, nodes)
    let psi = network.evaluate(Walkers(nodes.nodes, particles: 1), order: .value)
    precondition(Set(psi.sign).count == 1, "a network with a node has no smooth ln p")
  }

  /// P of the network.
  public var parameterCount: Int { shape.parameterCount }

  /// 2 ln|ψ_θ(x)|.
  public func logDensity<S: DifferentiableScalar>(at x: S, parameters: [S]) -> S {
    2 * DeterminantAnsatz.referenceLogPsi(shape, parameters: parameters, positions: [x]).logMagnitude
  }

  /// ln Z.
  public func logNormalisation<S: DifferentiableScalar>(parameters: [S]) -> S {
    let densities = nodes.nodes.map { logDensity(at: S($0), parameters: parameters) }
    // The largest of them taken out, so that none overflows.
    let largest = densities.map(\.value).max() ?? 0
    return log(densities.reduce(0) { $0 + exp($1 - S(largest)) }) + S(largest + Double.log(nodes.weight))
  }

  /// The family's own nodes, whatever the members.
  public func quadrature(resolving parameters: [[Double]]) -> Quadrature { nodes }
}
