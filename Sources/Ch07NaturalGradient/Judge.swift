import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// How a step is judged: on the sample after it, whose walkers did not make it.
public protocol Judge: Resumable {
  /// What it reports.
  var diagnostics: [Diagnostic] { get }
  /// What this sample says of the last step; nil for nothing.
  mutating func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict?
  /// Is told of a step that is about to be made.
  ///
  /// - Parameters:
  ///   - predictedChange: of the energy, in ħω, by the model that decided the step's length; nil where there is none.
  ///   - sample: the one that the step was decided on.
  mutating func note(predictedChange: Double?, of sample: Sample)
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
  /// Nothing to set.
  public init() {}
  public var diagnostics: [Diagnostic] { [] }
  public func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict? { nil }
  public func note(predictedChange: Double?, of sample: Sample) {}
}

extension Diagnostic {
  /// The last step was taken back.
  public static let takenBack = Diagnostic(event: "taken_back", "step taken back")
}

/// Takes a step back after which the energy has risen by more than a limit, and by more than its error bars explain.
///
/// `MetricBound` listens to it. What it cannot mend is a step after which a local energy is not finite: the run stops
/// there.
public struct EnergyRise: Judge {
  /// In `unit`.
  public var limit: Double
  /// What the limit is measured in.
  public var unit: EnergyUnit
  /// Standard errors of the difference.
  public var errorBars: Double
  /// The energy of the sample that made the last step, and its standard error.
  private var last: (mean: Double, error: Double)?

  /// The limit must be positive, the number of error bars not negative; anything else stops the program.
  public init(limit: Double, unit: EnergyUnit = .quantum, errorBars: Double = 5) {
    precondition(limit > 0 && errorBars >= 0, "a positive limit and a number of error bars are needed")
    (self.limit, self.unit, self.errorBars) = (limit, unit, errorBars)
  }

  public var diagnostics: [Diagnostic] { [.takenBack] }

  public mutating func verdict(on sample: Sample, report: inout Diagnostics) -> Verdict? {
    guard let old = last.take() else { return nil }
    let new = sample.clippedEnergy
    let rise = new.mean - old.mean
    let hasRisen =
      rise > limit * unit.value(sample)
      && rise > errorBars * (old.error * old.error + new.error * new.error).squareRoot()
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
