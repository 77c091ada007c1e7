import Ch00Lanes

/// A function of one variable, as a tree.
indirect enum FormulaTree {
  case variable
  case constant(Double)
  case sum(FormulaTree, FormulaTree)
  case difference(FormulaTree, FormulaTree)
  case product(FormulaTree, FormulaTree)
  case quotient(FormulaTree, FormulaTree)
  case power(FormulaTree, FormulaTree)
  case function(FormulaFunction, FormulaTree)

  /// The number that it is whatever the variable; nil where it is not one.
  var value: Double? {
    if case .constant(let value) = self { value } else { nil }
  }

  /// The same with all that does not depend on the variable worked out.
  var simplified: FormulaTree {
    func worked(_ x: FormulaTree, _ y: FormulaTree, _ make: (FormulaTree, FormulaTree) -> FormulaTree) -> FormulaTree {
      let (x, y) = (x.simplified, y.simplified)
      let tree = make(x, y)
      return x.value != nil && y.value != nil ? .constant(tree(0)) : tree
    }
    switch self {
    case .variable, .constant: return self
    case .sum(let x, let y): return worked(x, y, FormulaTree.sum)
    case .difference(let x, let y): return worked(x, y, FormulaTree.difference)
    case .product(let x, let y): return worked(x, y, FormulaTree.product)
    case .quotient(let x, let y): return worked(x, y, FormulaTree.quotient)
    case .power(let x, let y): return worked(x, y, FormulaTree.power)
    case .function(let f, let x):
      let x = x.simplified
      return x.value.map { .constant(f($0)) } ?? .function(f, x)
    }
  }

  /// The plain definition, which the operations of ``Formula`` are held against.
  func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .variable: x
    case .constant(let value): value
    case .sum(let a, let b): a(x) + b(x)
    case .difference(let a, let b): a(x) - b(x)
    case .product(let a, let b): a(x) * b(x)
    case .quotient(let a, let b): a(x) / b(x)
    case .power(let a, let b): Double.pow(a(x), b(x))
    case .function(let f, let a): f(a(x))
    }
  }
}

/// The functions that a formula may use, by their names.
enum FormulaFunction: String, CaseIterable, Sendable {
  case exp, log, sqrt, abs, sin, cos, tanh

  func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .exp: Double.exp(x)
    case .log: Double.log(x)
    case .sqrt: x.squareRoot()
    case .abs: Swift.abs(x)
    case .sin: Double.sin(x)
    case .cos: Double.cos(x)
    case .tanh: Double.tanh(x)
    }
  }

  func callAsFunction(_ x: Lanes32) -> Lanes32 {
    switch self {
    case .exp: x.map(Lanes.exp)
    case .log: x.map { Lanes.log($0) }
    case .sqrt: x.map { $0.squareRoot() }
    case .abs: x.map(\.magnitude)
    case .sin: x.map(Lanes.sin)
    case .cos: x.map(Lanes.cos)
    case .tanh: x.map(Lanes.tanh)
    }
  }
}
