import Ch02AutomaticDifferentiation
import TestSupport
import Testing

@Suite("2.6 Gradients and Jacobians") struct GradientTests {
  @Test("Rosenbrock's valley has its gradient, which vanishes at (1, 1)")
  func valley() {
    let (x, y) = (-1.25, 0.5)
    let expected = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
    #expect(gradient(of: rosenbrock, at: [x, y]) ≈ expected.within(relative: 1e-15))
    #expect(gradientForward(of: rosenbrock, at: [x, y]) ≈ expected.within(relative: 1e-15))
    #expect(gradient(of: rosenbrock, at: [1, 1]) == [0, 0])
  }

  @Test("forward, reverse and finite differences give one gradient", arguments: [1, 2, 3, 10])
  func routes(n: Int) {
    var generator = SplitMix64(seed: 0x5eed + UInt64(n))
    let x = generator.uniform(-1...1, count: n)
    let reverse = gradient(of: entangled, at: x)
    // Sums of n terms of order one, in different orders.
    #expect(reverse ≈ gradientForward(of: entangled, at: x) ± 1e-14)
    // Rounding of a few 1e-16, amplified by 160 in the differences; truncation is far below it.
    #expect(reverse ≈ gradientByDifferences(at: x) { entangled($0) }.values ± 1e-12)
  }

  @Test("the value comes with the gradient")
  func value() {
    let result = valueAndGradient(of: entangled, at: [0.3, -0.4])
    #expect(result.value == entangled([0.3, -0.4]))
    #expect(result.gradient == gradient(of: entangled, at: [0.3, -0.4]))
  }

  @Test("a Jacobian is the same by rows and by columns, and row i is the gradient of output i")
  func jacobians() {
    let (x, y) = (1.5, 0.75)
    let e = Double.exp(x * y)
    let expected = [[2 * x * y, x * x], [1 / y, -x / (y * y)], [y * e, x * e]]
    let byRows = jacobian(of: surface, at: [x, y])
    let byColumns = jacobianForward(of: surface, at: [x, y])
    for i in 0..<3 {
      #expect(byRows[i] ≈ expected[i].within(relative: 4 * Double.ulpOfOne))
      #expect(byColumns[i] ≈ expected[i].within(relative: 4 * Double.ulpOfOne))
      #expect(gradient(of: { surface($0)[i] }, at: [x, y]) == byRows[i])
    }
    let product = jacobianVectorProduct(of: surface, at: [x, y], along: [2, -3])
    #expect(product ≈ expected.map { 2 * $0[0] - 3 * $0[1] }.within(relative: 1e-15))
  }

  @Test("a constant has a zero gradient, though it was never on a tape")
  func constant() {
    #expect(gradient(of: { _ in 3 }, at: [1, 2]) == [0, 0])
    #expect(gradientForward(of: { _ in 3 }, at: [1, 2]) == [0, 0])
    #expect(jacobian(of: { x in [x[1], 5] }, at: [1, 2]) == [[0, 1], [0, 0]])
  }

  @Test("a function of nothing has an empty gradient")
  func empty() {
    #expect(gradient(of: { _ in 3 }, at: [Double]()) == [])
    #expect(gradientForward(of: { _ in 3 }, at: [Double]()) == [])
    #expect(jacobian(of: { _ in [3, 4] }, at: [Double]()) == [[], []])
    #expect(jacobian(of: { _ in [] }, at: [1.0]) == [])
    #expect(jacobianForward(of: { _ in [] }, at: [1.0]) == [])
  }

  @Test("a NaN reaches the gradients that depend on it, and no others")
  func notANumber() {
    let slopes = gradient(of: { x in x[0] * x[1] + x[2] }, at: [.nan, 2, 3])
    #expect(slopes[0] == 2)
    #expect(slopes[1].isNaN)
    #expect(slopes[2] == 1)
  }
}
