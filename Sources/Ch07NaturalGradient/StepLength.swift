import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// How long a step is, once its direction is known.
public protocol StepLength: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// What it reports.
  var diagnostics: [Diagnostic] { get }

  /// δ from Δ and the last step.
  ///
  /// - Parameters:
  ///   - direction: Δ.
  ///   - previous: δ_prev; nil for none.
  ///   - sample: what is known of ψ at this step.
  ///   - lambda: λ.
  ///   - report: receives the numbers that are listed in `diagnostics`.
  /// - Returns: δ, and the change of the energy in ħω that a model predicts of it, where there is a model.
  mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?)

  /// Takes note of how the last step was judged; nil where it was not.
  mutating func adapt(to verdict: Verdict?)
}

extension StepLength {
  public var order: JetOrder { .value }
  public var diagnostics: [Diagnostic] { [.alpha] }
  public mutating func adapt(to verdict: Verdict?) {}
}

/// δ ← t δ with the first t = 1, ½, ¼, … that is accepted, the last of them where none is.
public protocol ShortenedLength: StepLength {
  /// δ before it is shortened.
  var length: any StepLength { get set }
  /// How often it is halved, at most.
  var halvings: Int { get }
  /// What t is reported as.
  static var part: Diagnostic { get }

  /// Whether t δ will do. The last t is not asked about.
  func accepts(_ change: [Double], times t: Double, _ sample: Sample) -> Bool
}

extension ShortenedLength {
  public var order: JetOrder { length.order }
  public var diagnostics: [Diagnostic] { length.diagnostics + [Self.part] }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    let step = length.step(direction, previous: previous, sample, lambda: lambda, report: &report)
    var (t, left) = (1.0, halvings)
    while left > 0, !accepts(step.change, times: t, sample) { (t, left) = (t / 2, left - 1) }
    report[Self.part] = t
    // What was predicted of δ is not known of t δ.
    return t == 1 ? step : (step.change.map { t * $0 }, nil)
  }

  public mutating func adapt(to verdict: Verdict?) { length.adapt(to: verdict) }

  public func save(to state: inout OptimizerState) { state.append("length", length) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    length = try reader.part("length", length)
  }
}

/// δ = η Δ min(1, c/(η ‖Δ‖)): a learning rate, and a bound on the Euclidean norm if there is one. It predicts nothing,
/// so that `ReductionRatio` has nothing to judge.
public struct FixedLength: StepLength {
  /// η.
  public var learningRate: LearningRate
  /// c, the largest ‖δ‖; infinity for none.
  public var largestNorm: Double

  /// The largest norm must be positive; anything else stops the program.
  public init(_ learningRate: LearningRate = LearningRate(1), largestNorm: Double = .infinity) {
    precondition(largestNorm > 0, "the largest norm must be positive, got \(largestNorm)")
    (self.learningRate, self.largestNorm) = (learningRate, largestNorm)
  }

  public var diagnostics: [Diagnostic] { [.alpha, .boundActive] }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    let rate = learningRate(step: sample.step)
    let length = rate * norm(direction)
    let alpha = length > largestNorm ? rate * largestNorm / length : rate
    report[.alpha] = alpha
    if length > largestNorm { report.note(.boundActive) }
    return (direction.map { alpha * $0 }, nil)
  }
}
