import NeuralQuantumStates

// A polynomial of degree k that is 1 at 0 and vanishes at k eigenvalues ends MINRES after k iterations: what counts is
// how many different eigenvalues b has a component in, not how many unknowns there are. Eight unknowns with three
// eigenvalues: 3. If b has no component in one of them: 2. Zero is an eigenvalue like the others, but b's component
// there can never be reached: the residual stops at its length.

extension Exercise {
  static let asManyAsEigenvalues: Exercise = .init(10, 1, "iterations count different eigenvalues") {
    let eigenvalues = [1.0, 1, 1, 2, 2, 5, 5, 5]
    for (name, b, predicted) in [
      ("b of ones", [1.0, 1, 1, 1, 1, 1, 1, 1], 3), ("b without the eigenvalue 2", [1, 1, 1, 0, 0, 1, 1, 1], 2),
      ("b along one eigenvector", [0, 0, 0, 0, 0, 0, 0, 1], 1),
    ] {
      let solution = MinimumResidual(tolerance: 1e-10).solve(
        { zip(eigenvalues, $0).map { $0 * $1 } }, rightHandSide: b)
      print("\(name): iterations \(solution.iterations), predicted \(predicted)")
    }
  }
}
