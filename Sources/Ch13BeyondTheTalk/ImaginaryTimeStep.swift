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
/// plane at θ. It is halved where it takes ψ farther from ψ* than it was, three times at most. The next ones make up for the
/// curvature of the set of all ψ_θ, so that τ may be longer. They cost no sample and no energies, but O and T each time. The
/// authors damp each of them by itself, δ ← δ + Ōᵀ (T + λ/4)⁻¹ r̄, and have points enough for that; a few hundred walkers would
/// be fitted with their noise.
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

  public var diagnostics: [Diagnostic] { [.imaginaryTime, .fitResidual, .boundActive] }

  /// The kernel's; an inner step makes a new one beside it.
  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    2 * WalkerKernel.estimatedBytes(walkers: walkers)
  }

  /// - Complexity: T and n³/3 operations for n walkers, a record of derivatives and values of ψ, for each time around.
  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    let variance = WeightedMean(sample.clippedEnergies, weights: sample.weights).variance
    let longest = 0.5 * (bound / variance).squareRoot()
    if time > longest { report.note(.boundActive) }
    let time = min(time, longest)
    report[.imaginaryTime] = time

    var kernel = WalkerKernel(sample)
    let wanted = kernel.energies.map { -time * $0 }
    // Of one walker, or at an eigenstate, nothing is wanted.
    guard norm(wanted) > 0 else {
      report[.fitResidual] = 0
      return [Double](repeating: 0, count: sample.gradient.count)
    }
    let start = sample.derivatives.evaluation.logPsi
    /// r̄ after a step.
    func rest(_ step: [Double]) -> [Double] {
      let there = sample.moved(by: step).evaluate(sample.walkers, order: .value, threads: sample.threads)
      return zip(wanted, kernel.centred(zip(there.logPsi, start).map { $0 - $1 })).map { $0 - $1 }
    }

    var step = kernel.pull(kernel.solve(wanted, shift: 0.25 * lambda))
    var left = rest(step)
    for _ in 0..<3 where !(norm(left) < norm(wanted)) {
      scale(&step, by: 0.5)
      left = rest(step)
    }
    for _ in 1..<innerSteps where norm(left).isFinite {
      let moved = sample.moved(by: step)
      kernel = WalkerKernel(
        sample, of: ParameterDerivatives(of: moved, at: sample.walkers, order: .value, threads: sample.threads))
      let seen = zip(left, kernel.push(step)).map { $0 + $1 }
      let next = kernel.pull(kernel.solve(seen, shift: 0.25 * lambda))
      let nextLeft = rest(next)
      guard norm(nextLeft) < norm(left) else { break }
      (step, left) = (next, nextLeft)
    }
    report[.fitResidual] = norm(left) / norm(wanted)
    return step
  }
}

extension Diagnostic {
  /// τ.
  public static let imaginaryTime = Diagnostic("imaginary_time", symbol: "τ", "imaginary time of the step, in 1/ħω")
  /// ‖r̄‖ of the step over ‖r̄‖ without one.
  public static let fitResidual = Diagnostic(
    "fit_residual", symbol: "residual", "share of the wanted change of ln|ψ| that the step leaves")
}

/// TENG: steps of imaginary time, each fitted in three inner steps (`ImaginaryTimeStep`).
public struct Teng: SecondOrderSettings {
  public static let name = "teng"
  public static let title = "TENG, steps of imaginary time fitted on their walkers"
  public static let family = OptimizerFamily.fisher
  public static let defaultSteps = 300
  public static let hyperparameters = [
    Hyperparameter("time", \Self.time, in: 1e-6...1e6, "imaginary time in 1/ħω: τ of a step, or ε beside Newton's"),
    .lambda(\Self.lambda),
    Hyperparameter(
      "bound", \Self.bound, in: 1e-12...1e12, "the largest 4 τ² Var E_L, δᵀFδ of the change that is wanted"),
  ]

  /// τ, in 1/ħω.
  public var time = 0.05
  /// λ, of F + λ.
  public var lambda = 0.01
  /// The largest 4 τ² Var E_L.
  public var bound = 0.1

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: ImaginaryTimeStep(time: time, bound: bound), damping: ConstantDamping(lambda),
      length: FixedLength())
  }
}
