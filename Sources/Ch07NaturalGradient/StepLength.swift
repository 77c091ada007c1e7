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
  ///   - lambda: λ.
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

/// δ = η Δ min(1, c/(η ‖Δ‖)): a learning rate, and a bound on the Euclidean norm if there is one. It predicts nothing, so that
/// `ReductionRatio` has nothing to judge.
public struct FixedLength: StepLength {
  /// η.
  public var learningRate: LearningRate
  /// c, the largest ‖δ‖; infinity for none.
  public var largestNorm: Double

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

extension Diagnostic {
  /// The weight of the last step in this one: by a quadratic model, or in a prior.
  public static let mu = Diagnostic("mu", symbol: "μ", "weight of the last step")
  /// The step would have been longer.
  public static let boundActive = Diagnostic(event: "bound_active", "step bounded")
}

/// δ = Δ min(1, √(c/ΔᵀAΔ)): no step has δᵀAδ above the bound c, since the quadratic model holds near δ = 0 only.
///
/// With the decision metric ½ δᵀAδ is the step's divergence in ħω, with Fisher's the divergence of Kullback and Leibler, to second
/// order. A step that is taken back leaves a quarter of the bound in use, which grows by a tenth a step, from the next one on.
public struct MetricBound: StepLength {
  public let metric: any ParameterMetric
  /// The largest δᵀAδ.
  public var bound: Double
  /// η, before the bound.
  public var learningRate: Double
  /// The part of the bound that is in use.
  private var trust = 1.0

  public init(_ bound: Double, in metric: any ParameterMetric, learningRate: Double = 1) {
    precondition(bound > 0 && learningRate > 0, "a positive bound and learning rate are needed")
    (self.metric, self.bound, self.learningRate) = (metric, bound, learningRate)
  }

  public var order: JetOrder { metric.order }
  public var diagnostics: [Diagnostic] { [.alpha, .boundActive] }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    var change = learningRate == 1 ? direction : direction.map { learningRate * $0 }
    let square = metric.forms([change], sample)[0, 0]
    // Where δᵀAδ is negative, λ‖δ‖² stands for it.
    let length = square >= 0 ? square : lambda * dot(change, change)
    let isBounded = length > trust * bound
    let alpha = isBounded ? (trust * bound / length).squareRoot() : 1
    scale(&change, by: alpha)
    report[.alpha] = learningRate * alpha
    if isBounded { report.note(.boundActive) }
    return (change, 0.5 * alpha * alpha * square + dot(sample.gradient, change))
  }

  public mutating func adapt(to verdict: Verdict?) { trust = verdict == .rejected ? trust / 4 : min(1, 1.1 * trust) }

  public func save(to state: inout OptimizerState) { state.append("trust", trust) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    trust = try reader.number("trust", in: Double.leastNonzeroMagnitude...1)
  }
}

/// δ = α Δ + μ δ_prev with (α, μ) where a quadratic model of the energy is least (`Rescaling`).
///
/// Where that points uphill, the step goes along -g, which always is downhill. The model's damping is λ for every parameter, also
/// where the direction was damped by λ s.
public struct QuadraticModel: StepLength {
  /// Q of the model ½ δᵀ(Q + λ)δ + gᵀδ.
  public let metric: any ParameterMetric

  public init(_ metric: any ParameterMetric) { self.metric = metric }

  public var order: JetOrder { metric.order }
  public var diagnostics: [Diagnostic] { [.alpha, .mu] }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    func rescaled(_ direction: [Double], _ previous: [Double]?) -> ([Double], Rescaling) {
      let rescaling = Rescaling(
        direction, previous: previous, gradient: sample.gradient, model: metric, lambda: lambda, sample)
      var change = direction.map { rescaling.alpha * $0 }
      if let previous { add(rescaling.mu, previous, to: &change) }
      return (change, rescaling)
    }
    var (change, rescaling) = rescaled(direction, previous)
    if dot(sample.gradient, change) >= 0 {
      (change, rescaling) = rescaled(sample.gradient.map { -$0 }, nil)
    }
    report[.alpha] = rescaling.alpha
    report[.mu] = rescaling.mu
    return (change, rescaling.predictedChange)
  }
}
