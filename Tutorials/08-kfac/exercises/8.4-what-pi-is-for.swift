import AppendixText
import NeuralQuantumStates

// A layer whose inputs and outputs are in another unit, numbers c times as large, is the same layer with the same weights: ā becomes
// cā, e becomes e/c, and e ⊗ ā stays. c²C_a and C_e/c² have the same product. γ alone on both factors breaks that. With π² = (tr C_a dim
// C_e)/(tr C_e dim C_a) the new π is c²π, and (c²C_a + γc²π) ⊗ (C_e/c² + γ/(c²π)) is what it was: π shares γ out in the
// factors' own units.

extension Exercise {
  static let whatPiIsFor: Exercise = .init(8, 4, "damping of two factors, with and without π") {
    /// A positive matrix with entries from sines.
    func moments(_ n: Int, _ phase: Double) -> Matrix {
      let rows = Matrix(rows: n, columns: n) { i, j in Double.sin(phase + Double(3 * i * i + 5 * j)) }
      return rows * rows.transposed()
    }
    let (a, e) = (moments(4, 0.3), moments(3, 1.1))
    let gradient = Matrix(rows: 3, columns: 4) { i, j in Double.cos(Double(2 * i + j)) }

    /// (E + γ/π)⁻¹ g (A + γπ)⁻¹, the inverse of the damped Kronecker product on a gradient.
    func direction(_ a: Matrix, _ e: Matrix, sharing: Bool) -> Matrix {
      let gamma = 0.1
      let pi = sharing ? ((a.trace * Double(e.rows)) / (e.trace * Double(a.rows))).squareRoot() : 1
      let left = Cholesky(e + gamma / pi * .identity(e.rows))!.solve(gradient)
      return Cholesky(a + gamma * pi * .identity(a.rows))!.solve(left.transposed()).transposed()
    }
    for sharing in [false, true] {
      let before = direction(a, e, sharing: sharing)
      for c in [0.3, 1.0, 3] {
        let after = direction(c * c * a, 1 / (c * c) * e, sharing: sharing)
        let difference = (after - before).frobeniusNorm / before.frobeniusNorm
        print("\(sharing ? "with" : "without") π, c = \(c): differs by \(fixed(difference, 3)),", terminator: " ")
        print(sharing || c == 1 ? "predicted 0.000" : "predicted more than 0")
      }
    }
  }
}
