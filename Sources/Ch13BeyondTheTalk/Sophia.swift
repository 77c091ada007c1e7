import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo
import Ch12DecisionalGradientDescent

/// Sophia: u = clip(m̂ / max(γ h, ε), ±1), h an average of the curvature's diagonal. m̂ is corrected for its beginning at 0, as
/// Adam's; the paper has m itself.
///
/// The curvature is that of the decision metric, G's diagonal: exact, positive, and the energy's own Hessian where the
/// variance is gone. The paper estimates a diagonal by a random vector, which takes a longer memory (0.99) and a smaller γ
/// (0.01, for language models).
///
/// - Source: Liu et al., arXiv:2305.14342.
public struct SophiaRule: UpdateRule {
  /// γ: 1 for Newton's step along each axis; a smaller one clips more.
  public var gamma = 1.0
  /// Weight of the past in h.
  public var decay = 0.9
  /// Steps between two looks at the diagonal.
  public var interval = 10
  private var mean = MovingAverage(decay: 0.965)
  private var curvature: [Double]?

  public init() {}

  public var order: JetOrder { .gradient }

  public mutating func change(_ sample: Sample) -> [Double] {
    mean.follow(sample.gradient)
    if curvature == nil || (sample.step - 1) % interval == 0 {
      let present = DecisionMetric().diagonal(sample)
      curvature = curvature.map { old in zip(old, present).map { decay * $0 + (1 - decay) * $1 } } ?? present
    }
    let h = curvature ?? []
    return zip(mean.corrected, h).map { min(1, max(-1, $0 / max(gamma * $1, 1e-8))) }
  }

  public func save(to state: inout OptimizerState) {
    mean.save("mean", to: &state)
    state.append("curvature", curvature)
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    try mean.restore("mean", from: &reader)
    curvature = try reader.list("curvature", count: reader.parameterCount)
  }
}

/// Sophia with the decision metric's diagonal.
public struct Sophia: OptimizerSettings {
  public static let name = "sophia"
  public static let title = "Sophia with the decision metric's diagonal"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// η_t: the most that a parameter moves.
  public var rate = LearningRate(3e-3, decaySteps: 400)

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: SophiaRule(), rate: rate, warmUp: 20)
  }
}

/// AdaHessian: Adam whose second average is of the curvature's diagonal h in the place of the gradient, u = m̂/(√v̂ + ε), v of h².
///
/// h is the diagonal of G, exact, where the paper has a random estimate, which takes a longer memory (0.999).
///
/// - Source: Yao et al., arXiv:2006.00719.
public struct AdaHessianRule: UpdateRule {
  /// ε, in ħω.
  public var epsilon = 1e-3
  private var averages = AdamAverages(mean: 0.9, square: 0.99)

  public init() {}

  public var order: JetOrder { .gradient }

  public mutating func change(_ sample: Sample) -> [Double] {
    averages.mean.follow(sample.gradient)
    averages.square.follow(DecisionMetric().diagonal(sample).map { $0 * $0 })
    return averages.quotient(epsilon: epsilon)
  }

  public func save(to state: inout OptimizerState) { averages.save(to: &state) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    try averages.restore(from: &reader)
  }
}

/// AdaHessian with the decision metric's diagonal.
public struct AdaHessian: OptimizerSettings {
  public static let name = "adahessian"
  public static let title = "AdaHessian with the decision metric's diagonal"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// η_t: 1 would be a Newton step along each axis.
  public var rate = LearningRate(0.01, decaySteps: 400)

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: AdaHessianRule(), rate: rate, warmUp: 20)
  }
}
