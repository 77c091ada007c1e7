import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// Prodigy: Adam that finds its own learning rate from how far it has come.
///
///     r ← √β₂ r + (1 - √β₂) d² ⟨g, θ₀ - θ⟩,      s ← √β₂ s + (1 - √β₂) d² g,      d ← max(d, r/‖s‖₁)
///     m ← β₁ m + (1 - β₁) d g,      v ← β₂ v + (1 - β₂) d² g²,      u = d m/(√v + d ε)
///
/// With a learning rate of 1: d is the distance from the start to the solution, from below. The noise of a sample makes
/// ⟨g, θ₀ - θ⟩ grow with the number of steps too.
///
/// - Source: Mishchenko and Defazio, arXiv:2306.06101.
public struct ProdigyRule: UpdateRule {
  /// d at the start.
  public static let smallest = 1e-6
  private var start: [Double]?
  private var mean: [Double]?
  private var square: [Double]?
  private var sum: [Double]?
  private var numerator = 0.0
  private var distance = ProdigyRule.smallest

  public init() {}

  public mutating func change(_ sample: Sample) -> [Double] {
    let (g, theta) = (sample.gradient, sample.ansatz.parameters)
    let zeros = [Double](repeating: 0, count: g.count)
    let origin = start ?? theta
    start = origin
    let (d, root) = (distance, 0.999.squareRoot())
    let away = zip(origin, theta).map { $0 - $1 }
    numerator = root * numerator + (1 - root) * d * d * dot(g, away)
    let s = zip(sum ?? zeros, g).map { root * $0 + (1 - root) * d * d * $1 }
    let m = zip(mean ?? zeros, g).map { 0.9 * $0 + 0.1 * d * $1 }
    let v = zip(square ?? zeros, g).map { 0.999 * $0 + 0.001 * d * d * $1 * $1 }
    (sum, mean, square) = (s, m, v)
    let size = s.reduce(0) { $0 + abs($1) }
    if size > 0 { distance = max(d, numerator / size) }
    return zip(m, v).map { d * $0 / ($1.squareRoot() + d * 1e-8) }
  }

  public func save(to state: inout OptimizerState) {
    for (name, values) in [("start", start), ("mean", mean), ("square", square), ("sum", sum)] {
      state.append(name, values)
    }
    state.append("numerator", numerator)
    state.append("distance", distance)
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    let count = reader.parameterCount
    start = try reader.list("start", count: count)
    mean = try reader.list("mean", count: count)
    square = try reader.list("square", count: count)
    sum = try reader.list("sum", count: count)
    numerator = try reader.number("numerator")
    distance = try reader.number("distance", in: Self.smallest...1e12)
    guard square?.allSatisfy({ $0 >= 0 }) ?? true else { throw OptimizerStateError("tensor square is negative") }
    guard [mean, square, sum].allSatisfy({ ($0 == nil) == (start == nil) }) else {
      throw OptimizerStateError("some of start, mean, square and sum are missing")
    }
  }
}

/// Prodigy: a learning rate of 1, whatever the problem.
public struct Prodigy: OptimizerSettings {
  public static let name = "prodigy"
  public static let title = "Prodigy, Adam that finds its rate"
  public static let defaultSteps = 600
  public static let hyperparameters = [Hyperparameter.learningRate(\Self.rate.initial)]

  /// What d is multiplied with.
  public var rate = LearningRate(1, decaySteps: 400)

  public init() {}

  public func makeOptimizer() -> any Optimizer {
    RuleDescent(name: Self.name, rule: ProdigyRule(), rate: rate)
  }
}
