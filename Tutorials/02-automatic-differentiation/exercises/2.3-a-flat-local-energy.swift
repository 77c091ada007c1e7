import AppendixText
import NeuralQuantumStates

// (x + cx³) exp(-x²/2) is odd. E_L is flat for an eigenstate alone, and the odd ones of degree three and less are
// x exp(-x²/2), with E = 1½, and the third Hermite polynomial 8x³ - 12x, which is x + cx³ with c = -⅔, with E = 3½. Any
// other c is a sum of the two, which is no eigenstate and has no definite energy.

private func trial<S: DifferentiableScalar>(_ x: [S], _ c: Double) -> S {
  let (y, square) = (x[0], x[0] * x[0])
  return (y + S(c) * y * square) * exp(S(-0.5) * square)
}

extension Exercise {
  static let aFlatLocalEnergy: Exercise = .init(2, 3, "two values of c at which the local energy is flat") {
    for (c, predicted) in [(0, "flat at 1.5"), (-1.0 / 3, "not flat"), (-2.0 / 3, "flat at 3.5")] {
      let energies = [0.3, 0.9, 2.0].map { x in
        -0.5 * laplacian(of: { trial($0, c) }, at: [x]) / trial([x], c) + 0.5 * x * x
      }
      print("c = \(fixed(c, 3)):", columns(energies, 6), " predicted:", predicted)
    }
  }
}
