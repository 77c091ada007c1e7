import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// A step by a metric, whatever the loss: chapter 7's direction with a learning rate and a bound.
///
///     (A + λ) Δ = -g       δ = η_t Δ, or less: δᵀAδ ≤ bound         (4)
///
/// The first equation is ``/Ch07NaturalGradient/MetricDirection``. A step with δᵀAδ < 0 is not bounded. With A = G, new
/// data at each step and η_t = 1/t (`LearningRate(1, decaySteps: 1)`) it is Newton's step averaged over all data so far:
/// data cannot be used better. A metric in other units wants another η.
public struct MetricDescent: Sendable {
  /// A, made anew at each step.
  public var metric: @Sendable (Sample) -> any ParameterMetric
  /// How far the data's derivatives have to go for A, beyond what the loss asks for.
  public var order: JetOrder
  /// λ > 0, in units of A.
  public var damping: Double
  /// η_t.
  public var rate: LearningRate
  /// The largest δᵀAδ.
  public var bound: Double
  /// What solves the equation.
  public var solver: any LinearSolver

  /// A step from its parts.
  public init(
    _ metric: @escaping @Sendable (Sample) -> any ParameterMetric, order: JetOrder = .value, damping: Double,
    rate: LearningRate = LearningRate(1), bound: Double = .infinity,
    solver: any LinearSolver = MinimumResidual(tolerance: 1e-2)
  ) {
    (self.metric, self.order, self.damping, self.rate) = (metric, order, damping, rate)
    (self.bound, self.solver) = (bound, solver)
  }

  /// δ for a sample, by the slope of a problem.
  func change(_ sample: Sample, of problem: some FittingProblem) -> [Double] {
    let metric = metric(sample)
    var equation = MetricDirection(.whole(metric), slope: problem, solver: solver)
    var step = equation.direction(sample, lambda: damping)
    scale(&step, by: rate(step: sample.step))
    if bound < .infinity {
      let square = metric.forms([step], sample)[0, 0]
      if square > bound { scale(&step, by: (bound / square).squareRoot()) }
    }
    return step
  }
}

/// Training a ``PointNetwork`` on data: the loop of this chapter. Data may be the same at every step, or new ones, as walkers are.
public struct Fit<Problem: FittingProblem>: Sendable {
  /// What the step is measured by.
  public enum Method: Sendable {
    /// By a metric.
    case metric(MetricDescent)
    /// Chapter 6's Adam.
    case adam(Adam)
  }

  /// The loss.
  public let problem: Problem
  /// The data of each step, counted from 1, one point a walker.
  public let data: @Sendable (_ step: Int) -> Walkers
  /// f_θ.
  public private(set) var network: PointNetwork
  /// L at the present θ and data.
  public private(set) var loss: Double
  /// Steps so far.
  public private(set) var steps = 0
  /// Threads that share the work.
  public let threads: Int
  private var method: Method
  private let order: JetOrder
  private var current: Sample

  /// A fit at its start, with the same data at every step.
  ///
  /// - Parameters:
  ///   - problem: the loss.
  ///   - network: where to start.
  ///   - data: one point a walker.
  ///   - method: the optimiser.
  ///   - threads: fewer than 1 count as 1.
  public init(_ problem: Problem, _ network: PointNetwork, data: Walkers, by method: Method, threads: Int = 1) {
    self.init(problem, network, newData: { _ in data }, by: method, threads: threads)
  }

  /// A fit at its start, with new data at every step.
  ///
  /// - Parameters:
  ///   - problem: the loss.
  ///   - network: where to start.
  ///   - data: of a step counted from 1, one point a walker.
  ///   - method: the optimiser.
  ///   - threads: fewer than 1 count as 1.
  public init(
    _ problem: Problem, _ network: PointNetwork, newData data: @escaping @Sendable (_ step: Int) -> Walkers,
    by method: Method, threads: Int = 1
  ) {
    var order = problem.order
    (self.problem, self.network, self.data, self.method, self.threads) = (problem, network, data, method, threads)
    if case .metric(let descent) = method { order = max(order, descent.order) }
    current = problem.sample(network, at: data(1), order: order, threads: threads)
    loss = problem.loss(current)
    self.order = order
  }

  /// One step.
  ///
  /// - Throws: `NumericalFailure` where the loss after it is not a finite number; the fit stays as it was before the step.
  public mutating func advance() throws(NumericalFailure) {
    var (moved, next) = (network, method)
    switch method {
    case .adam(var adam):
      moved.move(by: adam.change(gradient: problem.slope(current)))
      next = .adam(adam)
    case .metric(let descent):
      moved.move(by: descent.change(current, of: problem))
    }
    let sample = problem.sample(moved, at: data(steps + 2), order: order, step: steps + 2, threads: threads)
    let loss = problem.loss(sample)
    guard loss.isFinite else {
      let shown = loss.isNaN ? "nan" : "\(loss)"
      throw NumericalFailure(
        step: steps + 1, description: "step \(steps + 1): the loss is \(shown), a finite number expected")
    }
    steps += 1
    (network, method, current, self.loss) = (moved, next, sample, loss)
  }
}
