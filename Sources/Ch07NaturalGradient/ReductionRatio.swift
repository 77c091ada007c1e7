import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// ρ = (E(θ+δ) - E(θ)) / (M(δ) - M(0)), every few steps: did the quadratic model keep its word?
///
/// The numerator is an `EnergyChange`; M(δ) - M(0) is what the step's length predicted (`Rescaling.predictedChange` for
/// `QuadraticModel`). `LevenbergMarquardt` listens to it.
public struct ReductionRatio: Judge {
  /// Steps between judgements.
  public var interval: Int
  /// A step that waits for its judgement.
  private var pending: Pending?

  private struct Pending: Sendable {
    var parameters: [Double]
    var predictedChange: Double
    var energy: (mean: Double, error: Double)
  }

  /// The interval must be positive; anything else stops the program.
  public init(interval: Int = 5) {
    precondition(interval > 0, "the interval must be positive, got \(interval)")
    self.interval = interval
  }

  public var diagnostics: [Diagnostic] { [.rho] }

  public mutating func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict? {
    guard let pending = pending.take() else { return nil }
    let change = EnergyChange(
      sample, from: sample.ansatz.with(parameters: pending.parameters), oldEnergy: pending.energy)
    guard pending.predictedChange != 0, change.change.isFinite else {
      report[.rho] = .nan
      return nil
    }
    let rho = change.change / pending.predictedChange
    report[.rho] = rho
    return .ratio(rho, error: abs(change.error / pending.predictedChange), steps: interval)
  }

  public mutating func note(predictedChange: Double?, of sample: Sample) {
    guard let predictedChange, sample.step % interval == 0 else { return }
    pending = Pending(
      parameters: sample.ansatz.parameters, predictedChange: predictedChange, energy: sample.clippedEnergy)
  }

  public func save(to state: inout OptimizerState) {
    state.append("pending.parameters", pending?.parameters)
    state.append(
      "pending.energy", pending.map { [$0.predictedChange, $0.energy.mean, $0.energy.error] })
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    let parameters = try reader.list("pending.parameters", count: reader.parameterCount)
    let energy = try reader.list("pending.energy", count: 3)
    guard (parameters == nil) == (energy == nil) else {
      throw OptimizerStateError("tensors pending.parameters and pending.energy do not belong together")
    }
    pending = nil
    guard let parameters, let energy else { return }
    guard energy[2] >= 0 else { throw OptimizerStateError("tensor pending.energy holds a negative error") }
    pending = Pending(parameters: parameters, predictedChange: energy[0], energy: (energy[1], energy[2]))
  }
}

extension Diagnostic {
  /// Actual over predicted change of the energy.
  public static let rho = Diagnostic("rho", symbol: "ρ", "change of the energy over the predicted one")
}

/// E(θ + δ) - E(θ), with its error bar, on walkers drawn from ψ_{θ+δ}: walkers that did not make the step.
///
/// On the walkers that made δ the slope gᵀδ is negative whatever g is, noise included. On the next step's walkers
/// E(θ + δ) is a plain mean and E(θ) a reweighted one,
///
///     E(θ) = Σ w E_L,θ / Σ w,      w = |ψ_θ / ψ_{θ+δ}|²,      times the sample's own weights where it has some
///
/// (`Reweighting`), and the two are strongly correlated: the noise of the difference is that of the difference, not of the
/// energies.
/// Both energies are clipped, each about its own median, or neither where the sample is not. Where fewer than half of
/// the effective walkers are left, the two plain means are all there is.
public struct EnergyChange: Sendable, Equatable {
  /// E(θ+δ) - E(θ), in ħω.
  public let change: Double
  /// Standard error of `change`.
  public let error: Double
  /// The effective walkers that the weights leave, over those of the sample: 1 where ψ has hardly changed.
  public let effectiveFraction: Double

  /// The change from an older ψ to the one of the sample, at walkers of the newer.
  ///
  /// - Parameters:
  ///   - sample: at θ + δ.
  ///   - old: ψ at θ.
  ///   - oldEnergy: mean and standard error of clipped E_L when θ was sampled.
  public init<Psi: TrainableWaveFunction>(_ sample: Sample, from old: Psi, oldEnergy: (mean: Double, error: Double)) {
    let energies = sample.hamiltonian.localEnergies(of: old, at: sample.walkers, threads: sample.threads)
    let old = Reweighting(sample, to: old.evaluate(sample.walkers, order: .value, threads: sample.threads).logPsi)
    let (new, newEnergy) = (sample.clippedEnergies, sample.clippedEnergy)
    guard old.effectiveShare > 0.5, energies.total.allSatisfy(\.isFinite) else {
      change = newEnergy.mean - oldEnergy.mean
      error = (newEnergy.error * newEnergy.error + oldEnergy.error * oldEnergy.error).squareRoot()
      effectiveFraction = old.effectiveShare.isFinite ? old.effectiveShare : 0
      return
    }
    let reweighted = sample.isClipped ? clipped(energies.total) : energies.total
    let oldMean = old.mean(reweighted)
    let (count, own) = (Double(new.count), sample.weights ?? [Double](repeating: 1, count: new.count))
    // Each walker's part of the difference, the ratio of two means taken to first order.
    let parts = new.indices.map { w in
      own[w] * (new[w] - newEnergy.mean) - old.weights[w] * count / old.sum * (reweighted[w] - oldMean)
    }
    change = newEnergy.mean - oldMean
    error = (parts.reduce(0) { $0 + $1 * $1 } / max(1, count - 1) / count).squareRoot()
    effectiveFraction = old.effectiveShare
  }
}
