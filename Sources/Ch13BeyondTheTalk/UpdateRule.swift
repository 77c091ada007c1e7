import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// What a general-purpose optimiser does with a gradient, before the learning rate: the part in which they differ.
public protocol UpdateRule: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// u of δ = -η_t u, one number a parameter.
  mutating func change(_ sample: Sample) -> [Double]
}

extension UpdateRule {
  public var order: JetOrder { .value }
}

/// δ = -η_t u, with a rule for u, and a rate that rises over the first steps and falls like 1/t later.
public struct RuleDescent: Optimizer {
  public let name: String
  /// u.
  public var rule: any UpdateRule
  /// η_t.
  public var rate: LearningRate
  /// Steps over which η rises from 0 to its value, at least 0.
  public var warmUp: Int

  /// An optimiser from its parts; a negative number of steps stops the program.
  public init(name: String, rule: any UpdateRule, rate: LearningRate, warmUp: Int = 0) {
    precondition(warmUp >= 0, "a number of steps is needed")
    (self.name, self.rule, self.rate, self.warmUp) = (name, rule, rate, warmUp)
  }

  public var order: JetOrder { rule.order }
  public var diagnostics: [Diagnostic] { [.alpha] }

  public mutating func update(_ sample: Sample) -> Update {
    let rising = sample.step < warmUp ? Double(sample.step) / Double(warmUp) : 1
    let eta = rising * rate(step: sample.step)
    var update = Update(change: rule.change(sample).map { -eta * $0 })
    update.diagnostics[.alpha] = eta
    return update
  }

  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    rule.estimatedBytes(of: groups, walkers: walkers)
  }
  public func save(to state: inout OptimizerState) { state.append("rule", rule) }
  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    rule = try reader.part("rule", rule)
  }
}

/// Exponential averages x ← β x + (1 - β) y that begin at 0, with the correction for that.
struct MovingAverage: Sendable {
  let decay: Double
  private(set) var values: [Double] = []
  private var missing = 1.0

  init(decay: Double) { self.decay = decay }

  mutating func follow(_ y: [Double]) {
    if values.isEmpty { values = [Double](repeating: 0, count: y.count) }
    missing *= decay
    for p in values.indices { values[p] = decay * values[p] + (1 - decay) * y[p] }
  }

  /// x over what of it is there.
  var corrected: [Double] {
    let factor = 1 / (1 - missing)
    return values.map { factor * $0 }
  }

  /// The same average of other numbers: after a change of basis.
  mutating func replace(_ new: [Double]) { values = new }

  func save(_ name: String, to state: inout OptimizerState) {
    state.append(name, values.isEmpty ? nil : values)
    state.append(name + "_missing", missing)
  }

  mutating func restore(_ name: String, from reader: inout StateReader) throws(OptimizerStateError) {
    values = try reader.list(name, count: reader.parameterCount) ?? []
    missing = try reader.number(name + "_missing", in: 0...1)
    guard values.isEmpty == (missing == 1) else { throw OptimizerStateError("\(name) and its correction do not agree") }
  }
}

/// Averages of a gradient and of squares, in the form that all followers of Adam keep and save.
struct AdamAverages: Sendable {
  var mean: MovingAverage
  var square: MovingAverage

  init(mean first: Double, square second: Double) {
    (mean, square) = (MovingAverage(decay: first), MovingAverage(decay: second))
  }

  /// m̂/(√v̂ + ε), after both have followed.
  func quotient(epsilon: Double) -> [Double] {
    zip(mean.corrected, square.corrected).map { $0 / ($1.squareRoot() + epsilon) }
  }

  func save(to state: inout OptimizerState) {
    mean.save("mean", to: &state)
    square.save("square", to: &state)
  }

  mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    try mean.restore("mean", from: &reader)
    try square.restore("square", from: &reader)
    guard square.values.allSatisfy({ $0 >= 0 }) else { throw OptimizerStateError("tensor square is negative") }
  }
}

extension ParameterGroup {
  /// The weights of a vector over all parameters, as a matrix [outputs, columns].
  func weights(_ v: [Double]) -> Matrix {
    Matrix(rows: layout.outputs, columns: layout.columns) { v[start + $0 * layout.columns + $1] }
  }

  /// Writes such a matrix into a vector over all parameters.
  func writeWeights(_ matrix: Matrix, into v: inout [Double]) {
    for row in 0..<layout.outputs {
      for column in 0..<layout.columns { v[start + row * layout.columns + column] = matrix[row, column] }
    }
  }

  /// Whether its weights are a matrix: a layer or orbitals, no envelope and no vector.
  var isMatrix: Bool { layout.outputs > 1 && layout.columns > 1 && layout.hasBias }
}
