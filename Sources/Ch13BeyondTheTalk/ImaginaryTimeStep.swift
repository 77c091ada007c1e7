import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// A step of imaginary time, τ long, to which ψ is fitted on the walkers at hand.
///
///     ln|ψ*| = ln|ψ_θ| - τ (E_L - Ē)                             where (1 - τ (H - Ē)) ψ would be, to first order in τ
///     4 τ² Var E_L ≤ bound                                       of the change that is wanted, in units of δᵀFδ
///     r̄ = ln|ψ*| - ln|ψ_θ+δ|                                     at each walker, minus its mean
///     δ ← Ōᵀ (T + λ/4)⁻¹ (r̄ + Ōδ)                               Ō and T of ψ_θ+δ; a few times, as long as ‖r̄‖ falls
///
/// These are Gauss-Newton steps down ‖r̄‖² + (λ/4) ‖δ‖². The first is MinSR with η = 2τ: there the step is taken in the tangent
/// plane at θ. The next ones make up for the curvature of the set of all ψ_θ, so that τ may be longer. They cost no sample and no
/// energies, but O and T each time. The authors damp each of them by itself, δ ← δ + Ōᵀ (T + λ/4)⁻¹ r̄, and have points enough
/// for that; a few hundred walkers would be fitted with their noise.
///
/// - Source: Chen, McCarran, Vizcaino, Soljačić, Luo, arXiv:2404.10771 (TENG-Euler), whose sum over points is of ψ itself; with
///   ln|ψ| at walkers of |ψ|² it is the same to first order.
public struct ImaginaryTimeStep: Direction {
  /// τ, in 1/ħω.
  public var time: Double
  /// The largest 4 τ² Var E_L; a longer τ is shortened.
  public var bound: Double
  /// Times around, at most.
  public var innerSteps: Int

  /// A fit of a step of imaginary time; numbers that are not positive stop the program.
  public init(time: Double, bound: Double = .infinity, innerSteps: Int = 3) {
    precondition(time > 0 && bound > 0 && innerSteps > 0, "positive numbers are needed")
    (self.time, self.bound, self.innerSteps) = (time, bound, innerSteps)
  }

  public var diagnostics: [Diagnostic] { [.alpha] + (innerSteps > 1 ? [.fitResidual] : []) }

  /// - Complexity: T and n³/3 operations for n walkers, and a record of derivatives, for each time around.
  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    let variance = WeightedMean(sample.clippedEnergies, weights: sample.weights).variance
    let time = min(time, 0.5 * (bound / variance).squareRoot())
    report[.alpha] = 2 * time
    let wanted = sample.centred(sample.clippedEnergies).map { -time * $0 }
    let start = sample.derivatives.evaluation.logPsi

    var kernel = WalkerKernel(sample)
    var rest = kernel.centred(wanted)
    var step = kernel.pull(kernel.solve(rest, shift: 0.25 * lambda))
    var before: [Double]?
    let whole = norm(rest)
    for _ in 1..<innerSteps {
      let moved = Self.derivatives(sample, movedBy: step)
      let left = kernel.centred(wanted.indices.map { wanted[$0] - moved.evaluation.logPsi[$0] + start[$0] })
      report[.fitResidual] = norm(left) / whole
      guard norm(left) < norm(rest) else { return before ?? step }
      (rest, before) = (left, step)
      kernel = WalkerKernel(sample, of: moved)
      let seen = zip(rest, kernel.push(step)).map { $0 + $1 }
      step = kernel.pull(kernel.solve(seen, shift: 0.25 * lambda))
    }
    return step
  }

  /// O of ψ_θ+δ at the sample's walkers.
  private static func derivatives(_ sample: Sample, movedBy step: [Double]) -> ParameterDerivatives {
    func record<Psi: TrainableWaveFunction>(_ psi: Psi) -> ParameterDerivatives {
      let moved = psi.with(parameters: zip(psi.parameters, step).map { $0 + $1 })
      return ParameterDerivatives(of: moved, at: sample.walkers, order: .value, threads: sample.threads)
    }
    return record(sample.ansatz)
  }
}

extension Diagnostic {
  /// How much of the wanted change of ln|ψ| was left when it was last measured, before the last inner step.
  public static let fitResidual = Diagnostic(
    "fit_residual", symbol: "residual", "share of the wanted change of ln|ψ| that is left")
}

/// TENG: steps of imaginary time, each fitted in three inner steps (`ImaginaryTimeStep`).
public struct Teng: FisherFamilySettings {
  public static let name = "teng"
  public static let title = "TENG, steps of imaginary time fitted on their walkers"
  public static let defaultSteps = 300

  /// λ, η = 2τ and the bound.
  public var family = FisherFamily(learningRate: 0.1)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: ImaginaryTimeStep(time: 0.5 * family.learningRate.initial, bound: family.bound),
      damping: ConstantDamping(family.lambda), length: FixedLength())
  }
}
