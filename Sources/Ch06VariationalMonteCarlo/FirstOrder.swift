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
public struct GradientDescent: Optimizer, OptimizerSettings {
  public static let name = "gd"
  public static let title = "gradient descent"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.learningRate.initial)]

  public var learningRate: LearningRate

  /// Not tuned: here to be compared with.
  public init() { self.init(learningRate: 1e-2, decaySteps: 2000) }

  public init(learningRate: LearningRate) { self.learningRate = learningRate }

  public init(learningRate: Double, decaySteps: Double = .infinity) {
    self.init(learningRate: LearningRate(learningRate, decaySteps: decaySteps))
  }

  public func makeOptimizer() -> any Optimizer { self }

  public var name: String { Self.name }
  public var diagnostics: [Diagnostic] { [.alpha] }

  public mutating func update(_ sample: Sample) -> Update {
    let rate = learningRate(step: sample.step)
    var update = Update(change: sample.gradient.map { -rate * $0 })
    update.diagnostics[.alpha] = rate
    return update
  }
}

extension Hyperparameter {
  /// η at the first step.
  static func learningRate(_ keyPath: any WritableKeyPath<Settings, Double> & Sendable) -> Hyperparameter {
    Hyperparameter("learning-rate", keyPath, in: 1e-12...1e6, "learning rate at the first step")
  }
}

/// Adam: gradient descent with momentum, each parameter in units of its own gradient's size.
///
///     m ← β₁ m + (1 - β₁) g            v ← β₂ v + (1 - β₂) g²
///     δ = -η (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)
///
/// - Source: Kingma and Ba, arXiv:1412.6980, algorithm 1.
public struct Adam: Optimizer, OptimizerSettings {
  public static let name = "adam"
  public static let title = "Adam"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.learningRate.initial)]

  public var learningRate: LearningRate
  /// β₁, β₂, ε.
  public var momentum = 0.9
  public var secondMomentum = 0.999
  public var epsilon = 1e-8
  /// m and v; empty before the first step.
  private var mean: [Double] = []
  private var square: [Double] = []
  private var steps = 0
  /// β₁ᵗ and β₂ᵗ.
  private var firstCorrection = 1.0
  private var secondCorrection = 1.0

  /// 3e-3 is at 2e-3 after 400 steps at A = 2, V0 = -20. The rate halves at step 400: the noise of the last steps is what
  /// limits the energy.
  public init() { self.init(learningRate: 3e-3, decaySteps: 400) }

  public init(learningRate: LearningRate) { self.learningRate = learningRate }

  public init(learningRate: Double, decaySteps: Double = .infinity) {
    self.init(learningRate: LearningRate(learningRate, decaySteps: decaySteps))
  }

  public func makeOptimizer() -> any Optimizer { self }

  public var name: String { Self.name }
  public var diagnostics: [Diagnostic] { [.alpha] }

  public mutating func update(_ sample: Sample) -> Update {
    var update = Update(change: change(gradient: sample.gradient))
    update.diagnostics[.alpha] = learningRate(step: steps)
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

  public func save(to state: inout OptimizerState) {
    state.append("mean", mean)
    state.append("square", square)
    state.append("steps", count: steps)
    state.append("first_correction", firstCorrection)
    state.append("second_correction", secondCorrection)
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    let (mean, square) = (
      try reader.list("mean", count: reader.parameterCount), try reader.list("square", count: reader.parameterCount)
    )
    steps = try reader.count("steps")
    firstCorrection = try reader.number("first_correction", in: 0...1)
    secondCorrection = try reader.number("second_correction", in: 0...1)
    guard (mean == nil) == (steps == 0), (square == nil) == (steps == 0) else {
      throw OptimizerStateError("\(steps) steps, and a mean that is \(mean == nil ? "missing" : "there")")
    }
    guard square?.allSatisfy({ $0 >= 0 }) != false else { throw OptimizerStateError("tensor square is negative") }
    (self.mean, self.square) = (mean ?? [], square ?? [])
  }
}
