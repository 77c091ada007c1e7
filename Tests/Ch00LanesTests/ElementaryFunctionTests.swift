import Ch00Lanes
import TestSupport
import Testing

/// Largest distance between f in lanes and the C library's f, in units of the last place of the latter or in one unit for all;
/// infinite where one of the two is not a number.
func largestError(
  of f: (Lanes) -> Lanes, against reference: (Double) -> Double, over range: ClosedRange<Double>, unit: Double? = nil
) -> Double {
  var generator = SplitMix64(seed: 1)
  var worst = 0.0
  for _ in 0..<5000 {
    let x = generator.uniform(range, count: 8)
    let y = f(Lanes(x))
    for lane in 0..<8 {
      let expected = reference(x[lane])
      let error = abs(y[lane] - expected) / (unit ?? max(expected.ulp, .leastNonzeroMagnitude))
      worst = error.isNaN ? .infinity : max(worst, error)
    }
  }
  return worst
}

// Tolerances: the bound that each function's comment states, and half a unit for the rounding of the C library.
@Suite("0.1 Elementary functions in lanes") struct ElementaryFunctions {
  @Test("exp is the C library's to 1.1 units in the last place", arguments: [-0.4...0.4, -700...700, -745...(-700)])
  func exponential(range: ClosedRange<Double>) {
    #expect(largestError(of: Lanes.exp, against: Double.exp, over: range) < 1.6)
  }

  @Test("exp of a negative number needs no care for overflow and is as accurate")
  func exponentialOfNegative() {
    #expect(largestError(of: Lanes.expOfNegative, against: Double.exp, over: -700...0) < 1.6)
    #expect(Lanes.expOfNegative(Lanes(repeating: -1e6))[0] < 1e-300)
  }

  // The C library's own tanh is right to about a unit, so the two may be four apart.
  @Test("tanh is the C library's to 4 units in the last place", arguments: [-0.01...0.01, -1...1, -30...30])
  func hyperbolicTangent(range: ClosedRange<Double>) {
    #expect(largestError(of: Lanes.tanh, against: Double.tanh, over: range) <= 4)
  }

  // 4e-7 is between three and seven units of single precision; far out the bound is that of ±1.
  @Test("tanh in single precision is right to 4e-7", arguments: [-1e-3...1e-3, -1...1, -9...9, -1e6...1e6])
  func singleTangent(range: ClosedRange<Double>) {
    var generator = SplitMix64(seed: 4)
    var (found, exact): ([Double], [Double]) = ([], [])
    for _ in 0..<1000 {
      let x = SIMD16<Float>(generator.uniform(range, count: 16).map { Float($0) })
      let y = SIMD16<Float>.tanh(x)
      for lane in 0..<16 {
        found.append(Double(y[lane]))
        exact.append(Double.tanh(Double(x[lane])))
      }
    }
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) <= 4e-7 * abs($1) })
    #expect(SIMD16<Float>.tanh(SIMD16(repeating: .nan))[3].isNaN)
    #expect(Double(SIMD16<Float>.tanh(SIMD16(repeating: -.infinity))[3]) ≈ -1 ± 4e-7)
  }

  @Test("log is the C library's to 0.8 units in the last place", arguments: [0.5...2, 1e-3...1e3, 1e290...1e305])
  func logarithm(range: ClosedRange<Double>) {
    #expect(largestError(of: Lanes.log, against: Double.log, over: range) < 1.3)
  }

  @Test("sin and cos are the C library's to 1.4 units in the last place, except next to their zeros")
  func trigonometric() {
    // Near a zero the unit shrinks with the value: there the error is absolute, a unit at 1.
    let range = -1000.0...1000
    #expect(largestError(of: { Lanes.sincos($0).0 }, against: Double.sin, over: range, unit: 1.0.ulp) < 1.9)
    #expect(largestError(of: { Lanes.sincos($0).1 }, against: Double.cos, over: range, unit: 1.0.ulp) < 1.9)
  }

  @Test("a quarter turn is exact")
  func turns() {
    let (s, c) = Lanes.sincosOfTurns(Lanes(0, 0.25, 0.5, 0.75, 1, 0.125, 0.375, 0.625))
    #expect((0..<5).map { s[$0] } == [0, 1, 0, -1, 0])
    #expect((0..<5).map { c[$0] } == [1, 0, -1, 0, 1])
    #expect(s[5] ≈ 0.5.squareRoot() ± 1e-15)
  }

  @Test("the ends of the range are the C library's: infinities, zeros, NaN, subnormal numbers")
  func ends() {
    let x = Lanes(.infinity, -.infinity, .nan, 0, -0.0, 0x1p-1074, -800, 800)
    func same(_ y: Lanes, _ f: (Double) -> Double) -> Bool {
      (0..<8).allSatisfy { y[$0] == f(x[$0]) || (y[$0].isNaN && f(x[$0]).isNaN) }
    }
    #expect(same(.exp(x), Double.exp))
    #expect(same(.log(x), Double.log))
    #expect(same(.tanh(x), Double.tanh))
    #expect(Lanes.tanh(x)[4].sign == .minus)
  }
}
