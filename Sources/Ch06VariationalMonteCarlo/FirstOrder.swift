import Ch01LinearAlgebra

/// A learning rate that falls like 1/t once t passes a time scale: η_t = η / (1 + t/τ).
public struct LearningRate: Sendable, Equatable, ExpressibleByFloatLiteral {
  /// η, the rate of the first steps.
  public var initial: Double
  /// τ, in steps; infinity for a constant rate.
  public var decaySteps: Double

  /// η_t of this start and time scale; numbers that are not positive stop the program.
  public init(_ initial: Double, decaySteps: Double = .infinity) {
    precondition(initial > 0 && decaySteps > 0, "a learning rate and its decay must be positive")
    self.initial = initial
    self.decaySteps = decaySteps
  }

  /// A constant rate: `learningRate: 0.1`.
  public init(floatLiteral value: Double) { self.init(value) }

  /// η_t of one step.
  /// - Parameter step: counted from 1.
  public func callAsFunction(step: Int) -> Double { initial / (1 + Double(step - 1) / decaySteps) }
}

/// δ = -η g: the direction of steepest descent, if all parameters were alike.
public struct GradientDescent: Optimizer, OptimizerSettings {
  /// The name on the command line.
  public static let name = "gd"
  /// The name in words.
  public static let title = "gradient descent"
  /// Steps of a run unless it is told otherwise.
  public static let defaultSteps = 600
  /// η at the first step.
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.learningRate.initial)]

  /// η_t; δ = -η_t g with g in ħω.
  public var learningRate: LearningRate

  /// η = 1e-2, halved at step 2000. Not tuned: here to be compared with.
  public init() { self.init(learningRate: 1e-2, decaySteps: 2000) }

  /// Descent with this rule for η_t.
  public init(learningRate: LearningRate) { self.learningRate = learningRate }

  /// Descent with η and τ in steps; numbers that are not positive stop the program.
  public init(learningRate: Double, decaySteps: Double = .infinity) {
    self.init(learningRate: LearningRate(learningRate, decaySteps: decaySteps))
  }

  /// The rule itself: it remembers nothing.
  public func makeOptimizer() -> any Optimizer { self }

  /// "gd".
  public var name: String { Self.name }
  /// η_t, as α.
  public var diagnostics: [Diagnostic] { [.alpha] }

  /// δ = -η_t g, shape [parameterCount].
  public mutating func update(_ sample: Sample) -> Update {
    let rate = learningRate(step: sample.step)
    var update = Update(change: sample.gradient.map { -rate * $0 })
    update.diagnostics[.alpha] = rate
    return update
  }
}

extension Hyperparameter {
  /// "learning-rate": η at the first step.
  public static func learningRate(_ keyPath: any WritableKeyPath<Settings, Double> & Sendable) -> Hyperparameter {
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
  /// The name on the command line.
  public static let name = "adam"
  /// The name in words.
  public static let title = "Adam"
  /// Steps of a run unless it is told otherwise.
  public static let defaultSteps = 600
  /// η at the first step.
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.learningRate.initial)]

  /// η_t: the size of a step of one parameter, about.
  public var learningRate: LearningRate
  /// β₁, the share of m that stays, 0 ≤ β₁ < 1.
  public var momentum = 0.9
  /// β₂, the share of v that stays, 0 ≤ β₂ < 1.
  public var secondMomentum = 0.999
  /// ε, which keeps the quotient finite, in ħω.
  public var epsilon = 1e-8
  /// m and v; empty before the first step.
  private var mean: [Double] = []
  private var square: [Double] = []
  private var steps = 0
  /// β₁ᵗ and β₂ᵗ.
  private var firstCorrection = 1.0
  private var secondCorrection = 1.0

  /// 3e-3 is at 2e-3 after 400 steps at A = 2, V0 = -20. The rate halves at step 400: the noise of the last steps is
  /// what limits the energy.
  public init() { self.init(learningRate: 3e-3, decaySteps: 400) }

  /// Adam with this rule for η_t.
  public init(learningRate: LearningRate) { self.learningRate = learningRate }

  /// Adam with η and τ in steps; numbers that are not positive stop the program.
  public init(learningRate: Double, decaySteps: Double = .infinity) {
    self.init(learningRate: LearningRate(learningRate, decaySteps: decaySteps))
  }

  /// The rule itself, at its first step.
  public func makeOptimizer() -> any Optimizer { self }

  /// "adam".
  public var name: String { Self.name }
  /// η_t, as α.
  public var diagnostics: [Diagnostic] { [.alpha] }

  /// δ for the sample's gradient, shape [parameterCount].
  public mutating func update(_ sample: Sample) -> Update {
    var update = Update(change: change(gradient: sample.gradient))
    update.diagnostics[.alpha] = learningRate(step: steps)
    return update
  }

  /// δ for any gradient, shape of g; counts its own steps. A g of another length than the first one stops the program.
  /// - Complexity: O(parameters).
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

  /// m, v, t, β₁ᵗ and β₂ᵗ.
  public func save(to state: inout OptimizerState) {
    state.append("mean", mean)
    state.append("square", square)
    state.append("steps", count: steps)
    state.append("first_correction", firstCorrection)
    state.append("second_correction", secondCorrection)
  }

  /// Takes what `save` wrote.
  /// - Throws: `OptimizerStateError` where a tensor is missing, of another shape or out of bounds.
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
