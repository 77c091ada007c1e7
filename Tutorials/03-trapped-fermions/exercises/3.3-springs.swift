import AppendixText
import NeuralQuantumStates

// With springs ½k r² between all pairs, the centre of mass still oscillates with the trap's frequency 1, and every
// other mode with √(1 + Ak). The centre takes ½, and the rest of the free fermions' A²/2 is multiplied by that
// frequency:
//
//     E = ½ + ½(A² - 1) √(1 + Ak)
//
// an exact energy of interacting fermions for any A. Hartree-Fock has to be above it.

/// Springs: ½ k r².
private struct Spring: Potential {
  let constant: Double
  func callAsFunction(_ r: Double) -> Double { 0.5 * constant * r * r }
}

extension Exercise {
  static let springs: Exercise = .init(3, 3, "an interaction with a formula for the energy") {
    for particles in 2...4 {
      let system = TrappedFermions(particles: particles, interaction: Spring(constant: 1))
      let grid = try gridDiagonalisation(system, settings: GridSettings(tolerance: 1e-6)).energy
      let mean = try hartreeFock(system).energy
      let count = Double(particles)
      let predicted = 0.5 + 0.5 * (count * count - 1) * (1 + count).squareRoot()
      print("A = \(particles): grid \(fixed(grid, 5)), predicted \(fixed(predicted, 5));", terminator: " ")
      print("Hartree-Fock too high by \(fixed(100 * (mean - predicted) / predicted, 2)) %")
    }
  }
}
