import AppendixText
import NeuralQuantumStates

// Rounding leaves about εf in each of the values, ε = 1.1e-16, and h² divides what is left of the sum: 2εf/h² or so.
// The formula leaves out h²f⁗/12. The two meet at h⁴ = 24 εf/f⁗, and with f near ½ and f⁗ near 50 that is h = 7e-5,
// where each is √(εf f⁗/6) = 2e-8 and their sum about as small as it gets. Both are known before anything runs. Dual
// numbers have neither error.

private func wiggle<S: DifferentiableScalar>(_ x: S) -> S { x * sin(x * x) }

extension Exercise {
  static let theBestStep: Exercise = .init(2, 2, "where rounding wins against the formula") {
    let points = (0..<2000).map { i -> Double in 0.4 + 0.8 * Double(i) / 2000 }
    let second = points.map { derivative(of: { derivative(of: wiggle, at: $0) }, at: $0) }
    // f⁗ by dual numbers four deep, for what the formula leaves out.
    let fourth = points.map { x in
      derivative(
        of: { y in derivative(of: { z in derivative(of: { derivative(of: wiggle, at: $0) }, at: z) }, at: y) }, at: x)
    }
    let (f, f4) = (mean(points.map { wiggle($0) }), mean(fourth.map { abs($0) }))
    print("predicted: best step near \(scientific(Double.pow(24 * 1.1e-16 * f / f4, 0.25), 0)),", terminator: " ")
    print("its error of the order \(scientific(2 * (1.1e-16 * f * f4 / 6).squareRoot(), 0))")
    for h in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] {
      let errors = zip(points, second).map { x, exact in
        abs((wiggle(x + h) - 2 * wiggle(x) + wiggle(x - h)) / (h * h) - exact)
      }
      print("h = \(scientific(h, 0)): mean error \(scientific(mean(errors), 0)),", terminator: " ")
      print("h²f⁗/12 = \(scientific(h * h * f4 / 12, 0)), 2εf/h² = \(scientific(2.2e-16 * f / (h * h), 0))")
    }
  }
}
