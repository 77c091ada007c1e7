import AppendixText
import NeuralQuantumStates

// How many directions survive is a matter of the blur and of the length L = 5 that it acts on. Rows that are added
// between others are nearly combinations of them: the matrix grows, and the number of its directions does not. The blur
// exp(-s d²) lets waves through like exp(-k²/4s), above 1e-3 up to k = √(4s ln 1000), and a length L has room for kL/π
// of them, and one or two more for its ends. Sixteen times s is four times k: not four times as many directions, but
// 4.7 - 1.2 = 3.5 more, so three or four.

extension Exercise {
  static let directionsOfABlur: Exercise = .init(1, 3, "a finer grid has no more directions, a sharper blur has") {
    for sharpness in [0.02, 16 * 0.02] {
      let waves = 5 * (4 * sharpness * Double.log(1000)).squareRoot() / .pi
      for points in [6, 12, 24, 48] {
        let blurred = Matrix(rows: points, columns: points) { i, j in
          let distance = 5 * Double(i - j) / Double(points - 1)
          return Double.exp(-sharpness * distance * distance)
        }
        let rank = SVD(blurred).rank(relativeTolerance: 1e-3)
        print("exp(-\(fixed(sharpness, 2)) d²): \(rank) directions of \(points), kL/π = \(fixed(waves, 1))")
      }
    }
  }
}
