import Ch02AutomaticDifferentiation
import TestSupport
import Testing

@Suite("2.1 Numbers that formulas are written with") struct DifferentiableScalarTests {
  func value<S: DifferentiableScalar>(_ x: [Double], as _: S.Type) -> Double { entangled(x.map { S($0) }).value }

  @Test("a formula has the same value, bit by bit, under any layers of derivatives")
  func sameValue() {
    let x = [0.3, -1.2, 0.7]
    let plain = entangled(x)
    #expect(value(x, as: Double.self) == plain)
    #expect(value(x, as: Dual<Double>.self) == plain)
    #expect(value(x, as: Adjoint<Double>.self) == plain)
    #expect(value(x, as: Dual<Dual<Double>>.self) == plain)
    #expect(value(x, as: Dual<Adjoint<Double>>.self) == plain)
    #expect(value(x, as: Adjoint<Dual<Double>>.self) == plain)
    #expect(value(x, as: Adjoint<Adjoint<Double>>.self) == plain)
  }

  @Test("numbers compare by value, whatever their derivatives")
  func comparison() {
    #expect(Dual(1.0, tangent: 5) == Dual(1.0, tangent: -2))
    #expect(Dual(1.0, tangent: 5) < 2)
    #expect(Tape<Double>().variable(3) > 2)
  }

  @Test("a branch is differentiated as it was taken")
  func branches() {
    func relu<S: DifferentiableScalar>(_ x: S) -> S { x > 0 ? x : 0 }
    #expect(derivative(of: relu, at: 2) == 1)
    #expect(derivative(of: relu, at: -2) == 0)
  }

  @Test("the standard library's algorithms take these numbers")
  func standardLibrary() {
    let x = [Dual(3.0, tangent: 1), 1, -4]
    #expect(x.reduce(0, +) == 0)
    #expect(x.max()!.tangent == 1)
    #expect(x.sorted().map(\.value) == [-4, 1, 3])
    #expect(x.map(\.magnitude).map(\.value) == [3, 1, 4])
    #expect(Swift.abs(x[2]) == 4)
  }

  @Test("an integer that Double rounds is no exact constant")
  func exactly() {
    #expect(Dual<Double>(exactly: 1 << 53)?.value == 0x1p53)
    #expect(Dual<Double>(exactly: 1 << 53 + 1) == nil)
  }

  @Test("only the constant zero is identically zero, not a variable that passes through it")
  func identicallyZero() {
    #expect(Dual<Double>(0).isIdenticallyZero)
    #expect(!Dual(0.0, tangent: 1).isIdenticallyZero)
    #expect(Adjoint<Double>(0).isIdenticallyZero)
    #expect(!Tape<Double>().variable(0).isIdenticallyZero)
    #expect(!Dual(Dual(0.0, tangent: 1), tangent: 0).isIdenticallyZero)
  }
}
