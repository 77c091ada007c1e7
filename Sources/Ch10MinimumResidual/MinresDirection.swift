import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC

/// Δ from (A + λ) Δ = -g by MINRES, block by block: the exact metric of each layer where KFAC has a Kronecker product.
///
///     preconditioner P = (max(diag A, 0) + κ)^ξ,  κ = 1e-2,  ξ = ¾        guess ζ δ_prev,  ζ = 0.95
///
/// δ_prev approximates -(A + λ)⁻¹ g, so it is +ζ δ_prev that approximates the solution for -g. Some published code solves
/// for +g from the same guess: twice the way.
public struct MinresDirection: Direction {
  public enum Guess: Sendable {
    /// ζ δ_prev.
    case previousStep(Double)
    /// The Kronecker inverse's direction.
    case kronecker(KroneckerDirection)
  }

  public let metric: any ParameterMetric
  public var guess: Guess
  public var solver: MinimumResidual
  /// Whether A is taken by blocks of parameters, as the talk does, or whole.
  public var byBlock: Bool
  /// κ and ξ of the preconditioner.
  public var offset = 1e-2
  public var exponent = 0.75
  private var iterations = 0

  public init(
    _ metric: any ParameterMetric, guess: Guess = .previousStep(0.95), solver: MinimumResidual = MinimumResidual(),
    byBlock: Bool = true
  ) {
    self.metric = metric
    self.guess = guess
    self.solver = solver
    self.byBlock = byBlock
  }

  public var order: JetOrder { metric.order }

  public mutating func direction(_ sample: inout Sample, previous: [Double]?, lambda: Double) -> [Double] {
    let count = sample.gradient.count
    let start: [Double]? =
      switch guess {
      case .previousStep(let share): previous.map { last in last.map { share * $0 } }
      case .kronecker(var kronecker): start(of: &kronecker, &sample, previous, lambda)
      }
    let diagonal = metric.diagonal(&sample)
    // A diagonal of an indefinite A may be negative; the preconditioner must not be.
    let inverse = diagonal.map { Double.pow(max($0, 0) + offset, -exponent) }
    let blocks: [(Int?, Range<Int>)] =
      byBlock ? sample.ansatz.shape.groups.enumerated().map { ($0, $1.range) } : [(nil, 0..<count)]
    var direction = [Double](repeating: 0, count: count)
    iterations = 0
    for (block, range) in blocks {
      // Vectors of the block alone; the metric's products take and give whole ones.
      var whole = [Double](repeating: 0, count: count)
      let solution = solver.solve(
        { v in
          whole.replaceSubrange(range, with: v)
          return Array(metric.product(whole, block: block, &sample)[range])
        }, rightHandSide: sample.gradient[range].map { -$0 }, shift: lambda, guess: start.map { Array($0[range]) },
        preconditioner: { r in zip(r, inverse[range]).map { $0 * $1 } })
      direction.replaceSubrange(range, with: solution.x)
      iterations = max(iterations, solution.iterations)
    }
    return direction
  }

  private mutating func start(
    of kronecker: inout KroneckerDirection, _ sample: inout Sample, _ previous: [Double]?, _ lambda: Double
  ) -> [Double] {
    let start = kronecker.direction(&sample, previous: previous, lambda: lambda)
    guess = .kronecker(kronecker)
    return start
  }

  public mutating func adapt(
    _ sample: inout Sample, previous: [Double]?, lambda: Double, model: any ParameterMetric
  ) {
    guard case .kronecker(var kronecker) = guess else { return }
    kronecker.adapt(&sample, previous: previous, lambda: lambda, model: model)
    guess = .kronecker(kronecker)
  }

  public func report(into diagnostics: inout Update.Diagnostics) {
    diagnostics.minresIterations = iterations
    if case .kronecker(let kronecker) = guess { kronecker.report(into: &diagnostics) }
  }

  public var memory: [String: [Double]] {
    get {
      if case .kronecker(let kronecker) = guess { return kronecker.memory }
      return [:]
    }
    set {
      guard case .kronecker(var kronecker) = guess else { return }
      kronecker.memory = newValue
      guess = .kronecker(kronecker)
    }
  }
}
