import AppendixText
import NeuralQuantumStates

// Lanczos has to tell the lowest level from the next one, by polynomials in H. The best ones are Chebyshev's, and need a number of
// products that grows like √(spread/gap). The start is even, so that only even levels count: the gap is 2. The spread is 2/h², four
// times as large for half the spacing: twice as many products, for twice as many unknowns.

extension Exercise {
  static let productsOnAFinerGrid: Exercise = .init(1, 5, "half the spacing, twice the products") {
    var last = 0
    for points in [39, 79, 159, 319] {
      let h = 10 / Double(points + 1)
      let result = lanczosLowestLevel(
        start: [Double](repeating: 1, count: points), tolerance: 1e-9, wantsVector: false
      ) { x, y in
        for i in 0..<points {
          let position = Double(i + 1) * h - 5
          let neighbours = (i > 0 ? x[i - 1] : 0) + (i < points - 1 ? x[i + 1] : 0)
          y[i] = (1 / (h * h) + 0.5 * position * position) * x[i] - 0.5 / (h * h) * neighbours
        }
      }
      print(
        "\(points) points: lowest level \(fixed(result.value, 5)), \(result.iterations) products", terminator: "")
      print(last > 0 ? ", times \(fixed(Double(result.iterations) / Double(last), 1)); predicted 2" : "")
      last = result.iterations
    }
  }
}
