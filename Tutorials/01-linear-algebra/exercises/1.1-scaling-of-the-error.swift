import AppendixText
import NeuralQuantumStates

// A difference of neighbours turns sin kπx into the same sine times (1 - cos u)/h² with u = πkh, where ½u²/h² is right:
// too low by the fraction u²/12. Only the product kh counts. So level 2 on 199 points is as wrong as level 1 on 99
// points, and not better for the finer grid: the state has to be compared with the grid, not with the box.

extension Exercise {
  static let scalingOfTheError: Exercise = .init(1, 1, "twice the points, twice the level: the same error") {
    for (level, points) in [(1, 99), (1, 199), (2, 199), (4, 399)] {
      let value = SymmetricEigen(hamiltonian(points: points, width: 1), vectors: false).values[level - 1]
      let error = 1 - value / (0.5 * Double.pow(.pi * Double(level), 2))
      let u = Double.pi * Double(level) / Double(points + 1)
      print("level \(level), \(points) points: too low by \(scientific(error, 2)),", terminator: " ")
      print("(πkh)²/12 = \(scientific(u * u / 12, 2))")
    }
  }
}
