import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// H_Q = 4 E[(E_L - E) O_c O_cᵀ] + E[K_c O_cᵀ + O_c K_cᵀ]: the energy's Hessian without second derivatives of ℓ.
///
/// The Hessian of E has one more term, 2 E[(E_L - E) ∂²ℓ], which vanishes with the variance of E_L. Neither is positive
/// in general. The second term has another form: integrating by parts, 2 E[O_c K_cᵀ] = Σ_i E[M_i M_iᵀ], as long as ψ's
/// nodes do not move with θ. That one needs no second derivatives in x, is positive, and is less noisy.
///
/// It is a model of the whole step: it has no blocks, and an indefinite diagonal preconditions nothing.
public struct QuasiHessian: ParameterMetric {
  /// How the second term is estimated: the two agree in expectation where nodes do not move.
  public enum Estimator: Sendable {
    /// With K = ∂_θ E_L: that of M. Drissi's talk, "A decisional step for Variational Monte Carlo".
    case localEnergyDerivative
    /// With Σ_i M_i M_iᵀ in the place of 2 O_c K_cᵀ.
    case mixedDerivatives
  }

  /// How the second term is estimated.
  public let estimator: Estimator

  /// H_Q with this estimator of its second term.
  public init(_ estimator: Estimator = .localEnergyDerivative) { self.estimator = estimator }

  /// `.laplacian` for K, `.gradient` for M.
  public var order: JetOrder { estimator == .localEnergyDerivative ? .laplacian : .gradient }

  /// H_Q v, shape [parameterCount], in ħω per θ, with clipped energies; always in double precision.
  ///
  /// - Complexity: one Jacobian-vector and one vector-Jacobian product with each of O and K, or of O and M.
  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let energies = sample.centred(sample.clippedEnergies)
    let ov = sample.centred(sample.derivatives.logDerivatives(along: v))
    // 4 E[(E_L - E) O_c (O_c v)]: O_c = O - mean, so that what O is averaged with is centred once more.
    var u = sample.centred(zip(energies, ov).map { 4 * $0 * $1 })
    switch estimator {
    case .mixedDerivatives:
      var product = sample.derivatives.logDerivatives(weighted: sample.averaging(u))
      let gram = sample.derivatives.mixedGram(v)
      add(1 / Double(sample.walkers.count), gram, to: &product)
      return product
    case .localEnergyDerivative:
      let kv = sample.centred(sample.derivatives.energyDerivatives(along: v))
      add(1, kv, to: &u)
      var product = sample.derivatives.logDerivatives(weighted: sample.averaging(u))
      let fromK = sample.derivatives.energyDerivatives(weighted: sample.averaging(ov))
      add(1, fromK, to: &product)
      return product
    }
  }

  /// u_iᵀ H_Q u_j, [vectors, vectors], in ħω; symmetric.
  ///
  /// - Complexity: two Jacobian-vector products a vector.
  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix {
    let energies = sample.centred(sample.clippedEnergies)
    let o = vectors.map { sample.centred(sample.derivatives.logDerivatives(along: $0)) }
    let second: [[Double]] =
      switch estimator {
      case .localEnergyDerivative: vectors.map { sample.centred(sample.derivatives.energyDerivatives(along: $0)) }
      case .mixedDerivatives: vectors.map { sample.derivatives.mixedDerivatives(along: $0) }
      }
    // E[x y] = Σ (x averaged) y.
    let averaging = o.map { sample.averaging($0) }
    let averagingSecond = second.map { sample.averaging($0) }
    return Matrix(rows: vectors.count, columns: vectors.count) { i, j in
      var sum = 0.0
      for w in energies.indices { sum += 4 * energies[w] * averaging[i][w] * o[j][w] }
      switch estimator {
      case .localEnergyDerivative: sum += dot(averagingSecond[i], o[j]) + dot(averaging[i], second[j])
      case .mixedDerivatives: sum += dot(averagingSecond[i], second[j])
      }
      return sum
    }
  }
}
