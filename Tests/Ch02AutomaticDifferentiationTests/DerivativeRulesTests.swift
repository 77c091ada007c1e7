import Ch02AutomaticDifferentiation
import TestSupport
import Testing

/// The table of derivatives, as a physicist's handbook prints it.
enum Elementary: CaseIterable, Sendable {
  case exponential, logarithm, hyperbolicTangent, sine, cosine, squareRoot, absolute, cube, inverseSquare, realPower
  case reciprocal

  func callAsFunction<S: DifferentiableScalar>(_ x: S) -> S {
    switch self {
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .hyperbolicTangent: tanh(x)
    case .sine: sin(x)
    case .cosine: cos(x)
    case .squareRoot: sqrt(x)
    case .absolute: abs(x)
    case .cube: power(x, 3)
    case .inverseSquare: power(x, -2)
    case .realPower: power(x, 0.7)
    case .reciprocal: 1 / x
    }
  }

  /// First and second derivative.
  func derivatives(_ x: Double) -> (Double, Double) {
    switch self {
    case .exponential: (Double.exp(x), Double.exp(x))
    case .logarithm: (1 / x, -1 / (x * x))
    case .hyperbolicTangent:
      (1 - Double.power(Double.tanh(x), 2), -2 * Double.tanh(x) * (1 - Double.power(Double.tanh(x), 2)))
    case .sine: (Double.cos(x), -Double.sin(x))
    case .cosine: (-Double.sin(x), -Double.cos(x))
    case .squareRoot: (0.5 / x.squareRoot(), -0.25 / (x * x.squareRoot()))
    case .absolute: (x < 0 ? -1 : 1, 0)
    case .cube: (3 * x * x, 6 * x)
    case .inverseSquare: (-2 / (x * x * x), 6 / (x * x * x * x))
    case .realPower: (0.7 * Double.power(x, -0.3), -0.21 * Double.power(x, -1.3))
    case .reciprocal: (-1 / (x * x), 2 / (x * x * x))
    }
  }
}

@Suite("2.2 The table of derivatives") struct DerivativeRulesTests {
  // Every entry is a handful of correctly rounded operations: 16 units in the last place leave room for all of them.
  let rounding = 16 * Double.ulpOfOne

  @Test("each elementary function has its handbook derivatives, in both modes", arguments: Elementary.allCases)
  func table(f: Elementary) {
    for x in [0.3, 1.0, 1.7] {
      let (first, second) = f.derivatives(x)
      #expect(derivative(of: { f($0) }, at: x) ≈ first.within(relative: rounding))
      #expect(gradient(of: { f($0[0]) }, at: [x]) ≈ [first].within(relative: rounding))
      #expect(laplacian(of: { f($0[0]) }, at: [x]) ≈ second.within(relative: rounding))
      #expect(hessian(of: { f($0[0]) }, at: [x])[0] ≈ [second].within(relative: rounding))
    }
  }

  @Test("odd and even functions have even and odd derivatives", arguments: [0.3, 1.7, 25])
  func parity(x: Double) {
    #expect(derivative(of: tanh, at: -x) == derivative(of: tanh, at: x))
    #expect(derivative(of: sin, at: -x) == derivative(of: sin, at: x))
    #expect(derivative(of: abs, at: -x) == -derivative(of: abs, at: x))
    #expect(derivative(of: { power($0, 3) }, at: -x) == derivative(of: { power($0, 3) }, at: x))
  }

  @Test("log undoes exp, and sin² + cos² stays one, derivatives included", arguments: [-3, 0, 0.5, 20.0])
  func identities(x: Double) {
    #expect(derivative(of: { log(exp($0)) }, at: x) ≈ 1 ± rounding)
    #expect(laplacian(of: { log(exp($0[0])) }, at: [x]) ≈ 0 ± rounding)
    #expect(derivative(of: { sin($0) * sin($0) + cos($0) * cos($0) }, at: x) ≈ 0 ± rounding)
  }

  @Test("a power with a varying exponent is differentiated by both")
  func varyingExponent() {
    let x = 1.3
    let y = 2.4
    let expected = [y * Double.power(x, y - 1), Double.power(x, y) * Double.log(x)]
    #expect(gradient(of: { power($0[0], $0[1]) }, at: [x, y]) ≈ expected.within(relative: rounding))
    #expect(gradientForward(of: { power($0[0], $0[1]) }, at: [x, y]) ≈ expected.within(relative: rounding))
  }
}
