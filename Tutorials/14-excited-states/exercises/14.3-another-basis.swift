import AppendixText
import NeuralQuantumStates

// With ψ_1' = ψ_1 + c ψ_2 in the place of ψ_1, Ψ is the same function: a column plus a multiple of another. Φ' = ΦT
// with T = (1 0; c 1), so Φ⁻¹ĤΦ becomes T⁻¹(Φ⁻¹ĤΦ)T: no longer diagonal, nor symmetric, and with the same eigenvalues.
// By hand T⁻¹ = (1 0; -c 1), and diag(2, 3) becomes (2 0; 3c - 2c 3) = (2 0; c 3). So no state can be read off alone,
// and the mean matrix must be diagonalised as it is.

extension Exercise {
  static let anotherBasis: Exercise = .init(14, 3, "the same span in another basis") {
    let c = 0.7
    let energies: Matrix = [[2, 0], [0, 3]]
    let (change, inverse): (Matrix, Matrix) = ([[1, 0], [c, 1]], [[1, 0], [-c, 1]])
    let other = inverse * energies * change
    print("matrix", columns(other.elements, 2), " predicted     2.00   0.00   0.70   3.00")
    print("levels", columns(eigenvalues(of: other).map(\.real), 2), " predicted     2.00   3.00")
    print(
      "of its symmetric part", columns(SymmetricEigen(0.5 * (other + other.transposed()), vectors: false).values, 2),
      " predicted other ones, 2.50 ∓ 0.61")
  }
}
