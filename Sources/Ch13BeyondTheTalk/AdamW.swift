import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// Adam with weight decay of its own: u = m̂/(√v̂ + ε) + w θ.
///
/// - Source: Loshchilov and Hutter, arXiv:1711.05101.
public struct AdamWRule: UpdateRule {
  /// w.
  public var weightDecay: Double
  /// ε, in ħω.
  public var epsilon = 1e-8
  private var averages = AdamAverages(mean: 0.9, square: 0.999)

  /// The rule with this w, which is not checked; 0 for no decay.
  public init(weightDecay: Double = 1e-4) { self.weightDecay = weightDecay }

  public mutating func change(_ sample: Sample) -> [Double] {
    averages.mean.follow(sample.gradient)
    averages.square.follow(sample.gradient.map { $0 * $0 })
    return zip(averages.quotient(epsilon: epsilon), sample.ansatz.parameters).map { $0 + weightDecay * $1 }
  }

  public func save(to state: inout OptimizerState) { averages.save(to: &state) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    try averages.restore(from: &reader)
  }
}

/// AdamW with a warm-up of twenty steps.
public struct AdamW: OptimizerSettings {
  public static let name = "adamw"
  public static let title = "AdamW, with a warm-up"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// η_t.
  public var rate = LearningRate(3e-3, decaySteps: 400)
  /// w.
  public var weightDecay = 1e-4

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: AdamWRule(weightDecay: weightDecay), rate: rate, warmUp: 20)
  }
}

/// Lion: only signs, u = sign(β₁ m + (1 - β₁) g) + w θ, m ← β₂ m + (1 - β₂) g.
///
/// - Source: Chen et al., arXiv:2302.06675.
public struct LionRule: UpdateRule {
  /// w.
  public var weightDecay: Double
  /// β₁.
  public var interpolation = 0.9
  /// β₂.
  public var decay = 0.99
  private var mean: [Double]?

  /// The rule with this w, which is not checked; 0 for no decay.
  public init(weightDecay: Double = 1e-3) { self.weightDecay = weightDecay }

  public mutating func change(_ sample: Sample) -> [Double] {
    let (g, parameters) = (sample.gradient, sample.ansatz.parameters)
    let m = mean ?? [Double](repeating: 0, count: g.count)
    mean = zip(m, g).map { decay * $0 + (1 - decay) * $1 }
    return g.indices.map { p in
      let blend = interpolation * m[p] + (1 - interpolation) * g[p]
      return (blend > 0 ? 1 : blend < 0 ? -1 : 0) + weightDecay * parameters[p]
    }
  }

  public func save(to state: inout OptimizerState) { state.append("mean", mean) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    mean = try reader.list("mean", count: reader.parameterCount)
  }
}

/// Lion, at a fifth of Adam's rate and less: all parameters move by the same.
public struct Lion: OptimizerSettings {
  public static let name = "lion"
  public static let title = "Lion, by signs alone"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// η_t.
  public var rate = LearningRate(5e-4, decaySteps: 400)
  /// w.
  public var weightDecay = 1e-3

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: LionRule(weightDecay: weightDecay), rate: rate, warmUp: 20)
  }
}
