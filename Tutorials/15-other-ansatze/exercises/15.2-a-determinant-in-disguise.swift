import AppendixText
import NeuralQuantumStates

// e^{w · x_π} is a product, one factor a particle, and Σ_π sgn(π) ∏_i e^{w_i x_π(i)} is by definition the determinant
// of e^{w_i x_j}. Elimination needs about A³/3 multiplications where the sum has A! terms of A factors: 42 against 600
// at A = 5, 114 against 35 280 at A = 7. Any σ that is a sum or an integral of exponentials, real or complex, has
// this: a sine, and tanh through its Fourier integral. That is how the sum is made cheap (arXiv:2205.12250). ψ is as
// small beside its terms as before, but the two methods do not lose the same number of digits: of the sum 16 + log₁₀ r
// are right, or a few more; elimination never adds up the terms that cancel, and loses far fewer.
//
// The exact value is known here: with particles at equal distances, x_j = x_0 + d j, the matrix is a Vandermonde
// matrix of z_i = e^{w_i d}, and its determinant is ∏_i e^{w_i x_0} ∏_{i<j} (z_j - z_i).

extension Exercise {
  static let aDeterminantInDisguise: Exercise = .init(15, 2, "an exponential's sum over permutations") {
    for particles in [3, 4, 5, 6] {
      let psi = AntisymmetrizedNetwork(particles: particles, hidden: 1, activation: .exponential, seed: 2)
      let x = (0..<particles).map { 0.5 * Double($0) - 0.9 }
      let w = Array(psi.parameters[..<particles])
      let matrix = (0..<particles).map { i in (0..<particles).map { j in Double.exp(w[i] * x[j]) } }
      var exact = Double.exp(-0.9 * w.reduce(0, +))
      for j in w.indices {
        for i in 0..<j { exact *= Double.exp(0.5 * w[j]) - Double.exp(0.5 * w[i]) }
      }
      let p = psi.parameters
      let factor = p[particles + 1] * Double.exp(p[particles] - 0.5 * dot(x, x) - 0.5 * Double.logFactorial(particles))
      let sum = psi.evaluate(Walkers([x]), order: .value).psi[0] / factor
      /// Right digits, of sixteen.
      func digits(_ value: Double) -> Double { -Double.log(max(1e-16, abs(value / exact - 1))) / Double.log(10) }
      let lost = -Double.log(psi.cancellations(at: Walkers([x]))[0]) / Double.log(10)
      let (ofSum, ofDeterminant) = (digits(sum), digits(determinant(of: matrix)))
      print("\(particles) fermions: -log₁₀ r is \(fixed(lost, 1)); right digits:", terminator: " ")
      print(
        "≈ \(fixed(max(0, ofSum), 1)) of the sum, at least 15 - \(fixed(lost, 1)), and ≈ \(fixed(ofDeterminant, 1)) of the determinant,",
        terminator: " ")
      print("at least 9:", yesOrNo(ofSum > 15 - lost && ofDeterminant > 9))
    }
  }
}
