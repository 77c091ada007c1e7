import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent

/// 2Q = 2 E[O_c (K_c + (E_L - τ) O_c)ᵀ], the matrix of projected inverse iteration, as it is sampled: not symmetric.
///
/// Its mean is G + 2W + 2(Ē - τ)S. E_L is taken from its mean: with E_L O in place of (E_L - Ē) O_c the matrix would depend on
/// what factor stands before ψ.
///
/// - Source: Zhang et al., arXiv:2606.07825.
public struct ProjectedHamiltonian: ParameterMetric {
  /// c of Ē - τ = c σ(E_L).
  public var share: Double

  /// A negative share stops the program.
  public init(_ share: Double) {
    precondition(share >= 0, "τ must lie below the energy")
    self.share = share
  }

  public var order: JetOrder { .laplacian }

  /// 2Q v: the row of K sees v, the column of O gives the result.
  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let energies = sample.centred(sample.clippedEnergies)
    let shift = share * WeightedMean(sample.clippedEnergies, weights: sample.weights).variance.squareRoot()
    let ov = sample.centred(sample.derivatives.logDerivatives(along: v))
    let kv = sample.centred(sample.derivatives.energyDerivatives(along: v))
    let u = sample.centred(ov.indices.map { 2 * (kv[$0] + (energies[$0] + shift) * ov[$0]) })
    return sample.derivatives.logDerivatives(weighted: sample.averaging(u))
  }
}

/// Projected inverse iteration with the matrix as published, solved by `GMRES`, since it is not symmetric.
///
///     (2Q + λ) δ = -g + λ μ d
///
/// An excitation of energy ω falls by ω/(ω + E₀ - τ) a step. τ is c σ(E_L) below the present energy, where the authors
/// take one that they guess: their energies are negative, and 1.1 E₀ lies below. The prior is their
/// PII-SPRING. It is off by default: with two fermions it helps very much, with four it may lose the run (page 13).
///
/// - Source: Zhang et al., arXiv:2606.07825.
public struct ProjectedInverseIteration: ShiftedFamilySettings {
  public static let name = "pii"
  public static let title = "projected inverse iteration, as published"
  public static let defaultSteps = 200

  /// c, λ, μ and the bound.
  public var family = ShiftedFamily(shift: 1, lambda: 1e-2, mu: 0)
  /// GMRES, since the sampled matrix is not symmetric.
  public var solver = GMRES(tolerance: 1e-2, iterationLimit: 40)

  public init() {}

  /// Of the paper's code: μ = 0.8 and λ' = λ/2 = 0.01. c stays, since their rule for τ wants a negative energy.
  public static var source: Self? {
    var settings = Self()
    settings.family = ShiftedFamily(shift: 1, lambda: 2e-2, mu: 0.8)
    return settings
  }

  public var optimizer: SecondOrder {
    .bounded(
      Self.name,
      MetricDirection(
        .whole(ProjectedHamiltonian(family.shift)), prior: Prior(family.mu, mean: .lastDirection), solver: solver),
      lambda: family.lambda, bound: family.bound, avoidsUphill: family.mu == 0)
  }
}

/// Projected inverse iteration in the form of Gauss and Newton: W left out, and M in the place of K.
///
///     (G + ½ (Ē - τ) F + λ) δ = -g + λ μ d
///
/// The matrix is symmetric and positive, needs no second derivatives in x, and is the same where the variance is gone. It is
/// the equation of this book's pi-dgd without what that has beside it: weights, layers' stiffness, and the guard of signs.
public struct GaussNewtonInverseIteration: ShiftedFamilySettings {
  public static let name = "pii-gn"
  public static let title = "projected inverse iteration, in Gauss and Newton's form"
  public static let defaultSteps = 200

  /// c, λ, μ and the bound.
  public var family = ShiftedFamily(shift: 1, lambda: 1e-2, mu: 0.9)
  /// MINRES.
  public var solver = MinimumResidual(tolerance: 1e-2)

  public init() {}

  public var optimizer: SecondOrder {
    .bounded(
      Self.name,
      MetricDirection(
        .whole(ShiftedDecisionMetric(0.5 * family.shift)), prior: Prior(family.mu, mean: .lastDirection),
        solver: solver),
      lambda: family.lambda, bound: family.bound)
  }
}

/// What the two forms have in common.
public struct ShiftedFamily: Sendable {
  /// c of Ē - τ = c σ(E_L).
  public var shift: Double
  /// λ.
  public var lambda: Double
  /// μ.
  public var mu: Double
  /// The largest δᵀGδ, in units of free fermions (`EnergyUnit.freeFermions`).
  public var bound = 0.1

  /// Numbers out of their bounds stop the program.
  public init(shift: Double, lambda: Double, mu: Double) {
    precondition(shift > 0 && lambda > 0 && (0...1).contains(mu), "positive numbers, and a μ up to 1, are needed")
    (self.shift, self.lambda, self.mu) = (shift, lambda, mu)
  }
}

/// Settings that have a ``ShiftedFamily``.
public protocol ShiftedFamilySettings: SecondOrderSettings {
  /// c, λ, μ and the bound.
  var family: ShiftedFamily { get set }
}

extension ShiftedFamilySettings {
  /// The Hessian's.
  public static var family: OptimizerFamily { .hessian }
  /// c, λ, μ and the bound.
  public static var hyperparameters: [Hyperparameter<Self>] {
    [
      Hyperparameter("shift", \Self.family.shift, in: 1e-6...100, "c, how far below the energy the shift lies, in σ"),
      .lambda(\Self.family.lambda),
      .mu(\Self.family.mu),
      .bound(\Self.family.bound),
    ]
  }
}
