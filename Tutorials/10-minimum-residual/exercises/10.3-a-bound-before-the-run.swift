import AppendixText
import NeuralQuantumStates

// For a positive matrix with eigenvalues between 1 and κ the residual after k iterations is at most 2 qᵏ of the first,
// q = (√κ - 1)/(√κ + 1), whatever the eigenvalues in between are. Hence k = ln(2·10⁸)/ln(1/q) for 1e-8, which is 96 at
// κ = 100 and grows as √κ. Eigenvalues all over the interval come close; five values, each many times, take five
// iterations (10.1), and the bound knows nothing of it. True clusters take more: the narrower they are, the fewer.

extension Exercise {
  static let aBoundBeforeTheRun: Exercise = .init(10, 3, "iterations for a condition number, beside their bound") {
    for condition in [4.0, 25, 100, 400] {
      let root = condition.squareRoot()
      let bound = Double.log(2e8) / Double.log((root + 1) / (root - 1))
      // Chebyshev's points, which are dense at both ends; and five values in turn.
      let (middle, half) = (0.5 * (condition + 1), 0.5 * (condition - 1))
      let spread: [Double] = (0..<2000).map { middle - half * Double.cos(Double.pi * Double($0) / 1999) }
      let few: [Double] = (0..<2000).map { 1 + 0.5 * half * Double($0 % 5) }
      let iterations = [spread, few].map { eigenvalues in
        MinimumResidual(tolerance: 1e-8, iterationLimit: 1000).solve(
          { zip(eigenvalues, $0).map { $0 * $1 } }, rightHandSide: [Double](repeating: 1, count: 2000)
        ).iterations
      }
      let share = Double(iterations[0]) / bound.rounded(.up)
      print("κ = \(fixed(condition, 0)): at most \(fixed(bound.rounded(.up), 0)) iterations;", terminator: " ")
      print("all over (Chebyshev's points) \(fixed(share, 2)) of that, predicted 1 or a little less;", terminator: " ")
      print("five values \(iterations[1]), predicted 5")
    }
  }
}
