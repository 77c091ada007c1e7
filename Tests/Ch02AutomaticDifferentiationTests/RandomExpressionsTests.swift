import Ch02AutomaticDifferentiation
import TestSupport
import Testing

/// A random formula, built from functions that are smooth for all arguments.
indirect enum Expression: CustomStringConvertible {
  case variable(Int)
  case constant(Double)
  case sum(Expression, Expression)
  case difference(Expression, Expression)
  case product(Expression, Expression)
  case quotient(Expression, Expression)
  case power(Expression, Expression)
  case sine(Expression)
  case cosine(Expression)
  case hyperbolicTangent(Expression)
  case exponential(Expression)
  case logarithm(Expression)
  case root(Expression)
  case square(Expression)

  init(depth: Int, variables: Int, using generator: inout SplitMix64) {
    func operand() -> Expression { Expression(depth: depth - 1, variables: variables, using: &generator) }
    if depth == 0 {
      self =
        Int.random(in: 0..<4, using: &generator) == 0
        ? .constant(Double.random(in: -1...1, using: &generator))
        : .variable(Int.random(in: 0..<variables, using: &generator))
      return
    }
    switch Int.random(in: 0..<12, using: &generator) {
    case 0: self = .sum(operand(), operand())
    case 1: self = .difference(operand(), operand())
    case 2: self = .product(operand(), operand())
    case 3: self = .quotient(operand(), operand())
    case 4: self = .power(operand(), operand())
    case 5: self = .sine(operand())
    case 6: self = .cosine(operand())
    case 7: self = .hyperbolicTangent(operand())
    case 8: self = .exponential(operand())
    case 9: self = .logarithm(operand())
    case 10: self = .root(operand())
    default: self = .square(operand())
    }
  }

  /// Denominators, logarithms, roots and bases are kept at 2 + u², exponents and exponentials inside (-1, 1), so that
  /// finite differences converge as well.
  func callAsFunction<S: DifferentiableScalar>(_ x: [S]) -> S {
    func positive(_ u: Expression) -> S { 2 + u(x) * u(x) }
    return switch self {
    case .variable(let i): x[i]
    case .constant(let c): S(c)
    case .sum(let u, let v): u(x) + v(x)
    case .difference(let u, let v): u(x) - v(x)
    case .product(let u, let v): u(x) * v(x)
    case .quotient(let u, let v): u(x) / positive(v)
    case .power(let u, let v): S.power(positive(u), S.tanh(v(x)))
    case .sine(let u): S.sin(u(x))
    case .cosine(let u): S.cos(u(x))
    case .hyperbolicTangent(let u): S.tanh(u(x))
    case .exponential(let u): S.exp(S.sin(u(x)))
    case .logarithm(let u): S.log(positive(u))
    case .root(let u): S.sqrt(positive(u))
    case .square(let u): S.power(u(x) / 2, 2)
    }
  }

  var description: String {
    switch self {
    case .variable(let i): "x\(i)"
    case .constant(let c): "\(c)"
    case .sum(let u, let v): "(\(u) + \(v))"
    case .difference(let u, let v): "(\(u) - \(v))"
    case .product(let u, let v): "\(u)·\(v)"
    case .quotient(let u, let v): "\(u)/(2 + (\(v))²)"
    case .power(let u, let v): "(2 + (\(u))²)^tanh(\(v))"
    case .sine(let u): "sin(\(u))"
    case .cosine(let u): "cos(\(u))"
    case .hyperbolicTangent(let u): "tanh(\(u))"
    case .exponential(let u): "exp(sin(\(u)))"
    case .logarithm(let u): "log(2 + (\(u))²)"
    case .root(let u): "sqrt(2 + (\(u))²)"
    case .square(let u): "(\(u)/2)²"
    }
  }
}

@Suite("2.15 Random formulas") struct RandomExpressionsTests {
  @Test("any formula has one gradient and one Hessian, by every route", arguments: 1...4)
  func routes(depth: Int) {
    var generator = SplitMix64(seed: 0x7ee5 + UInt64(depth))
    let n = 3
    for _ in 0..<50 {
      let f = Expression(depth: depth, variables: n, using: &generator)
      let x = generator.uniform(-1...1, count: n)

      // Both modes multiply the same partials in another order: rounding apart, relative to the largest term.
      let (value, reverse) = valueAndGradient(of: { f($0) }, at: x)
      #expect(value == f(x), "\(f)")
      #expect(gradientForward(of: { f($0) }, at: x) ≈ reverse ± 1e-13, "\(f)")

      // Differences are believed to ten times their last correction, which must itself be small.
      let differences = gradientByDifferences(at: x) { f($0) }
      #expect(differences.correction < 1e-6, "\(f)")
      #expect(reverse ≈ differences.values ± (10 * differences.correction + 1e-12), "\(f)")

      let h = hessian(of: { f($0) }, at: x)
      let reverseOverReverse = jacobian(of: { x in gradient(of: { f($0) }, at: x) }, at: x)
      for i in 0..<n {
        #expect(h[i] ≈ h.map { $0[i] } ± 1e-12, "\(f)")
        #expect(h[i] ≈ reverseOverReverse[i] ± 1e-12, "\(f)")
        let differences = gradientByDifferences(at: x) { gradient(of: { f($0) }, at: $0)[i] }
        #expect(differences.correction < 1e-5, "\(f)")
        #expect(h[i] ≈ differences.values ± (10 * differences.correction + 1e-11), "\(f)")
      }
      #expect(laplacian(of: { f($0) }, at: x) ≈ (h[0][0] + h[1][1] + h[2][2]) ± 1e-12, "\(f)")
    }
  }
}
