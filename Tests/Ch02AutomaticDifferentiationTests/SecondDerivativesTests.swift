import Ch02AutomaticDifferentiation
import TestSupport
import Testing

@Suite("2.7 Second derivatives") struct SecondDerivativesTests {
  @Test("halving the step of a second difference never brings the second derivative to 1e-9; dual numbers have it")
  func differences() {
    let x = 0.7
    let exact = -Double.sin(x)
    let errors = (4...32).map { k in
      let h = Double.power(2, -k)
      return abs((Double.sin(x + h) - 2 * Double.sin(x) + Double.sin(x - h)) / (h * h) / exact - 1)
    }
    #expect(errors.min()! > 1e-9)
    #expect(laplacian(of: { sin($0[0]) }, at: [x]) == exact)
  }

  @Test("Rosenbrock's valley has its Hessian")
  func valley() {
    let (x, y) = (-1.25, 0.5)
    let expected = [[2 - 400 * y + 1200 * x * x, -400 * x], [-400 * x, 200]]
    for (row, values) in zip(hessian(of: rosenbrock, at: [x, y]), expected) {
      #expect(row ≈ values.within(relative: 1e-15))
    }
  }

  @Test("one mode over the other and each over itself give one Hessian, and it is symmetric", arguments: [1, 2, 5])
  func routes(n: Int) {
    var generator = SplitMix64(seed: 0xfeed + UInt64(n))
    let x = generator.uniform(-1...1, count: n)
    let forwardOverReverse = hessian(of: entangled, at: x)
    let nestedForwardOverReverse = jacobianForward(of: { gradient(of: entangled, at: $0) }, at: x)
    let reverseOverForward = jacobian(of: { gradientForward(of: entangled, at: $0) }, at: x)
    let reverseOverReverse = jacobian(of: { gradient(of: entangled, at: $0) }, at: x)
    let forwardOverForward = jacobianForward(of: { gradientForward(of: entangled, at: $0) }, at: x)
    // The same operations, asked for by column instead of by row.
    #expect(nestedForwardOverReverse == x.indices.map { j in forwardOverReverse.map { $0[j] } })
    // Sums of a few dozen terms of order one: 1e-14 is some fifty roundings.
    for i in 0..<n {
      let row = forwardOverReverse[i]
      #expect(reverseOverForward[i] ≈ row ± 1e-14)
      #expect(reverseOverReverse[i] ≈ row ± 1e-14)
      #expect(forwardOverForward[i] ≈ row ± 1e-14)
      #expect(forwardOverReverse.map { $0[i] } ≈ row ± 1e-14)
      #expect(gradientByDifferences(at: x) { gradient(of: entangled, at: $0)[i] }.values ≈ row ± 1e-11)
    }
  }

  @Test("a Hessian-vector product is the Hessian times the vector, by either order of the modes")
  func products() {
    var generator = SplitMix64(seed: 7)
    let x = generator.uniform(-1...1, count: 6)
    let v = generator.uniform(-1...1, count: 6)
    let expected = hessian(of: entangled, at: x).map { row in zip(row, v).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(hessianVectorProduct(of: entangled, at: x, along: v) ≈ expected ± 1e-14)
    let reverseOverForward = gradient(
      of: { y in directionalDerivative(of: entangled, at: y, along: v.map { Adjoint($0) }) }, at: x)
    #expect(reverseOverForward ≈ expected ± 1e-14)
  }

  @Test("a constant or linear function has no second derivatives; a function of nothing has none to compute")
  func degenerate() {
    #expect(hessian(of: { _ in 3 }, at: [1, 2]) == [[0, 0], [0, 0]])
    #expect(hessian(of: { x in 2 * x[0] - x[1] }, at: [1, 2]) == [[0, 0], [0, 0]])
    #expect(hessianVectorProduct(of: { _ in 3 }, at: [1, 2], along: [1, 1]) == [0, 0])
    #expect(laplacian(of: { _ in 3 }, at: [1, 2]) == 0)
    #expect(hessian(of: { _ in 3 }, at: [Double]()) == [])
    #expect(hessianVectorProduct(of: { _ in 3 }, at: [Double](), along: []) == [])
    #expect(laplacian(of: { _ in 3 }, at: [Double]()) == 0)
  }
}

@Suite("2.9 Laplacians") struct LaplacianTests {
  @Test("a Gaussian has the Laplacian (4a²r² - 2an) e^(-ar²)", arguments: [1, 2, 3, 6])
  func gaussians(n: Int) {
    let a = 0.7
    var generator = SplitMix64(seed: UInt64(n))
    let x = generator.uniform(-1...1, count: n)
    let r2 = x.reduce(0) { $0 + $1 * $1 }
    let expected = (4 * a * a * r2 - 2 * a * Double(n)) * Double.exp(-a * r2)
    #expect(laplacian(of: { gaussian($0, width: .init(a)) }, at: x) ≈ expected ± 1e-14)
  }

  @Test("ln|x₁ - x₂| has the Laplacian -2/(x₁ - x₂)², also close to the node", arguments: [2, 1e-3, 1e-8, -1e-8])
  func node(distance: Double) {
    // At powers of ten the difference of the coordinates is rounded: take the distance that is there.
    let x = [0.25 + distance, 0.25]
    let expected = -2 / ((x[0] - x[1]) * (x[0] - x[1]))
    #expect(laplacian(of: { log(abs($0[0] - $0[1])) }, at: x) ≈ expected.within(relative: 1e-15))
  }

  @Test("harmonic functions have none")
  func harmonic() {
    let x = [0.6, -1.1, 0.4]
    // Terms of order ten or less cancel: some ten roundings of 1e-15.
    #expect(laplacian(of: { $0[0] * $0[0] - $0[1] * $0[1] }, at: x) == 0)
    #expect(laplacian(of: { exp($0[0]) * sin($0[1]) }, at: x) ≈ 0 ± 1e-14)
    #expect(laplacian(of: { log($0[0] * $0[0] + $0[1] * $0[1]) }, at: x) ≈ 0 ± 1e-14)
    #expect(laplacian(of: { 1 / sqrt($0.reduce(0) { $0 + $1 * $1 }) }, at: x) ≈ 0 ± 1e-14)
    // Re (x + iy)⁵.
    let quintic = laplacian(
      of: { z in power(z[0], 5) - 10 * power(z[0], 3) * power(z[1], 2) + 5 * z[0] * power(z[1], 4) }, at: x)
    #expect(quintic ≈ 0 ± 1e-13)
  }

  @Test("a Laplacian is the trace of the Hessian")
  func trace() {
    let x = [0.3, -0.8, 0.5, 0.1]
    let h = hessian(of: entangled, at: x)
    #expect(laplacian(of: entangled, at: x) ≈ x.indices.reduce(0) { $0 + h[$1][$1] } ± 1e-14)
  }

  @Test("reverse mode in a parameter runs through the Laplacian in the coordinates")
  func parameter() {
    let a = 0.7
    let x = [0.5, -0.25]
    let slope = gradient(
      of: { parameters in
        laplacian(
          of: { y in gaussian(y, width: Dual(constant: Dual(constant: parameters[0]))) }, at: x.map { Adjoint($0) })
      }, at: [a])
    let r2 = 0.3125
    let expected = (8 * a * r2 - 4 - r2 * (4 * a * a * r2 - 4 * a)) * Double.exp(-a * r2)
    #expect(slope ≈ [expected] ± 1e-14)
  }
}
