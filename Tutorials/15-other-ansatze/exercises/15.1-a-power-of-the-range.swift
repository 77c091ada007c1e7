import AppendixText
import NeuralQuantumStates

// A polynomial that changes sign under every exchange has the factor ∏_{i<j} (x_j - x_i), of degree A(A - 1)/2. A smooth f is its
// Taylor series, and the sum over permutations takes all terms of lower degree away. Within a range small against 1/|w| the first
// term that is left is all there is, and half of the range leaves 2^(-A(A - 1)/2) of it: 1, 3, 6 and 10 halvings. The terms one by
// one stay what they are.

extension Exercise {
  static let aPowerOfTheRange: Exercise = .init(15, 1, "what is left in half of the range") {
    for particles in 2...5 {
      let psi = AntisymmetrizedNetwork(
        particles: particles, hidden: 1, activation: .exponential,
        parameters: (0..<particles).map { 0.4 * Double($0) } + [0, 1, 0.7])
      let left = [0.2, 0.1].map { range in
        psi.cancellations(at: Walkers((0..<particles).map { range * (Double($0) - 0.7) }, particles: particles))[0]
      }
      let power = Double.log(left[0] / left[1]) / Double.log(2)
      print("\(particles) fermions: power \(fixed(power, 1)), predicted \(particles * (particles - 1) / 2)")
    }
  }
}
