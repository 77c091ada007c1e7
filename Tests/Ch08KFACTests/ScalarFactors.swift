import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

/// Activities and sensitivities of one walker, by the definition and scalar automatic differentiation.
///
/// Every affine map of the network, W ā_i for particle i, has a shift s_i added to its result; e_i = ∂ℓ/∂s_i at s = 0.
struct ScalarFactors {
  /// ā_i as [block][particle][input (+ 1)].
  var activities: [[[Double]]] = []
  /// e_i as [block][particle][output].
  var sensitivities: [[[Double]]] = []

  init(_ ansatz: DeterminantAnsatz, at x: [Double]) {
    let shape = ansatz.shape
    let outputs = shape.groups.map(\.layout.outputs)
    var starts: [Int] = []
    var count = 0
    for n in outputs {
      starts.append(count)
      count += n * x.count
    }
    var activities: [[[Double]]] = []
    let slopes = gradient(
      of: { (s: [Adjoint<Double>]) in
        let (logPsi, seen) = shiftedLogPsi(shape, ansatz.parameters, x) { s[starts[$0] + $1 * outputs[$0] + $2] }
        activities = seen
        return logPsi
      }, at: [Double](repeating: 0, count: count))
    self.activities = activities
    sensitivities = outputs.indices.map { block in
      x.indices.map { i in
        let first = starts[block] + i * outputs[block]
        return Array(slopes[first..<(first + outputs[block])])
      }
    }
  }
}

/// ln|ψ| with a shift added to every pre-activation, and the activities that entered.
private func shiftedLogPsi(
  _ shape: AnsatzShape, _ parameters: [Double], _ x: [Double],
  _ shift: (_ block: Int, _ particle: Int, _ output: Int) -> Adjoint<Double>
) -> (Adjoint<Double>, [[[Double]]]) {
  var features = x.map { [Adjoint<Double>(constant: $0)] }
  var matrices: [[[Adjoint<Double>]]] = []
  var activities: [[[Double]]] = []
  for (index, group) in shape.groups.enumerated() {
    let p = parameters[group.range].map { Adjoint<Double>(constant: $0) }
    let mean = features[0].indices.map { f in
      features.reduce(Adjoint<Double>(constant: 0)) { $0 + $1[f] } / Adjoint(constant: Double(x.count))
    }
    func mapped(_ i: Int, _ mean: [Adjoint<Double>] = []) -> [Adjoint<Double>] {
      affineReference(group.layout, p, own: features[i], mean: mean).enumerated().map { $1 + shift(index, i, $0) }
    }
    switch group.role {
    case .layer(let l):
      activities.append(features.map { ($0 + mean).map(\.primal) + [1] })
      features = x.indices.map { i in
        let y = mapped(i, mean).map { tanh($0) }
        return l > 0 ? zip(y, features[i]).map { $0 + $1 } : y
      }
    case .orbitals:
      activities.append(features.map { $0.map(\.primal) + [1] })
      matrices.append(x.indices.map { mapped($0) })
    case .envelope(let d):
      activities.append(x.map { [$0] })
      for i in x.indices {
        for j in x.indices {
          let z = p[j] * Adjoint(constant: x[i]) + shift(index, i, j)
          matrices[d][i][j] = matrices[d][i][j] * exp(-(z * z))
        }
      }
    }
  }
  let psi = matrices.reduce(Adjoint<Double>(constant: 0)) { $0 + determinant(of: $1) }
  return (log(abs(psi)), activities)
}
