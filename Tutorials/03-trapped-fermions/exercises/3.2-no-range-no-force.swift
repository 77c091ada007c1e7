import AppendixText
import NeuralQuantumStates

// v keeps its integral V0 and becomes a delta function, which fermions do not feel: ψ vanishes where they meet. First
// order (3.1) goes with V0 σ0²: half the range, a quarter of the shift. With attraction there is more than first order,
// but it dies out faster.

extension Exercise {
  static let noRangeNoForce: Exercise = .init(3, 2, "half the range, a quarter of the shift") {
    var last = Double.nan
    for range in [0.4, 0.2, 0.1, 0.05] {
      let pair = TrappedFermions(particles: 2, strength: -5, range: range)
      let shift = try relativeCoordinate(pair).energy - 2
      let first = -5 * range * range / ((2 * Double.pi).squareRoot() * Double.pow(1 + range * range, 1.5))
      print("σ0 = \(fixed(range, 2)): shift \(fixed(shift, 5)), first order \(fixed(first, 5))", terminator: "")
      print(last.isNaN ? "" : ", share of the last one \(fixed(shift / last, 2)); predicted ¼ in the end")
      last = shift
    }
  }
}
