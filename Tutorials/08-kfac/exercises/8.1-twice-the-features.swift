import AppendixText
import NeuralQuantumStates

// The second layer has n = H(2H + 1) parameters, about 2H². Its block of F has n², 4H⁴ numbers, and its two factors
// have H² + (2H + 1)², 5H²: fewer by a factor of 0.8H². A Cholesky factorisation of n rows takes n³/3 operations, 8H⁶/3,
// and those of the factors (H³ + (2H + 1)³)/3, 9H³/3: fewer by a factor of 0.9H³. Twice the features make the one 4, the other 8 times
// as large.

extension Exercise {
  static let twiceTheFeatures: Exercise = .init(8, 1, "what two factors save, against the number of features") {
    for hidden in [32, 64, 128] {
      let shape = try AnsatzShape(particles: 2, hidden: hidden)
      let n = Double(shape.groups[1].range.count)
      let (h, inputs) = (Double(hidden), Double(2 * hidden + 1))
      let (numbers, work) = (n * n / (h * h + inputs * inputs), n * n * n / (h * h * h + inputs * inputs * inputs))
      print("H = \(hidden): 1 number for \(fixed(numbers, 0)), 0.8 H² = \(fixed(0.8 * h * h, 0));", terminator: " ")
      print("1 operation for \(scientific(work, 1)), 0.9 H³ = \(scientific(8.0 / 9 * h * h * h, 1))")
    }
  }
}
