import AppendixText
import NeuralQuantumStates

// α = -gΔ/ΔQΔ along a fixed Δ. With energies in a unit a thousand times smaller g is a thousand times larger. So is
// H_Q, which is an energy, and α stays. F is a pure number, and α becomes a thousand times longer: a model without a
// unit has no opinion on lengths.

extension Exercise {
  static let inAnotherUnit: Exercise = .init(9, 2, "the length of a step in another unit of energy") {
    let (slope, fisher, hessian) = (-0.1, 0.0457, 0.103)  // of page 9's order
    for unit in [1.0, 1000] {
      func length(_ form: Double) -> Double {
        Rescaling(forms: [[form, 0], [0, 0]], squares: (1, 0, 0), slopes: (unit * slope, 0), lambda: 0).alpha
      }
      print("energies times \(fixed(unit, 0)): α = \(fixed(length(fisher), 3)) with F,", terminator: " ")
      print("\(fixed(length(unit * hessian), 3)) with H_Q, predicted", terminator: " ")
      print("\(fixed(unit * 0.1 / 0.0457, 3)) and \(fixed(0.1 / 0.103, 3))")
    }
  }
}
