import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// How a step is judged: on the sample after it, whose walkers did not make it.
public protocol Judge: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// What it reports.
  var diagnostics: [Diagnostic] { get }
  /// What this sample says of the last step; nil for nothing.
  mutating func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict?
  /// Is told of a step that is about to be made.
  ///
  /// - Parameter predictedChange: of the energy, in ħω, by the model that decided the step's length; nil where there is none.
  mutating func note(predictedChange: Double?, of sample: Sample)
}

extension Judge {
  public var order: JetOrder { .value }
}

/// What a judge says of a step.
public enum Verdict: Sendable, Equatable {
  /// ρ, the change of the energy over the predicted one, with its standard error, and the steps between judgements.
  case ratio(Double, error: Double, steps: Int)
  /// The step did no harm.
  case accepted
  /// The step is to be taken back.
  case rejected
}

/// No judge: every step stands.
public struct NoJudge: Judge {
  public init() {}
  public var diagnostics: [Diagnostic] { [] }
  public func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict? { nil }
  public func note(predictedChange: Double?, of sample: Sample) {}
}

extension Diagnostic {
  /// Actual over predicted change of the energy.
  public static let rho = Diagnostic("rho", symbol: "ρ", "change of the energy over the predicted one")
  /// The last step was taken back.
  public static let takenBack = Diagnostic(event: "taken_back", "step taken back")
}

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

/// Takes a step back after which the energy has risen by more than a limit, and by more than its error bars explain.
///
/// `MetricBound` listens to it. What it cannot mend is a step after which a local energy is not finite: the run stops there.
public struct EnergyRise: Judge {
  /// In ħω.
  public var limit: Double
  /// Standard errors of the difference.
  public var errorBars: Double
  /// The energy of the sample that made the last step, and its standard error.
  private var last: (mean: Double, error: Double)?

  public init(limit: Double, errorBars: Double = 5) {
    precondition(limit > 0 && errorBars >= 0, "a positive limit and a number of error bars are needed")
    (self.limit, self.errorBars) = (limit, errorBars)
  }

  public var diagnostics: [Diagnostic] { [.takenBack] }

  public mutating func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict? {
    guard let old = last.take() else { return nil }
    let new = sample.clippedEnergy
    let rise = new.mean - old.mean
    let hasRisen = rise > limit && rise > errorBars * (old.error * old.error + new.error * new.error).squareRoot()
    if hasRisen { report.note(.takenBack) }
    return hasRisen ? .rejected : .accepted
  }

  public mutating func note(predictedChange: Double?, of sample: Sample) { last = sample.clippedEnergy }

  public func save(to state: inout OptimizerState) { state.append("last_energy", last.map { [$0.mean, $0.error] }) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    last = try reader.list("last_energy", count: 2).map { ($0[0], $0[1]) }
    guard last.map({ $0.error >= 0 }) ?? true else {
      throw OptimizerStateError("tensor last_energy holds a negative error")
    }
  }
}
