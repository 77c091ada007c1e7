import AppendixText
import NeuralQuantumStates

// φ_n is a polynomial of degree n times exp(-x²/2). Subtracting multiples of earlier columns from later ones takes all
// lower powers away and leaves the determinant as it is: it is the page's product of differences, times the leading coefficients √(2ⁿ/(n!√π)), times all exponentials: the same
// number c_A = Π_n √(2ⁿ/(n!√π)) wherever the fermions are.

extension Exercise {
  static let threeFermionsInOneLine: Exercise = .init(
    1, 4, "the ground state of free fermions is a product of differences"
  ) {
    /// φ_0 … φ_(count-1) at x, by their recursion.
    func orbitals(_ count: Int, at x: Double) -> [Double] {
      var values = [Double.exp(-0.5 * x * x) / Double.pow(.pi, 0.25)]
      for n in 1..<count {
        let before = n > 1 ? values[n - 2] : 0
        values.append(
          (2 / Double(n)).squareRoot() * x * values[n - 1] - (Double(n - 1) / Double(n)).squareRoot() * before)
      }
      return values
    }
    for x in [[0.5, -0.3], [0.5, -0.3, 1.9], [-1.2, 0.1, 0.7], [2.0, -1.1, 0.3, 0.9]] {
      let rows = Matrix(x.map { orbitals(x.count, at: $0) })
      var differences = x.reduce(1) { $0 * Double.exp(-0.5 * $1 * $1) }
      for j in x.indices { for i in 0..<j { differences *= x[j] - x[i] } }
      var predicted = 1.0
      for n in x.indices {
        let factorial = (0..<n).reduce(1.0) { $0 * Double($1 + 1) }
        predicted *= (Double.pow(2, Double(n)) / (factorial * Double.pi.squareRoot())).squareRoot()
      }
      print("x = \(x): determinant over product \(fixed(LU(rows).determinant / differences, 8)),", terminator: " ")
      print("predicted \(fixed(predicted, 8))")
    }
  }
}
