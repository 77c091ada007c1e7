import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent

/// E[K_c K_cᵀ], K_c = ∂_θ E_L minus its mean: Gauss and Newton's matrix of the variance of E_L, in (ħω)².
public struct EnergyVarianceMetric: ParameterMetric {
  public init() {}

  public var order: JetOrder { .laplacian }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let kv = sample.centred(sample.derivatives.energyDerivatives(along: v))
    return sample.derivatives.energyDerivatives(weighted: sample.averaging(kv))
  }
}

/// E[K_c (E_L - Ē)]: half the gradient of the variance of E_L at fixed walkers, in (ħω)².
public struct VarianceSlope: Slope {
  public init() {}

  public var order: JetOrder { .laplacian }

  public func slope(_ sample: Sample) -> [Double] {
    sample.derivatives.energyDerivatives(weighted: sample.averaging(sample.centred(sample.clippedEnergies)))
  }
}

/// Gauss and Newton on E_L - Ē: the walkers are points at which ψ has to be an eigenstate.
///
///     δ = argmin  E[(E_L - Ē + K_c δ)²] + λ ‖δ - μ δ_prev‖²
///
/// Where the network can make ψ an eigenstate every sample asks for the same δ, and the noise goes away with the variance; an
/// energy gradient keeps a noise of its own. But every eigenstate has no variance: it finds the nearest one, and belongs at
/// the end of a run (`--weights` of another one).
///
/// - Source: the Gauss-Newton update of jeffminlin/vmcnet, there with a given energy in the place of Ē.
public struct ZeroVariance: SecondOrderSettings {
  public static let name = "gauss-newton"
  public static let title = "Gauss and Newton on the variance of the local energy"
  public static let family = OptimizerFamily.hessian
  public static let defaultSteps = 100
  public static let samplingPower = 1.0
  public static let hyperparameters = [
    Hyperparameter.lambda(\Self.lambda),
    .mu(\Self.mu),
    .bound(\Self.bound),
  ]

  /// λ, in (ħω)². Two seeds of A = 2, V0 = -20 after 60 steps from a pretrained network: one at 8e-5, one lost after step 10.
  public var lambda = 0.01
  /// μ.
  public var mu = 0.9
  /// The largest δᵀGδ, in units of free fermions (`EnergyUnit.freeFermions`).
  public var bound = 0.02
  /// Conjugate gradients.
  public var solver = ConjugateGradients(tolerance: 1e-2, iterationLimit: 50)

  public init() {}

  public var optimizer: SecondOrder {
    .bounded(
      Self.name,
      MetricDirection(.whole(EnergyVarianceMetric()), slope: VarianceSlope(), prior: Prior(mu), solver: solver),
      lambda: lambda, bound: bound)
  }
}
