import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// Δ from the equation of a metric, a damping and a prior:
///
///     (A + λ s) Δ = -g + λ μ s d
///
/// which is where the quadratic model ½ ΔᵀAΔ + gᵀΔ + (λ/2) Σ_p s_p (Δ_p - μ d_p)² is least. A is the metric, whole or
/// by blocks, s the units in which each parameter is damped, and μ d what the step would be if the sample said nothing:
/// d is the last step (or the last Δ), μ = 0 where there is no prior.
///
///     NGD        A = F by blocks, no prior                        DGD      A = G by blocks, no prior
///     SPRING     A = F, μ d the last direction                    PI-DGD   A = G + βF, μ d the last step, s by layer
///
/// With s = 1 and no prior it is plain damping. For A = F MinSR (arXiv:2302.01941) solves the same equation over
/// walkers.
public struct MetricDirection: Direction {
  /// A: all of it, or its blocks alone, one for each parameter group.
  public enum Form: Sendable {
    /// All of A.
    case whole(any ParameterMetric)
    /// The blocks of A on its diagonal: the equation falls apart into one for each parameter group.
    case blockDiagonal(any BlockMetric)

    var metric: any ParameterMetric {
      switch self {
      case .whole(let metric): metric
      case .blockDiagonal(let metric): metric
      }
    }

    /// v ↦ A v, or A_gg v with vectors of the group alone.
    func product(
      _ group: Int?, _ range: Range<Int>, _ sample: Sample, precision: ParameterDerivatives.Precision
    ) -> ([Double]) -> [Double] {
      guard case .blockDiagonal(let metric) = self, let group else {
        let metric = metric
        return { metric.product($0, sample, precision: precision) }
      }
      var whole = [Double](repeating: 0, count: sample.gradient.count)
      return { v in
        whole.replaceSubrange(range, with: v)
        return Array(metric.product(whole, group: group, sample, precision: precision)[range])
      }
    }
  }

  /// Where an iteration begins.
  public enum Start: Sendable {
    /// At the prior's mean μ d; at 0 where there is none.
    case prior
    /// At ζ δ_prev. The last step was solved for -g, so the start is +ζ δ_prev; some published code solves for +g from
    /// the same start, which is on the wrong side.
    case lastStep(Double)
    /// At another direction's Δ.
    case direction(any Direction)
  }

  /// A.
  public let metric: Form
  /// s; nil for 1.
  public var scale: (any DampingScale)?
  /// μ and d; nil for none.
  public var prior: Prior?
  /// What stands in the place of g; nil for g itself.
  public var slope: (any Slope)?
  /// What solves the equation.
  public var solver: any LinearSolver
  /// Where the solver begins, if it iterates.
  public var start: Start
  /// P⁻¹, for solvers that iterate; nil for none.
  public var preconditioner: (any Preconditioner)?
  /// The last Δ, where the prior asks for it.
  private var lastDirection: [Double]?

  /// A direction from its parts; without scale and prior it is -(A + λ)⁻¹ g.
  public init(
    _ metric: Form, slope: (any Slope)? = nil, scale: (any DampingScale)? = nil, prior: Prior? = nil,
    solver: any LinearSolver, start: Start = .prior, preconditioner: (any Preconditioner)? = nil
  ) {
    self.metric = metric
    self.slope = slope
    self.scale = scale
    self.prior = prior
    self.solver = solver
    self.start = start
    self.preconditioner = preconditioner
  }

  public var order: JetOrder {
    var order = max(metric.metric.order, scale?.order ?? .value, preconditioner?.order ?? .value)
    order = max(order, slope?.order ?? .value)
    if case .direction(let other) = start { order = max(order, other.order) }
    return order
  }

  public var diagnostics: [Diagnostic] {
    var list = (prior == nil ? [] : [.mu]) + (solver.diagnostic.map { [$0] } ?? [])
    if case .direction(let other) = start { list += other.diagnostics }
    return list
  }

  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    // μ d, and where to start.
    if previous == nil { lastDirection = nil }
    let mean = priorMean(previous)
    let start = startingPoint(sample, previous, mean, lambda, &report)

