import AppendixText
import NeuralQuantumStates

// Downhill with slope -1 and curvature -1, for a Δ of length 1. The rule doubles λ until λ - 1 is positive and at least
// ½λ, so until λ ≥ 2: it ends between 2 and 4, the curvature between 1 and 3, and α between ⅓ and 1. The longest step
// is that of the parabola turned over, and no λ from which one starts can make it longer. Without the margin λ could
// end at 1.04, and α at 25.

extension Exercise {
  static let aParabolaTurnedOver: Exercise = .init(9, 1, "the longest step where the model bends down") {
    for lambda in [0.1, 0.26, 0.3, 0.5, 1.9, 1e-3] {
      let r = Rescaling(forms: [[-1, 0], [0, 0]], squares: (1, 0, 0), slopes: (-1, 0), lambda: lambda)
      var predicted = lambda
      while predicted < 2 { predicted *= 2 }
      print(
        "λ = \(lambda) became \(fixed(r.lambda, 3)), predicted \(fixed(predicted, 3)): α = \(fixed(r.alpha, 3)),",
        terminator: " ")
      print("predicted \(fixed(1 / (predicted - 1), 3)), at most 1")
    }
  }
}
