import Ch02AutomaticDifferentiation
import TestSupport
import Testing

@Suite("2.3 Delicate points") struct DelicatePointsTests {
  /// f, f′ and f″ by forward, reverse and mixed modes, which must agree to the bit, infinities included.
  func derivatives(
    at x: Double, _ forward: (Dual<Dual<Double>>) -> Dual<Dual<Double>>,
    _ mixed: (Adjoint<Dual<Double>>) -> Adjoint<Dual<Double>>
  ) -> (Double, Double) {
    let nested = forward(Dual(Dual(x, tangent: 1), tangent: 1))
    let reverse = gradient(of: { mixed($0[0]) }, at: [Dual(x, tangent: 1)])[0]
    #expect(nested.primal.tangent == reverse.primal)
    #expect(nested.tangent.tangent == reverse.tangent)
    return (reverse.primal, reverse.tangent)
  }

  @Test("x⁰, x¹, x² and x³ have their derivatives at x = 0, for integer and for real exponents")
  func powersAtZero() {
    for (n, expected) in [(0, (0.0, 0.0)), (1, (1, 0)), (2, (0, 2)), (3, (0, 0))] {
      #expect(derivatives(at: 0, { power($0, n) }, { power($0, n) }) == expected)
      let y = Double(n)
      #expect(derivatives(at: 0, { power($0, .init(y)) }, { power($0, .init(y)) }) == expected)
    }
  }

  @Test("a negative number has a constant integer power, written as a real number or not")
  func negativeBase() {
    #expect(derivatives(at: -2, { power($0, 3.0) }, { power($0, 3.0) }) == (12, -12))
    #expect(derivatives(at: -2, { power($0, 3) }, { power($0, 3) }) == (12, -12))
  }

  @Test("x^(3/2) has slope 0 and infinite curvature at x = 0")
  func threeHalves() {
    #expect(derivatives(at: 0, { power($0, 1.5) }, { power($0, 1.5) }) == (0, .infinity))
  }

  @Test("0^y is flat in y > 0")
  func zeroBase() {
    #expect(gradient(of: { power($0[0], $0[1]) }, at: [0, 2]) == [0, 0])
    #expect(gradientForward(of: { power($0[0], $0[1]) }, at: [0, 2]) == [0, 0])
  }

  @Test("the root has an infinite slope at 0, but a constant 0 under a root has none")
  func rootAtZero() {
    #expect(derivatives(at: 0, { sqrt($0) }, { sqrt($0) }) == (.infinity, -.infinity))
    #expect(derivatives(at: 3, { sqrt(0) + $0 }, { sqrt(0) + $0 }) == (1, 0))
  }

  @Test("a distance has the gradient 0 at distance 0, in both modes")
  func distance() {
    #expect(gradient(of: { sqrt($0[0] * $0[0] + $0[1] * $0[1]) }, at: [0, 0]) == [0, 0])
    #expect(gradientForward(of: { sqrt($0[0] * $0[0] + $0[1] * $0[1]) }, at: [0, 0]) == [0, 0])
  }

  @Test("|x| has the slope 0 at 0, and NaN stays NaN")
  func absolute() {
    #expect(derivatives(at: 0, { abs($0) }, { abs($0) }) == (0, 0))
    #expect(derivatives(at: -0.0, { abs($0) }, { abs($0) }) == (0, 0))
    #expect(abs(Dual(Double.nan, tangent: 1)).value.isNaN)
  }

  @Test("a saturated tanh keeps its slope 4 e^(-2x) to full precision", arguments: [20, 100, 300.0])
  func saturated(x: Double) {
    // The library's exp is good to 1 ulp; five more operations follow. The curvature is -2 tanh · tanh′.
    let slope = 4 * Double.exp(-2 * x)
    let (first, second) = derivatives(at: x, { tanh($0) }, { tanh($0) })
    #expect(first ≈ slope.within(relative: 8 * Double.ulpOfOne))
    #expect(second ≈ (-2 * slope).within(relative: 16 * Double.ulpOfOne))
    #expect(derivatives(at: -x, { tanh($0) }, { tanh($0) }) == (first, -second))
  }

  @Test("tanh turns at 0 as its series x - x³/3 says")
  func tanhAtZero() {
    #expect(derivatives(at: 0, { tanh($0) }, { tanh($0) }) == (1, 0))
    let third = derivative(of: { x in derivative(of: { y in derivative(of: tanh, at: y) }, at: x) }, at: 0)
    #expect(third ≈ -2 ± 1e-15)
  }

  @Test("tanh far out is the constant ±1, without NaN", arguments: [400, 1e300, Double.infinity])
  func flat(x: Double) {
    #expect(derivatives(at: x, { tanh($0) }, { tanh($0) }) == (0, 0))
    #expect(derivatives(at: -x, { tanh($0) }, { tanh($0) }) == (0, 0))
  }

  @Test("the logarithm of a tiny number has the slope 1/x as far as that is a number")
  func tinyLogarithm() {
    #expect(derivative(of: log, at: 1e-300) == 1 / 1e-300)
    #expect(derivative(of: log, at: 0x1p-1022) == 0x1p1022)
    #expect(derivative(of: { log($0 * $0) }, at: 1e-150) ≈ 2e150.within(relative: 4 * Double.ulpOfOne))
  }

  @Test("a quotient of tiny numbers has its derivatives, though the denominator's square underflows")
  func tinyQuotient() {
    let x = 3 * 0x1p-700
    let y = 0x1p-700
    #expect(gradient(of: { $0[0] / $0[1] }, at: [x, y]) == [0x1p700, -3 * 0x1p700])
    #expect(gradientForward(of: { $0[0] / $0[1] }, at: [x, y]) == [0x1p700, -3 * 0x1p700])
  }
}
