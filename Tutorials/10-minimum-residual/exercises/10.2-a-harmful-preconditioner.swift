import NeuralQuantumStates

// A sum of three squares of vectors plus λ has four different eigenvalues, three large ones and λ itself 97 times:
// MINRES needs 4 iterations. Divided by a diagonal that varies, the 97 equal ones become 97 different ones. They spread
// by as much as the diagonal does, and now iterations go by that spread: the preconditioner makes the problem harder,
// although it is the exact diagonal. A multiple of the unit matrix would do nothing.

extension Exercise {
  static let aHarmfulPreconditioner: Exercise = .init(10, 2, "a preconditioner that pulls equal eigenvalues apart") {
    let n = 100
    func row(_ k: Int) -> [Double] {
      (0..<n).map { p -> Double in
        let decay: Double = 1 + 0.1 * Double(p)
        return Double.sin(Double(k * p * p)) / decay
      }
    }
    let rows = [row(1), row(2), row(3)]
    let lambda = 0.01
    func product(_ v: [Double]) -> [Double] {
      var y = v.map { lambda * $0 }
      for row in rows { add(dot(row, v), row, to: &y) }
      return y
    }
    let b = (0..<n).map { Double.cos(Double($0)) }
    let diagonal = (0..<n).map { p in rows.reduce(lambda) { $0 + $1[p] * $1[p] } }
    let plain = MinimumResidual(tolerance: 1e-8, iterationLimit: 200).solve(product, rightHandSide: b)
    let preconditioned = MinimumResidual(tolerance: 1e-8, iterationLimit: 200).solve(
      product, rightHandSide: b, preconditioner: { zip($0, diagonal).map { $0 / $1 } })
    print("without: \(plain.iterations) iterations, predicted 4")
    let tens = preconditioned.iterations / 10 * 10
    print("with the exact diagonal: \(tens) or more, predicted more than 4")
  }
}
