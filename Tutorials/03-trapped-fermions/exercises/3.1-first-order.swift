import AppendixText
import NeuralQuantumStates

// To first order the energy moves by the mean of v over the free state. The distance of two free fermions has the
// density r² exp(-r²/2)/√(2π), and the integral is one of Gaussians:
//
//     E ≈ 2 + V0 σ0² / (√(2π) (1 + σ0²)^(3/2)) = 2 + 0.0714 V0
//
// The mean of H over any state is an upper bound, so the exact energy is lower for either sign of V0, by a V0² term.

extension Exercise {
  static let firstOrder: Exercise = .init(3, 1, "first-order perturbation theory against the exact energy") {
    let slope = 0.25 / ((2 * Double.pi).squareRoot() * Double.pow(1.25, 1.5))
    for strength in [-20.0, -1, -0.5, 0.5, 1, 20] {
      let exact = try relativeCoordinate(TrappedFermions(particles: 2, strength: strength)).energy
      let predicted = 2 + slope * strength
      print(
        "V0 = \(fixed(strength, 1)): first order \(fixed(predicted, 5)), exact \(fixed(exact, 5)),", terminator: " ")
      print("(exact - first order) / V0² = \(fixed((exact - predicted) / (strength * strength), 5))")
    }
  }
}
