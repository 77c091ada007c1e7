import AppendixText
import NeuralQuantumStates

// Let θ = Tθ'. Then g becomes Tᵀg and F becomes TᵀFT, so that T(TᵀFT)⁻¹Tᵀg = F⁻¹g: the same step. With damping this
// needs λ to become λTᵀT. λ times the unit matrix says that all parameters are worth the same, and knows of one basis
// only: with that, the step changes by more than it is long, as gradient descent's TTᵀg does.

extension Exercise {
  static let otherParameters: Exercise = .init(
    7, 2, "the natural gradient of mixed parameters, with two kinds of damping"
  ) {
    var differences = [[Double]](repeating: [], count: 3)
    for seed in 1...4 as ClosedRange<UInt64> {
      let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 8, seed: seed)
      let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
      let (f, g, lambda) = (FisherMetric().matrix(sample), sample.gradient, 0.01)
      // Each parameter in a unit between ⅓ and 3, and mixed with the next one.
      let t = Matrix(rows: g.count, columns: g.count) { p, q in
        p == q ? Double.exp(1.1 * Double.sin(Double(p * p))) : q == p + 1 ? 0.5 : 0
      }
      let transposed = t.transposed()
      let (newF, newG) = (transposed * (f * t), transposed * g)
      func step(_ f: Matrix, _ g: [Double], damping: Matrix) -> [Double] {
        Cholesky(f + lambda * damping)!.solve(g).map { -$0 }
      }
      func difference(_ a: [Double], _ b: [Double]) -> Double { norm(zip(a, b).map { $0 - $1 }) / norm(b) }
      let one = Matrix.identity(g.count)
      let natural = step(f, g, damping: one)
      differences[0].append(difference(t * step(newF, newG, damping: transposed * t), natural))
      differences[1].append(difference(t * step(newF, newG, damping: one), natural))
      differences[2].append(difference(t * newG, g))
    }
    // Rounding is below 1e-8; how far is another matter on another machine.
    print("λTᵀT: differs by \(scientific(max(differences[0].max()!, 1e-8), 0)), predicted 1e-08 or less")
    print("λ: differs by \(estimate(differences[1], 1)), predicted of the order 1")
    print("gradient descent: differs by \(estimate(differences[2], 1)), predicted of the order 1")
  }
}
