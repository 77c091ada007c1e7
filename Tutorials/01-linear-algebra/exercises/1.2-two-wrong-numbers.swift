import AppendixText
import NeuralQuantumStates

// The error is c h² and a rest of order h⁴. With half the spacing a quarter of c h² is left, so that 4E(h/2) - E(h) is
// three times the energy without any c h². What remains is the next term of the cosine, E (1 - u²/12 + u⁴/360 …): with
// u⁴ and (u/2)⁴ in this combination, a fraction u⁴/1440.

extension Exercise {
  static let twoWrongNumbers: Exercise = .init(1, 2, "two wrong levels make one that is nearly right") {
    let exact = 0.5 * Double.pi * Double.pi
    func level(_ points: Int) -> Double {
      SymmetricEigen(hamiltonian(points: points, width: 1), vectors: false).values[0]
    }
    for points in [24, 49, 99] {
      let (coarse, fine) = (level(points), level(2 * points + 1))
      let error = 1 - (4 * fine - coarse) / 3 / exact
      let u = Double.pi / Double(points + 1)
      print("\(points) and \(2 * points + 1) points: off by", terminator: " ")
      print(
        [1 - coarse / exact, 1 - fine / exact].map { scientific($0, 0) }.joined(separator: " and "), terminator: "; ")
      print("together \(scientific(error, 0)), u⁴/1440 = \(scientific(Double.pow(u, 4) / 1440, 0))")
    }
  }
}
