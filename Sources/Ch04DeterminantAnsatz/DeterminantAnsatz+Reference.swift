import Ch00Lanes
import Ch02AutomaticDifferentiation

extension DeterminantAnsatz {
  /// sign ψ and ln|ψ| of one configuration for any scalar: the definition that every fast path is held against.
  ///
  /// With dual numbers or a tape for `S` it gives all derivatives in parameters and coordinates, at the price of a number
  /// at a time: about a thousand times that of the batched path.
  ///
  /// - Parameters:
  ///   - shape: sizes.
  ///   - parameters: `shape.parameterCount` numbers.
  ///   - x: A coordinates.
  public static func referenceLogPsi<S: DifferentiableScalar>(
    _ shape: AnsatzShape, parameters: [S], positions x: [S]
  ) -> (sign: Double, logMagnitude: S) {
    precondition(x.count == shape.particles, "\(shape.particles) coordinates expected, got \(x.count)")
    var features = x.map { [$0] }
    var psi: S = 0
    var matrices: [[[S]]] = []
    for block in shape.blocks {
      let p = Array(parameters[block.range])
      switch block.role {
      case .layer(let l):
        let layer = EquivariantLayer(inputs: block.layout.inputs, outputs: shape.hidden, residual: l > 0)
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
        psi += determinant(of: matrices[d])
      }
    }
    return (psi < 0 ? -1 : psi == 0 ? 0 : 1, log(abs(psi)) - S(0.5 * Double.logFactorial(shape.particles)))
  }
}
