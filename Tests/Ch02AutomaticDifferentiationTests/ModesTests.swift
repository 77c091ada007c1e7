import Ch02AutomaticDifferentiation
import TestSupport
import Testing

@Suite("2.4 Forward mode") struct ForwardModeTests {
  @Test("dual numbers multiply as numbers with ε² = 0")
  func multiplication() {
    let product = Dual(2.0, tangent: 3) * Dual(5.0, tangent: 7)
    #expect(product.primal == 10)
    #expect(product.tangent == 2 * 7 + 3 * 5)
  }

  @Test("a derivative is an ordinary function and can be differentiated again")
  func nesting() {
    let third = derivative(
      of: { x in derivative(of: { y in derivative(of: { z in power(z, 5) }, at: y) }, at: x) }, at: 2)
    #expect(third == 60 * 4)
  }

  @Test("an inner derivative does not see the outer variable's perturbation")
  func perturbationConfusion() {
    // d/dx [ x · d/dy (x + y) ] = d/dx [ x · 1 ] = 1; with the two ε confused it would be 2.
    let slope = derivative(of: { x in x * derivative(of: { y in Dual(constant: x) + y }, at: 1) }, at: 1)
    #expect(slope == 1)
  }

  @Test("a directional derivative is the gradient's component")
  func directional() {
    let slope = directionalDerivative(of: rosenbrock, at: [1.5, 2], along: [3, -1])
    #expect(slope == 3 * (2 * 0.5 - 400 * 1.5 * (2 - 2.25)) - 200 * (2 - 2.25))
  }
}

@Suite("2.5 Reverse mode") struct ReverseModeTests {
  @Test("a number used twice collects both of its contributions")
  func fanOut() {
    #expect(gradient(of: { x in x[0] * x[0] + x[0] }, at: [3]) == [7])
  }

  @Test("constants and operations among them leave no trace on the tape")
  func constants() {
    let tape = Tape<Double>()
    let x = tape.variable(2)
    let constant = exp(Adjoint<Double>(3)) / 7 - 1
    #expect(constant.tape == nil)
    #expect(tape.count == 1)
    #expect((constant * x + 1).value == constant.value * 2 + 1)
    #expect(tape.count == 3)
  }

  @Test("a tape can be walked back from every number on it, in any order")
  func everyOutput() {
    let tape = Tape<Double>()
    let x = tape.variable(2)
    let square = x * x
    let y = tape.variable(5)
    let product = square * y
    #expect(tape.gradient(of: product, by: [x, y]) == [20, 4])
    #expect(tape.gradient(of: square, by: [x, y]) == [4, 0])
    #expect(tape.gradient(of: x, by: [x, y]) == [1, 0])
    #expect(tape.gradient(of: product, by: [y, square, 3]) == [4, 5, 0])
  }

  @Test("a million operations are walked without recursion")
  func long() {
    // x ← x · (1 - 1e-6) a million times: the slope is e^-1, to 1e-6 from the limit and 1e6 roundings of 1e-16.
    let slope = gradient(
      of: { x in
        var y = x[0]
        for _ in 0..<1_000_000 { y *= 0.999_999 }
        return y
      }, at: [1])
    #expect(slope ≈ [Double.exp(-1)] ± 1e-6)
  }

  @Test("an inner gradient lives on a tape of its own")
  func nestedTapes() {
    // ∇ₓ [ x · ∂_y (x y²) ] at y = x: the inner derivative is 2 x y, held at y = 3 it gives 2 · 3 · 2x.
    let slope = gradient(
      of: { x in x[0] * gradient(of: { y in Adjoint(constant: x[0]) * y[0] * y[0] }, at: [3])[0] }, at: [2])
    #expect(slope == [24])
  }

  @Test("numbers of two tapes cannot be mixed by mistake")
  func mixedTapes() async {
    await #expect(processExitsWith: .failure) { _ = Tape<Double>().variable(1) + Tape<Double>().variable(2) }
    await #expect(processExitsWith: .failure) { _ = Tape<Double>().gradient(of: Tape<Double>().variable(1), by: []) }
  }
}
