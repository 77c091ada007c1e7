import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// The anatomy of a step, which all optimisers of this book but the first-order ones share: the "general strategy" of
/// M. Drissi's talk "A decisional step for Variational Monte Carlo".
///
///     judge       how did the last step do, on walkers that did not make it?       ReductionRatio, EnergyRise, NoJudge
///     damping     λ, from that                                  LevenbergMarquardt, ExponentialDecay, ConstantDamping
///     direction   Δ, from a metric, the damping, a prior, and a solver             MetricDirection, KroneckerDirection
///     length      δ, from Δ and the last step                             QuadraticModel, MetricBound, FixedLength
///     θ ← θ + δ
///
/// Where the judge rejects the last step there is no new one: θ ← θ - δ_prev, and the next step has no δ_prev.
///
/// An optimiser is one expression of this type, and a part of one's own goes where the book's would. Natural gradient
/// for a small network, with λ = 0.01 and steps of at most δᵀFδ = 0.04:
///
///     SecondOrder(
///       name: "natural", direction: MetricDirection(.whole(FisherMetric()), solver: CholeskySolver()),
///       damping: ConstantDamping(0.01), length: MetricBound(0.04, in: FisherMetric()))
///
/// Which parts make which optimiser is the table on page 8.
public struct SecondOrder: Optimizer {
  public let name: String
  /// Where a step goes.
  public var direction: any Direction
  /// λ.
  public var damping: any Damping
  /// How long a step is.
  public var length: any StepLength
  /// How the last step did.
  public var judge: any Judge
  /// δ_prev; nil at the first step, and after a step that was taken back.
  private var previous: [Double]?

  /// An optimiser from its four parts; without a judge every step stands.
  public init(
    name: String, direction: any Direction, damping: any Damping, length: any StepLength,
    judge: any Judge = NoJudge()
  ) {
    self.name = name
    self.direction = direction
    self.damping = damping
    self.length = length
    self.judge = judge
  }

  public var order: JetOrder { max(direction.order, length.order) }

  public var diagnostics: [Diagnostic] {
    var list: [Diagnostic] = []
    for diagnostic in [.lambda] + judge.diagnostics + direction.diagnostics + length.diagnostics
    where !list.contains(diagnostic) {
      list.append(diagnostic)
    }
    return list
  }

  public mutating func update(_ sample: Sample) -> Update {
    var report = Diagnostics()

    // How the last step did.
    let verdict = judge.verdict(on: sample, report: &report)
    damping.adapt(to: verdict)
    length.adapt(to: verdict)
    let lambda = damping.lambda(sample)
    report[.lambda] = lambda
    if verdict == .rejected, let step = previous.take() {
      return Update(change: step.map { -$0 }, diagnostics: report)
    }

    // A direction, then its length.
    let delta = direction.direction(sample, previous: previous, lambda: lambda, report: &report)
    let step = length.step(delta, previous: previous, sample, lambda: lambda, report: &report)
    judge.note(predictedChange: step.predictedChange, of: sample)
    previous = step.change
    return Update(change: step.change, diagnostics: report)
  }

  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    direction.estimatedBytes(of: groups, walkers: walkers)
  }

  public func save(to state: inout OptimizerState) {
    state.append("previous", previous)
    state.append("direction", direction)
    state.append("damping", damping)
    state.append("length", length)
    state.append("judge", judge)
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    previous = try reader.list("previous", count: reader.parameterCount)
    direction = try reader.part("direction", direction)
    damping = try reader.part("damping", damping)
    length = try reader.part("length", length)
    judge = try reader.part("judge", judge)
  }
}

/// An optimiser by name that is an expression of `SecondOrder`.
public protocol SecondOrderSettings: OptimizerSettings {
  /// The optimiser, at its first step.
  var optimizer: SecondOrder { get }
}

extension SecondOrderSettings {
  public func makeOptimizer() -> any Optimizer { optimizer }
}
