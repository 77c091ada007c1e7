import Ch01LinearAlgebra
import Ch04DeterminantAnsatz

/// What an optimiser remembers from one step to the next: named tensors, tagged with whose they are.
///
/// A run that was stopped goes on with the same bits from the parameters, the walk and this. It is made by
/// `Optimizer.state` and read by `Optimizer.resumed(from:groups:)`, which believes nothing: a tensor that is missing,
/// superfluous, of another shape, not finite or out of its bounds is an error that names it.
public struct OptimizerState: Sendable, Equatable {
  /// The optimiser's name; `resumed` throws for another one's state.
  public let optimizer: String
  /// The version of the list of tensors; `resumed` throws for another version.
  public let version: Int
  /// What is remembered, in the order of `append`.
  public private(set) var tensors: [NamedTensor]
  /// Of the part that is being written, with a point behind it.
  private var prefix = ""

  /// A state as it is; `resumed` checks it.
  public init(optimizer: String, version: Int, tensors: [NamedTensor] = []) {
    (self.optimizer, self.version, self.tensors) = (optimizer, version, tensors)
  }

  /// A number, as a tensor of shape [].
  public mutating func append(_ name: String, _ value: Double) { tensors.append(NamedTensor(prefix + name, value)) }

  /// A count, as a tensor of shape []; exact up to 2⁵³.
  public mutating func append(_ name: String, count: Int) { append(name, Double(count)) }

  /// Numbers in a list, [count]; nil is written as a list of none.
  public mutating func append(_ name: String, _ values: [Double]?) {
    tensors.append(NamedTensor(prefix + name, [values?.count ?? 0], values ?? []))
  }

  /// A matrix, [rows, columns].
  public mutating func append(_ name: String, _ matrix: Matrix) {
    tensors.append(NamedTensor(prefix + name, [matrix.rows, matrix.columns], Array(matrix.elements)))
  }

  /// All that a part remembers; its names get the part's name in front: `damping.lambda`.
  public mutating func append(_ name: String, _ part: any Resumable) {
    let outer = prefix
    prefix += name + "."
    part.save(to: &self)
    prefix = outer
  }
}

/// A state that does not fit the optimiser or the network, in one line that names the tensor.
public struct OptimizerStateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The error in one line.
  public let description: String
  /// An error of this text.
  public init(_ description: String) { self.description = description }
}

/// An optimiser, or a part of one, that can be stopped and gone on with.
///
/// All functions have defaults for what remembers nothing.
public protocol Resumable: Sendable {
  /// Writes all that is remembered.
  func save(to state: inout OptimizerState)

  /// Takes what `save` wrote.
  ///
  /// - Throws: where a tensor is not what `save` would have written.
  mutating func restore(from reader: inout StateReader) throws(OptimizerStateError)

  /// About how much memory it takes for parameters of these groups and so many walkers, in bytes, beyond the derivatives at the
  /// walkers and a few vectors of all parameters.
  func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double
}

extension Resumable {
  /// 0: for what keeps vectors at most.
  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double { 0 }
  /// Nothing: for what remembers nothing.
  public func save(to state: inout OptimizerState) {}
  /// Nothing: for what remembers nothing.
  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {}
}

extension Optimizer {
  /// All that the rule remembers at this moment.
  public var state: OptimizerState {
    var state = OptimizerState(optimizer: name, version: stateVersion)
    save(to: &state)
    return state
  }

  /// The same optimiser in the state of another run.
  ///
  /// - Parameters:
  ///   - state: what the other run has saved.
  ///   - groups: those of the parameters that it is to go on with.
  /// - Throws: one line, where the state is another optimiser's, of another version, or does not fit.
  public func resumed(
    from state: OptimizerState, groups: [ParameterGroup]
  ) throws(OptimizerStateError) -> Self {
    guard state.optimizer == name else {
      throw OptimizerStateError("the state is that of the optimiser \(state.optimizer), not of \(name)")
    }
    guard state.version == stateVersion else {
      throw OptimizerStateError(
        "the state of \(name) has version \(state.version), this program reads version \(stateVersion)")
    }
    var reader = try StateReader(state, groups: groups)
    var copy = self
    try copy.restore(from: &reader)
    try reader.finish()
    return copy
  }
}

/// Reads a state tensor by tensor, and checks each.
public struct StateReader: Sendable {
  /// The groups of the parameters.
  public let groups: [ParameterGroup]
  private var tensors: [String: NamedTensor] = [:]
  /// Of the part that is being read, with a point behind it.
  private var prefix = ""

  init(_ state: OptimizerState, groups: [ParameterGroup]) throws(OptimizerStateError) {
    self.groups = groups
    for tensor in state.tensors {
      guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
        throw OptimizerStateError("tensor \(tensor.name) appears twice")
      }
    }
  }

  /// P, the parameters of all groups.
  public var parameterCount: Int { groups.parameterCount }

  /// A part with what `OptimizerState.append(_:_:)` wrote of it.
  public mutating func part<Part: Resumable>(_ name: String, _ part: Part) throws(OptimizerStateError) -> Part {
    let outer = prefix
    prefix += name + "."
    var copy = part
    try copy.restore(from: &self)
    prefix = outer
    return copy
  }

  /// A finite number within bounds, from a tensor of shape []; anything else throws, with the tensor's name.
  public mutating func number(
    _ name: String, in bounds: ClosedRange<Double> = -.infinity ... .infinity
  ) throws(OptimizerStateError) -> Double {
    let value = try values(name, shape: [])[0]
    guard bounds.contains(value) else {
      throw OptimizerStateError(
        "tensor \(prefix + name) is \(value); from \(bounds.lowerBound) to \(bounds.upperBound) is possible")
    }
    return value
  }

  /// A whole number from 0 to 2⁵³; anything else throws, with the tensor's name.
  public mutating func count(_ name: String) throws(OptimizerStateError) -> Int {
    let value = try number(name, in: 0...0x1p53)
    guard let count = Int(exactly: value) else {
      throw OptimizerStateError("tensor \(prefix + name) is \(value); a count is needed")
    }
    return count
  }

  /// Finite numbers in a list of known length, [count]; nil where the list is empty. Anything else throws, with the
  /// tensor's name.
  public mutating func list(_ name: String, count: Int) throws(OptimizerStateError) -> [Double]? {
    if tensors[prefix + name]?.shape == [0] {
      tensors[prefix + name] = nil
      return nil
    }
    return try values(name, shape: [count])
  }

  /// A matrix of finite numbers, [rows × columns]; anything else throws, with the tensor's name.
  public mutating func matrix(_ name: String, rows: Int, columns: Int) throws(OptimizerStateError) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: try values(name, shape: [rows, columns]))
  }

  private mutating func values(_ name: String, shape: [Int]) throws(OptimizerStateError) -> [Double] {
    let name = prefix + name
    guard let tensor = tensors.removeValue(forKey: name) else {
      throw OptimizerStateError("tensor \(name) is missing")
    }
    guard tensor.shape == shape else {
      throw OptimizerStateError("tensor \(name) has shape \(tensor.shape), \(shape) expected")
    }
    if let bad = tensor.values.firstIndex(where: { !$0.isFinite }) {
      throw OptimizerStateError("tensor \(name) holds \(tensor.values[bad]) at index \(bad), a finite number expected")
    }
    return tensor.values
  }

  /// Makes sure that nothing is left over.
  func finish() throws(OptimizerStateError) {
    if let extra = tensors.keys.min() { throw OptimizerStateError("tensor \(extra) is no part of this state") }
  }
}
