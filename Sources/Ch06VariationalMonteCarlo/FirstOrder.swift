import Ch01LinearAlgebra

/// A learning rate that falls like 1/t once t passes a time scale: η_t = η / (1 + t/τ).
public struct LearningRate: Sendable, Equatable {
  /// η, the rate of the first steps.
  public var initial: Double
  /// τ, in steps; infinity for a constant rate.
  public var decaySteps: Double

  public init(_ initial: Double, decaySteps: Double = .infinity) {
    precondition(initial > 0 && decaySteps > 0, "a learning rate and its decay must be positive")
    self.initial = initial
    self.decaySteps = decaySteps
  }

  /// - Parameter step: counted from 1.
  public func callAsFunction(step: Int) -> Double { initial / (1 + Double(step - 1) / decaySteps) }
}

/// δ = -η g: the direction of steepest descent, if all parameters were alike.
public struct GradientDescent: Optimizer {
  public let name = "gd"
  public var learningRate: LearningRate

  public init(learningRate: LearningRate) { self.learningRate = learningRate }

  public init(learningRate: Double, decaySteps: Double = .infinity) {
    self.init(learningRate: LearningRate(learningRate, decaySteps: decaySteps))
  }

  public mutating func update(_ sample: inout Sample) -> Update {
    let rate = learningRate(step: sample.step)
    var update = Update(change: sample.gradient.map { -rate * $0 })
    update.diagnostics.alpha = rate
    return update
  }
}

/// Adam: gradient descent with momentum, each parameter in units of its own gradient's size.
///
///     m ← β₁ m + (1 - β₁) g            v ← β₂ v + (1 - β₂) g²
///     δ = -η (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
///
/// - Source: Kingma and Ba, arXiv:1412.6980, algorithm 1.
public struct Adam: Optimizer {
  public let name = "adam"
  public var learningRate: LearningRate
  /// β₁, β₂, ε.
  public var momentum = 0.9
  public var secondMomentum = 0.999
  public var epsilon = 1e-8
  var mean: [Double] = []
  var square: [Double] = []
  var steps = 0

  public init(learningRate: LearningRate) { self.learningRate = learningRate }

  public init(learningRate: Double, decaySteps: Double = .infinity) {
    self.init(learningRate: LearningRate(learningRate, decaySteps: decaySteps))
  }

  public mutating func update(_ sample: inout Sample) -> Update {
    var update = Update(change: change(gradient: sample.gradient))
    update.diagnostics.alpha = learningRate(step: steps)
    return update
  }

  /// δ for any gradient; counts its own steps.
  public mutating func change(gradient g: [Double]) -> [Double] {
    if mean.isEmpty {
      mean = [Double](repeating: 0, count: g.count)
      square = mean
    }
    precondition(g.count == mean.count, "\(mean.count) parameters so far, now \(g.count)")
    steps += 1
    firstCorrection *= momentum
    secondCorrection *= secondMomentum
    let rate = learningRate(step: steps)
    return g.indices.map { p in
      mean[p] = momentum * mean[p] + (1 - momentum) * g[p]
      square[p] = secondMomentum * square[p] + (1 - secondMomentum) * g[p] * g[p]
      let size = (square[p] / (1 - secondCorrection)).squareRoot() + epsilon
      return -rate * mean[p] / (1 - firstCorrection) / size
    }
  }

  /// β₁ᵗ and β₂ᵗ.
  var firstCorrection = 1.0
  var secondCorrection = 1.0

  public var memory: [String: [Double]] {
    get {
      ["mean": mean, "square": square, "counters": [Double(steps), firstCorrection, secondCorrection]]
    }
    set {
      mean = newValue["mean"] ?? []
      square = newValue["square"] ?? []
      let counters = newValue["counters"] ?? [0, 1, 1]
      (steps, firstCorrection, secondCorrection) = (Int(counters[0]), counters[1], counters[2])
    }
  }
}
