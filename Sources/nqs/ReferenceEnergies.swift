import NeuralQuantumStates

/// What there is to compare an energy with.
struct ReferenceEnergies: Sendable {
  /// From the committed table, or by a method that takes a moment; nil where neither has it.
  let exact: Double?
  /// Nil where the exact energy was not wanted.
  let hartreeFock: Double?

  init(_ settings: SolveSettings, exact wanted: Bool, threads: Int) {
    guard wanted else {
      (exact, hartreeFock) = (nil, nil)
      return
    }
    let system = settings.hamiltonian
    hartreeFock = (try? Ch03TrappedFermions.hartreeFock(system))?.energy
    if let known = ExactEnergy.known(system) {
      exact = known.energy
      return
    }
    // Two particles take milliseconds, three a second or two; more is what `nqs exact` is for.
    let reference: Reference? =
      switch settings.particles {
      case 2: try? relativeCoordinate(system)
      case 3: try? gridDiagonalisation(system, settings: GridSettings(tolerance: 1e-6, threads: threads))
      default: nil
      }
    exact = reference.flatMap { $0.isConverged ? $0.energy : nil }
  }
}
