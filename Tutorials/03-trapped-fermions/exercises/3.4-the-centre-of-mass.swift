import AppendixText
import NeuralQuantumStates

// The centre X = (x_1 + x_2)/2 is a particle of mass 2 in the trap, in its ground state, whatever the interaction:
// ⟨X²⟩ = 1/(2A) = ¼. A determinant has no such freedom. At V0 = -20 it holds the clump where its field is, and its
// centre with it. Under repulsion it keeps one fermion on the left and one on the right, and each of them is narrower than
// the two together: the centre is held as well, if less. The pair density tells: X² = ¼(x_1² + x_2² + 2x_1x_2).

extension Exercise {
  static let theCentreOfMass: Exercise = .init(3, 4, "the centre of mass moves freely, but not in a mean field") {
    func square(_ densities: Densities) -> Double {
      let (x, h) = (densities.grid.points, densities.grid.spacing)
      var sum = 0.0
      for i in x.indices {
        for j in x.indices {
          let centre = 0.5 * (x[i] + x[j])
          sum += centre * centre * densities.pair[i, j] * h * h
        }
      }
      return sum / 2  // the pair density counts each pair twice
    }
    for strength in [-20.0, -10, 10, 20] {
      let pair = TrappedFermions(particles: 2, strength: strength)
      let exact = try gridDiagonalisation(pair, settings: GridSettings(tolerance: 1e-6, wantsDensities: true))
      let mean = try hartreeFock(pair, wantsDensities: true)
      print(
        "V0 = \(fixed(strength, 0)): ⟨X²⟩ = \(fixed(square(exact.densities!), 4)), predicted 0.2500;", terminator: " ")
      print("Hartree-Fock \(fixed(square(mean.densities!), 3))")
    }
  }
}
