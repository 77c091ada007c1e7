import AppendixText
import NeuralQuantumStates

// e^{w · x_π} is a product, one factor a particle, and Σ_π sgn(π) ∏_i e^{w_i x_π(i)} is by definition the determinant of e^{w_i x_j}.
// Elimination needs about A³/3 multiplications where the sum has A! terms of A factors: 42 against 600 at A = 5, 114 against 35 280 at
// A = 7. Any σ that is a sum or an integral of exponentials, real or complex, has this: a sine does, and what its Fourier integral
// gives of tanh too. That is how the sum is made cheap (arXiv:2205.12250). It does not cancel less: both
// are right to 10⁻¹⁶/r of themselves, and agree so far.

extension Exercise {
  static let aDeterminantInDisguise = Exercise(15, 2, "an exponential's sum over permutations") {
    for particles in [3, 4, 5] {
      let psi = AntisymmetrizedNetwork(particles: particles, hidden: 1, activation: .exponential, seed: 2)
      let x = (0..<particles).map { 0.5 * Double($0) - 0.9 }
      let p = psi.parameters
      let matrix = (0..<particles).map { i in (0..<particles).map { j in Double.exp(p[i] * x[j]) } }
      let factor = p[particles + 1] * Double.exp(p[particles] - 0.5 * dot(x, x) - 0.5 * Double.logFactorial(particles))
      let expected = factor * determinant(of: matrix)
      let found = psi.evaluate(Walkers([x]), order: .value).psi[0]
      let left = psi.cancellations(at: Walkers([x]))[0]
      print(
        "\(particles) fermions: \(fixed(-Double.log(left) / Double.log(10), 1)) digits lost, the same to 1e-14/r:",
        yesOrNo(abs(found / expected - 1) < 1e-14 / left))
    }
  }
}
