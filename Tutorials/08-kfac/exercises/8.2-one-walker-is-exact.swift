import AppendixText
import NeuralQuantumStates

// With one particle and one walker the gradient of a layer is one outer product e ⊗ ā, its square is (e eᵀ) ⊗ (ā āᵀ),
// and there is no average to take apart: the model is exact. With a second walker E[e eᵀ] ⊗ E[ā āᵀ] has cross terms
// that F has not. With one walker and two particles *expand* leaves out the cross terms of the sum, and is wrong.
// *Reduce* adds the e_i and averages the ā_i before it multiplies, so that it puts the wrong factors together, and is
// wrong as well.

extension Exercise {
  static let oneWalkerIsExact: Exercise = .init(8, 2, "when a Kronecker product is exact") {
    func distance(particles: Int, walkers: [[Double]], _ approximation: KroneckerApproximation) throws -> Double {
      let ansatz = DeterminantAnsatz(try AnsatzShape(particles: particles, hidden: 8), seed: 1)
      let derivatives = ParameterDerivatives(of: ansatz, at: Walkers(walkers), order: .value)
      let rows: [[Double]] = walkers.indices.map { walker in
        var weights = [Double](repeating: 0, count: walkers.count)
        weights[walker] = 1
        return derivatives.logDerivatives(weighted: weights)
      }
      // The second layer: parameters of an output, its bias last.
      let group = ansatz.shape.groups[1]
      let layout = group.layout
      var places: [Int] = []
      for row in 0..<layout.outputs {
        for column in 0..<layout.columns { places.append(group.start + row * layout.columns + column) }
        places.append(group.start + layout.biasStart + row)
      }
      let moments = derivatives.moments(approximation)[1]
      let (a, e) = (moments.activities, moments.sensitivities)
      let exact = Matrix(rows: places.count, columns: places.count) { p, q -> Double in
        let products: [Double] = rows.map { $0[places[p]] * $0[places[q]] }
        return 4 * mean(products)
      }
      let model = Matrix(rows: places.count, columns: places.count) { p, q -> Double in
        4 * e[p / a.rows, q / a.rows] * a[p % a.rows, q % a.rows]
      }
      return (exact - model).frobeniusNorm / exact.frobeniusNorm
    }
    for (particles, walkers) in [(1, [[0.4]]), (1, [[0.4], [-0.9]]), (2, [[0.4, -0.9]])] {
      let distances = try [KroneckerApproximation.expand, .reduce].map { kind in
        fixed(try distance(particles: particles, walkers: walkers, kind), 2)
      }
      print("A = \(particles), \(walkers.count) walker\(walkers.count == 1 ? "" : "s"):", terminator: " ")
      print("expand \(distances[0]), reduce \(distances[1]), predicted", terminator: " ")
      print(particles == 1 && walkers.count == 1 ? "0.00 for both" : "more than 0 for both")
    }
  }
}