    // With Δ = s^{-½} y:  (s^{-½} A s^{-½} + λ) y = -s^{-½} g + λ s^{½} μ d.
    let roots = scale?.scale(sample).map { $0.squareRoot() }
    let inverse = preconditioner?.inverse(sample, lambda: lambda)
    let gradient = slope?.slope(sample) ?? sample.gradient
    let parameters = gradient.count
    let blocks: [(group: Int?, range: Range<Int>)] =
      switch metric {
      case .whole: [(nil, 0..<parameters)]
      case .blockDiagonal: sample.parameterGroups.enumerated().map { ($0, $1.range) }
      }
    var direction = [Double](repeating: 0, count: parameters)
    var iterations = 0
    for (group, range) in blocks {
      let units = Units(roots.map { Array($0[range]) })
      let product = metric.product(group, range, sample, precision: solver.precision)
      var rightHandSide = units.overRoots(gradient[range].map { -$0 })
      if let mean { add(lambda, units.timesRoots(Array(mean[range])), to: &rightHandSide) }
      let system = LinearSystem(
        { y in units.overRoots(product(units.overRoots(y))) }, rightHandSide: rightHandSide,
        shift: lambda, start: start.map { units.timesRoots(Array($0[range])) },
        preconditioner: inverse.map { inverse in { r in units.timesRoots(inverse(units.timesRoots(r), range)) } })
      let solution = solver.solution(of: system)
      direction.replaceSubrange(range, with: units.overRoots(solution.x))
      iterations = max(iterations, solution.iterations)
    }
    if let diagnostic = solver.diagnostic { report[diagnostic] = Double(iterations) }
    if let prior, mean != nil { report[.mu] = prior.weight }
    if prior?.mean == .lastDirection { lastDirection = direction }
    scale?.note(direction: direction)
    return direction
  }

  /// μ d; nil for 0.
  private func priorMean(_ previous: [Double]?) -> [Double]? {
    guard let prior else { return nil }
    let last = prior.mean == .lastStep ? previous : lastDirection
    return last.map { last in last.map { prior.weight * $0 } }
  }

  private mutating func startingPoint(
    _ sample: Sample, _ previous: [Double]?, _ mean: [Double]?, _ lambda: Double, _ report: inout Diagnostics
  ) -> [Double]? {
    switch start {
    case .prior: return mean
    case .lastStep(let share): return previous.map { last in last.map { share * $0 } }
    case .direction(var other):
      let point = other.direction(sample, previous: previous, lambda: lambda, report: &report)
      start = .direction(other)
      return point
    }
  }

  public func save(to state: inout OptimizerState) {
    if prior?.mean == .lastDirection { state.append("last_direction", lastDirection) }
    if let scale { state.append("scale", scale) }
    if let preconditioner { state.append("preconditioner", preconditioner) }
    if case .direction(let other) = start { state.append("start", other) }
  }

  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    var bytes = preconditioner?.estimatedBytes(of: groups, walkers: walkers) ?? 0
    if case .direction(let other) = start { bytes += other.estimatedBytes(of: groups, walkers: walkers) }
    return bytes
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    if prior?.mean == .lastDirection {
      lastDirection = try reader.list("last_direction", count: reader.parameterCount)
    }
    if let scale { self.scale = try reader.part("scale", scale) }
    if let preconditioner { self.preconditioner = try reader.part("preconditioner", preconditioner) }
    if case .direction(let other) = start { start = .direction(try reader.part("start", other)) }
  }
}

/// What a direction goes down: the gradient of something else than the energy, or of the energy in another geometry.
public protocol Slope: Sendable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// One number a parameter.
  func slope(_ sample: Sample) -> [Double]
}

/// What is held where the sample says nothing: (λ/2) Σ_p s_p (Δ_p - μ d_p)² in the place of (λ/2) Σ_p s_p Δ_p².
///
/// A few thousand walkers determine few combinations of the parameters well (page 12 counts them) and the others
/// hardly. Plain damping would bring those back to 0 at every step.
public struct Prior: Sendable, Equatable {
  /// d.
  public enum Mean: Sendable {
    /// The step that was made, after its length was decided.
    case lastStep
    /// The last Δ, before that: SPRING's choice.
    case lastDirection
  }
  /// μ, from 0 to 1.
  public var weight: Double
  /// d.
  public var mean: Mean

  /// A weight outside of [0, 1] stops the program.
  public init(_ weight: Double, mean: Mean = .lastStep) {
    precondition((0...1).contains(weight), "the weight of a prior must lie between 0 and 1, got \(weight)")
    self.weight = weight
    self.mean = mean
  }
}

/// The change of variables y = √s Δ, number by number.
private struct Units {
  let roots: [Double]?
  let inverseRoots: [Double]?
  init(_ roots: [Double]?) { (self.roots, inverseRoots) = (roots, roots?.map { 1 / $0 }) }
  /// √s v: from Δ to y.
  func timesRoots(_ v: [Double]) -> [Double] { roots.map { products(v, $0) } ?? v }
  /// s^{-½} v: from y to Δ.
  func overRoots(_ v: [Double]) -> [Double] { inverseRoots.map { products(v, $0) } ?? v }
}
