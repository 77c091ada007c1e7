import Ch01LinearAlgebra
import Ch07NaturalGradient
import TestSupport
import Testing

@Suite("7.8 Rescaling: two numbers from a 2 × 2 system") struct Rescalings {
  /// M(δ) - M(0) at α, μ for a given λ.
  private func model(
    _ forms: Matrix, _ squares: (Double, Double, Double), _ slopes: (Double, Double), _ lambda: Double, _ alpha: Double,
    _ mu: Double
  ) -> Double {
    let (a, b, c) = (
      forms[0, 0] + lambda * squares.0, forms[0, 1] + lambda * squares.1, forms[1, 1] + lambda * squares.2
    )
    return 0.5 * (a * alpha * alpha + 2 * b * alpha * mu + c * mu * mu) + slopes.0 * alpha + slopes.1 * mu
  }

  @Test("it solves the system, and predicts what the model says")
  func closedForm() {
    // With λ = 1 the matrix is [[3, 1], [1, 2]], its inverse [[2, -1], [-1, 3]]/5.
    let result = Rescaling(
      forms: [[2, 1], [1, 1]], squares: (1, 0, 1), slopes: (-4, -3), lambda: 1)
    #expect(result.alpha ≈ 1 ± 1e-15)
    #expect(result.mu ≈ 1 ± 1e-15)
    #expect(result.lambda == 1)
    // At a minimum the prediction is half the slope.
    #expect(result.predictedChange ≈ -3.5 ± 1e-14)
  }

  @Test("no pair (α, μ) nearby promises more", arguments: 1...20)
  func minimum(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    // Forms and squares of three-dimensional vectors and a positive matrix; units of very different size.
    let (x, y) = (random.uniform(-1...1, count: 3), random.uniform(-1...1, count: 3).map { 1e-4 * $0 })
    let q = columnGram(Matrix(rows: 3, columns: 3, elements: random.uniform(-1...1, count: 9)))
    let g = random.uniform(-1...1, count: 3)
    let forms: Matrix = [[dot(x, q * x), dot(x, q * y)], [dot(x, q * y), dot(y, q * y)]]
    let (squares, slopes) = ((dot(x, x), dot(x, y), dot(y, y)), (dot(g, x), dot(g, y)))
    let best = Rescaling(forms: forms, squares: squares, slopes: slopes, lambda: 0.1)
    let value = model(forms, squares, slopes, 0.1, best.alpha, best.mu)
    #expect(best.predictedChange ≈ value.within(relative: 1e-9))
    #expect(value < 0)
    for (da, dm) in [(1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3), (1e-3, 1e-3), (1e-3, -1e-3)] as [(Double, Double)] {
      let (alpha, mu) = (best.alpha + da * (1 + abs(best.alpha)), best.mu + dm * (1 + abs(best.mu)))
      #expect(model(forms, squares, slopes, 0.1, alpha, mu) >= value)
    }
  }

  @Test("without a last step: the length of a line search, no momentum")
  func alone() {
    let result = Rescaling(forms: [[3, 0], [0, 0]], squares: (2, 0, 0), slopes: (-5, 0), lambda: 1)
    #expect(result.alpha ≈ 1 ± 1e-15)
    #expect(result.mu == 0)
    #expect(result.predictedChange ≈ -2.5 ± 1e-14)
  }

  @Test(
    "two vectors along one line are one vector: μ = 0, and nothing blows up",
    arguments: [1.0, -1, 2, 1e-6, 1e6, 1.0 / 3])
  func singular(ratio: Double) {
    let result = Rescaling(
      forms: [[3, 3 * ratio], [3 * ratio, 3 * ratio * ratio]], squares: (2, 2 * ratio, 2 * ratio * ratio),
      slopes: (-5, -5 * ratio), lambda: 1)
    #expect(result.alpha ≈ 1 ± 1e-12)
    #expect(result.mu == 0)
    #expect(result.predictedChange ≈ -2.5 ± 1e-12)
  }

  @Test("an indefinite model: λ rises until there is a minimum, and the step is that")
  func indefinite() {
    for forms: Matrix in [[[-5, 1], [1, 2]], [[2, 7], [7, 1]], [[1, 0], [0, -30]], [[-5, 0], [0, -4]]] {
      let result = Rescaling(forms: forms, squares: (1, 0.2, 1), slopes: (-1, 0.5), lambda: 0.1)
      let (a, b, c) = (
        forms[0, 0] + result.lambda, forms[0, 1] + 0.2 * result.lambda, forms[1, 1] + result.lambda
      )
      #expect(result.lambda > 0.1)
      #expect(a > 0 && a * c > b * b)
      // The gradient of the model vanishes there, with the raised λ.
      #expect(a * result.alpha + b * result.mu ≈ 1 ± 1e-12)
      #expect(b * result.alpha + c * result.mu ≈ -0.5 ± 1e-12)
      #expect(result.predictedChange < 0)
    }
  }

  // In one dimension with Q = -1: λ - 1 ≥ λ/2 from λ = 2 on.
  @Test(
    "λ is doubled until half of what it adds is left", arguments: [(1.0, 2.0), (1.5, 3), (2, 2), (1.99, 3.98), (8, 8)])
  func share(lambda: Double, expected: Double) {
    let result = Rescaling(forms: [[-1, 0], [0, 0]], squares: (1, 0, 0), slopes: (-1, 0), lambda: lambda)
    #expect(result.lambda == expected)
    #expect(result.alpha ≈ (1 / (expected - 1)).within(relative: 1e-14))
  }

  @Test("a positive model keeps its λ")
  func definite() {
    let result = Rescaling(forms: [[2, 1], [1, 2]], squares: (1, 0, 1), slopes: (-1, -1), lambda: 1e-7)
    #expect(result.lambda == 1e-7)
  }

  @Test("a direction of no length goes nowhere; numbers that are none do not hang")
  func nothing() {
    let zero = Rescaling(forms: Matrix(rows: 2, columns: 2), squares: (0, 0, 0), slopes: (0, 0), lambda: 1)
    #expect(zero.alpha == 0 && zero.mu == 0 && zero.predictedChange == 0)
    let nan = Rescaling(
      forms: Matrix(rows: 2, columns: 2, repeating: .nan), squares: (.nan, .nan, .nan), slopes: (.nan, .nan), lambda: 1)
    #expect(nan.alpha == 0 && nan.mu == 0)
  }
}
