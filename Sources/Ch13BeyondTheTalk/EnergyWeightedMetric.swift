import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// W = E[(E_L - Ē) O_c O_cᵀ]: what separates the Hessian-like matrices of variational Monte Carlo from each other.
///
///     G          decision metric                    G + 4W                        the quasi-Hessian of chapter 9
///     G + 2W + F/(2ε)      Rayleigh-Gauss-Newton     G + 2W + ½ (Ē - τ) F          projected inverse iteration
///
/// It is of either sign and vanishes with the variance of E_L, so that all of them meet at an eigenstate.
public struct EnergyWeightedMetric: ParameterMetric {
  public init() {}

  public var order: JetOrder { .value }

  /// W v, with clipped energies; always in double precision.
  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let energies = sample.centred(sample.clippedEnergies)
    let ov = sample.centred(sample.derivatives.logDerivatives(along: v))
    let u = sample.centred(zip(energies, ov).map { $0 * $1 })
    return sample.derivatives.logDerivatives(weighted: sample.averaging(u))
  }
}
