import Ch02AutomaticDifferentiation
import TestSupport
import Testing

@Suite("2.14 Determinants") struct ScalarDeterminantTests {
  /// Rows of length n from one flat vector.
  func matrix<S>(_ elements: [S], rows n: Int) -> [[S]] { (0..<n).map { Array(elements[$0 * n..<$0 * n + n]) } }

  @Test("the empty matrix has determinant 1, a number is its own")
  func tiny() {
    #expect(determinant(of: [[Double]]()) == 1)
    #expect(divisionFreeDeterminant(of: [[Double]]()) == 1)
    #expect(signAndLogDeterminant(of: [[Double]]()) == (1, 0))
    #expect(gradient(of: { determinant(of: [$0]) }, at: [0]) == [1])
    #expect(signAndLogDeterminant(of: [[-2.0]]) == (-1, Double.log(2)))
  }

  @Test("elimination, division-free recursion and logarithm agree, and so do their gradients", arguments: 1...6)
  func routes(n: Int) {
    var generator = SplitMix64(seed: 0xdecade + UInt64(n))
    let a = generator.uniform(-1...1, count: n * n)
    let byElimination = valueAndGradient(of: { determinant(of: matrix($0, rows: n)) }, at: a)
    let withoutDivision = valueAndGradient(of: { divisionFreeDeterminant(of: matrix($0, rows: n)) }, at: a)
    let byLogarithm = valueAndGradient(of: { signAndLogDeterminant(of: matrix($0, rows: n)).logMagnitude }, at: a)
    let sign = signAndLogDeterminant(of: matrix(a, rows: n)).sign
    // Products of six numbers of order one, with at most a few dozen roundings.
    let value = byElimination.value
    #expect(value ≈ withoutDivision.value ± 1e-14)
    #expect(value ≈ (sign * Double.exp(byLogarithm.value)).within(relative: 1e-14))
    #expect(byElimination.gradient ≈ withoutDivision.gradient ± 1e-13)
    #expect(byLogarithm.gradient ≈ withoutDivision.gradient.map { $0 / value }.within(relative: 1e-12))
  }

  @Test("the numbers 1, x, x² … make Vandermonde's product of differences")
  func vandermonde() {
    let x = [-1.0, 0.5, 2, 3, -2.5]
    let rows = x.map { x in (0..<5).map { Double.power(x, $0) } }
    var product = 1.0
    for i in 0..<5 { for j in 0..<i { product *= x[i] - x[j] } }
    #expect(determinant(of: rows) ≈ product.within(relative: 1e-14))
    #expect(divisionFreeDeterminant(of: rows) ≈ product.within(relative: 1e-14))
  }

  @Test("two exchanged rows change the sign and nothing else")
  func antisymmetry() {
    var rows = [[2.0, 1, 0.5], [-1, 3, 0.25], [0.75, 1, -4]]
    let before = signAndLogDeterminant(of: rows)
    rows.swapAt(0, 2)
    #expect(signAndLogDeterminant(of: rows) == (-before.sign, before.logMagnitude))
  }

  @Test("a singular matrix of rank n - 1 has the determinant 0 and the adjugate for a gradient")
  func singular() {
    // The third row is the sum of the others. Cofactors by hand, all small integers.
    let a = [1.0, 2, 3, 4, 5, 7, 5, 7, 10]
    let result = valueAndGradient(of: { determinant(of: matrix($0, rows: 3)) }, at: a)
    #expect(result.value ≈ 0 ± 1e-14)
    #expect(result.gradient ≈ [1, -5, 3, 1, -5, 3, -1, 5, -3] ± 1e-13)
    #expect(signAndLogDeterminant(of: [[1.0, 2], [2, 4]]).sign == 0)
    #expect(signAndLogDeterminant(of: [[1.0, 2], [2, 4]]).logMagnitude == -.infinity)
  }

  @Test("where the rank is lower still, the gradient vanishes and the Hessian does not")
  func rankOne() {
    let a = [1.0, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(gradient(of: { determinant(of: matrix($0, rows: 3)) }, at: a) == Array(repeating: 0, count: 9))
    // ∂²/∂a₂₂∂a₃₃ = a₁₁ = 1, ∂²/∂a₂₃∂a₃₂ = -1.
    let h = hessian(of: { determinant(of: matrix($0, rows: 3)) }, at: a)
    #expect(h == hessian(of: { divisionFreeDeterminant(of: matrix($0, rows: 3)) }, at: a))
    #expect(h[4][8] == 1)
    #expect(h[5][7] == -1)
  }

  @Test("the determinant of t·1 is tⁿ also at t = 0, to the nth derivative")
  func zeroMatrix() {
    func f<S: DifferentiableScalar>(_ t: S) -> S { determinant(of: [[t, 0, 0], [0, t, 0], [0, 0, t]]) }
    #expect(f(0.0) == 0)
    #expect(derivative(of: f, at: 0) == 0)
    #expect(derivative(of: { x in derivative(of: { y in derivative(of: f, at: y) }, at: x) }, at: 0) == 6)
  }

  @Test("the logarithm outlives determinants that overflow")
  func overflow() {
    let huge = signAndLogDeterminant(of: [[1e200, 0], [0, -1e200]])
    #expect(huge.sign == -1)
    #expect(huge.logMagnitude ≈ (400 * Double.log(10)).within(relative: 1e-15))
  }

  @Test("free fermions in the trap have the local energy A²/2 wherever they are", arguments: 1...5)
  func freeFermions(particles: Int) {
    // ψ = det[x_iʲ] e^(-Σx²/2): powers span the same space as the oscillator's Hermite polynomials.
    func logPsi<S: DifferentiableScalar>(_ x: [S]) -> S {
      let rows = x.map { x in (0..<particles).map { power(x, $0) } }
      return signAndLogDeterminant(of: rows).logMagnitude - x.reduce(0) { $0 + $1 * $1 } / 2
    }
    var generator = SplitMix64(seed: 11)
    let x = generator.uniform(-2...2, count: particles)
    let slopes = gradient(of: logPsi, at: x)
    let kinetic = -0.5 * (laplacian(of: logPsi, at: x) + slopes.reduce(0) { $0 + $1 * $1 })
    let potential = 0.5 * x.reduce(0) { $0 + $1 * $1 }
    #expect(kinetic + potential ≈ Double(particles * particles) / 2 ± 1e-10)
  }
}
