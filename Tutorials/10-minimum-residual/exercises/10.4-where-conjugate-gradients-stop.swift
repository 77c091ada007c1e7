import AppendixText
import NeuralQuantumStates

// Conjugate gradients go along b by the length bᵀb/bᵀAb. With eigenvalues ±1 in equal parts bᵀAb = 0: the first length
// would be infinite, and the method has to stop at 0, where it has b left. MINRES asks for ‖b - Ax‖ and needs no sign:
// two eigenvalues, two iterations (10.1). Its first one gains nothing either, since b is orthogonal to Ab. With λ > 1
// all eigenvalues of A + λ are positive, which is what conjugate gradients ask for; between 0 and 1 a later direction
// meets a negative one, and `ConjugateGradients` stops there.

extension Exercise {
  static let whereConjugateGradientsStop: Exercise = .init(
    10, 4, "an indefinite matrix stops conjugate gradients at once"
  ) {
    func multiply(_ v: [Double]) -> [Double] { zip([1.0, -1, 1, -1], v).map { $0 * $1 } }
    let b = [1.0, 1, 1, 1]
    let minimum = MinimumResidual(tolerance: 1e-12).solve(multiply, rightHandSide: b)
    print("MINRES: residuals", columns(minimum.residuals, 3), " predicted 2, 2, 0")
    let conjugate = ConjugateGradients().solution(of: LinearSystem(multiply, rightHandSide: b, shift: 0))
    let rest = norm(zip(b, multiply(conjugate.x)).map { $0 - $1 })
    print("conjugate gradients: \(conjugate.iterations) iterations, residual \(fixed(rest, 3)), predicted 0 and 2.000")
    let shifted = ConjugateGradients().solution(of: LinearSystem(multiply, rightHandSide: b, shift: 1.5))
    print(
      "with λ = 1.5: \(shifted.iterations) iterations, predicted 2; x =", columns(shifted.x, 3), " predicted 0.4 and 2")
  }
}
