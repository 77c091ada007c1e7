import Ch00Lanes
import Ch02AutomaticDifferentiation

extension DeterminantAnsatz {
  /// The orbital matrices M^d_ij = φ^d_j(x_i; X) of one configuration for any scalar: the definition.
  ///
  /// - Parameters:
  ///   - shape: sizes of the network.
  ///   - parameters: `shape.parameterCount` numbers.
  ///   - x: A coordinates, in oscillator lengths; another count stops the program.
  /// - Returns: determinants × particles × orbitals.
  public static func referenceOrbitals<S: DifferentiableScalar>(
    _ shape: AnsatzShape, parameters: [S], positions x: [S]
  ) -> [[[S]]] {
    precondition(x.count == shape.particles, "\(shape.particles) coordinates expected, got \(x.count)")
    var features = x.map { [$0] }
    var matrices: [[[S]]] = []
    for group in shape.groups {
      let p = Array(parameters[group.range])
      switch group.role {
      case .layer(let l):
        let layer = EquivariantLayer(inputs: group.layout.inputs, outputs: shape.hidden, residual: l > 0)
        features = layer.reference(p, features)
      case .orbitals:
        matrices.append(AffineLayer(inputs: shape.hidden, outputs: shape.particles).reference(p, features))
      case .envelope(let d):
        for i in x.indices {
          for j in x.indices {
            let z = p[j] * x[i]
            matrices[d][i][j] = matrices[d][i][j] * exp(-(z * z))
          }
        }
      }
    }
    return matrices
  }

  /// sign ψ and ln|ψ| of one configuration for any scalar: what every fast path is held against.
  ///
  /// With dual numbers or a tape for `S` it gives all derivatives in parameters and coordinates.
  ///
  /// - Parameters:
  ///   - shape: sizes.
  ///   - parameters: `shape.parameterCount` numbers.
  ///   - x: A coordinates, in oscillator lengths; another count stops the program.
  /// - Returns: sign ±1 and ln|ψ|, with the 1/√A!; at a node sign 0 and -∞.
  /// - Complexity: O(P A) for the network and O(D A³) for the determinants.
  public static func referenceLogPsi<S: DifferentiableScalar>(
    _ shape: AnsatzShape, parameters: [S], positions x: [S]
  ) -> (sign: Double, logMagnitude: S) {
    let orbitals = referenceOrbitals(shape, parameters: parameters, positions: x)
    let psi = orbitals.reduce(0) { $0 + determinant(of: $1) }
    return (psi < 0 ? -1 : psi == 0 ? 0 : 1, log(abs(psi)) - S(0.5 * Double.logFactorial(shape.particles)))
  }
}
