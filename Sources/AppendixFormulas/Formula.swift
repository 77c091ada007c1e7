import Ch00Lanes
import Ch03TrappedFermions

/// A potential that was typed: numbers, one variable, + - * / ^, parentheses, exp, log, sqrt, abs, sin, cos, tanh, pi, and
/// constants with names.
///
///     let well = try Formula("x^4/4 - a*x^2", variable: "x", constants: ["a": 2])
///     well(1.5)
///
/// It is kept as operations on a stack, and these work on 32 numbers at a time: reading costs nothing where it counts.
package struct Formula: Potential, Equatable {
  private let operations: [Operation]
  /// The most numbers that lie on the stack at once.
  private let height: Int

  private enum Operation: Equatable, Sendable {
    case variable
    case constant(Double)
    case add, subtract, multiply, divide, raise
    /// With a number that is known, which saves a place on the stack.
    case addConstant(Double)
    case multiplyBy(Double)
    /// n ≥ 1, by squaring.
    case integerPower(Int)
    case reciprocal
    case function(FormulaFunction)
  }

  /// Reads a formula.
  ///
  /// - Parameters:
  ///   - text: what was typed.
  ///   - variable: the name of its variable.
  ///   - constants: numbers with names.
  /// - Throws: ``FormulaError`` with the column of the first thing that is wrong, or that is not a number.
  package init(_ text: String, variable: String, constants: [String: Double] = [:]) throws(FormulaError) {
    var reader = FormulaReader(text, variable: variable, constants: constants)
    let tree = try reader.read().simplified
    if let value = tree.value, !value.isFinite { throw FormulaError(column: 1, reason: "the formula is \(value)") }
    var operations: [Operation] = []
    height = Self.compile(tree, into: &operations)
    self.operations = operations
  }

  /// - Returns: places on the stack that it needs.
  private static func compile(_ tree: FormulaTree, into list: inout [Operation]) -> Int {
    func two(_ x: FormulaTree, _ y: FormulaTree, _ operation: Operation) -> Int {
      let first = compile(x, into: &list)
      let second = compile(y, into: &list)
      list.append(operation)
      return max(first, second + 1)
    }
    func one(_ x: FormulaTree, _ operation: Operation) -> Int {
      let height = compile(x, into: &list)
      list.append(operation)
      return height
    }
    switch tree {
    case .variable:
      list.append(.variable)
      return 1
    case .constant(let value):
      list.append(.constant(value))
      return 1
    case .sum(let x, .constant(let c)), .sum(.constant(let c), let x): return one(x, .addConstant(c))
    case .difference(let x, .constant(let c)): return one(x, .addConstant(-c))
    case .product(let x, .constant(let c)), .product(.constant(let c), let x): return one(x, .multiplyBy(c))
    case .quotient(let x, .constant(let c)) where c != 0 && (1 / c).isFinite: return one(x, .multiplyBy(1 / c))
    case .quotient(.constant(let c), let x):
      let height = one(x, .reciprocal)
      if c != 1 { list.append(.multiplyBy(c)) }
      return height
    case .sum(let x, let y): return two(x, y, .add)
    case .difference(let x, let y): return two(x, y, .subtract)
    case .product(let x, let y): return two(x, y, .multiply)
    case .quotient(let x, let y): return two(x, y, .divide)
    case .power(let x, .constant(let c)) where c == c.rounded() && abs(c) >= 1 && abs(c) <= 64:
      let height = one(x, .integerPower(Int(abs(c))))
      if c < 0 { list.append(.reciprocal) }
      return height
    case .power(let x, .constant(0.5)): return one(x, .function(.sqrt))
    case .power(let x, let y): return two(x, y, .raise)
    case .function(let f, let x): return one(x, .function(f))
    }
  }

  /// The energy at one length, in ħω.
  package func callAsFunction(_ length: Double) -> Double {
    var stack: [Double] = []
    stack.reserveCapacity(height)
    func binary(_ f: (Double, Double) -> Double) {
      let y = stack.removeLast()
      stack[stack.count - 1] = f(stack[stack.count - 1], y)
    }
    func unary(_ f: (Double) -> Double) { stack[stack.count - 1] = f(stack[stack.count - 1]) }
    for operation in operations {
      switch operation {
      case .variable: stack.append(length)
      case .constant(let c): stack.append(c)
      case .add: binary(+)
      case .subtract: binary(-)
      case .multiply: binary(*)
      case .divide: binary(/)
      case .raise: binary(Double.pow)
      case .addConstant(let c): unary { $0 + c }
      case .multiplyBy(let c): unary { c * $0 }
      case .integerPower(let n): unary { integerPower($0, n, *) }
      case .reciprocal: unary { 1 / $0 }
      case .function(let f): unary { f($0) }
      }
    }
    return stack[0]
  }

  /// Replaces lengths by their energies, 32 walkers an element.
  package func evaluate(_ lengths: inout MutableSpan<Lanes32>) {
    // Unsafe: a stack of 32 walkers each on the machine's own, where an array would be an allocation a call. `height` places
    // are set before the first is read, and `compile` counted how many the operations need.
    withUnsafeTemporaryAllocation(of: Lanes32.self, capacity: height) { stack in
      stack.initialize(repeating: .zero)
      for i in lengths.indices {
        var top = -1
        for operation in operations {
          switch operation {
          case .variable:
            top += 1
            stack[top] = lengths[i]
          case .constant(let c):
            top += 1
            stack[top] = Lanes32(repeating: c)
          case .add:
            stack[top - 1] += stack[top]
            top -= 1
          case .subtract:
            stack[top - 1] -= stack[top]
            top -= 1
          case .multiply:
            stack[top - 1] = stack[top - 1] * stack[top]
            top -= 1
          case .divide:
            stack[top - 1] = stack[top - 1] / stack[top]
            top -= 1
          case .raise:
            for w in 0..<Lanes32.count { stack[top - 1][w] = Double.pow(stack[top - 1][w], stack[top][w]) }
            top -= 1
          case .addConstant(let c): stack[top] = c + stack[top]
          case .multiplyBy(let c): stack[top] = c * stack[top]
          case .integerPower(let n): stack[top] = integerPower(stack[top], n) { $0 * $1 }
          case .reciprocal: stack[top] = Lanes32(repeating: 1) / stack[top]
          case .function(let f): stack[top] = f(stack[top])
          }
        }
        lengths[i] = stack[0]
      }
    }
  }
}

/// xⁿ for n ≥ 1, by squaring.
@inline(__always)
private func integerPower<Value>(_ x: Value, _ n: Int, _ multiply: (Value, Value) -> Value) -> Value {
  var (square, left) = (x, n)
  while left % 2 == 0 { (square, left) = (multiply(square, square), left / 2) }
  var result = square
  left /= 2
  while left > 0 {
    square = multiply(square, square)
    if left % 2 == 1 { result = multiply(result, square) }
    left /= 2
  }
  return result
}
