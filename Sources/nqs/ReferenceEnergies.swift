import NeuralQuantumStates

/// What there is to compare an energy with.
struct ReferenceEnergies: Sendable {
  /// From the committed table, or by a method that takes a moment; nil where neither has it.
  let exact: Double?
  /// Nil where the exact energy was not wanted.
  let hartreeFock: Double?

  /// - Parameter quiet: whether nothing is said while they are calculated; a strong interaction wants a fine grid, which
  ///   takes its time.
  init(_ settings: SolveSettings, exact wanted: Bool, threads: Int, quiet: Bool) {
    guard wanted else {
      (exact, hartreeFock) = (nil, nil)
      return
    }
    var progress = Progress(quiet: quiet)
    progress.show("reference energies of \(settings.systemText)", always: true)
    defer { progress.finish() }
    hartreeFock = ReferenceEnergies.converged(try? Ch03TrappedFermions.hartreeFock(settings.hamiltonian))
    exact = ReferenceEnergies.exactEnergy(settings, threads: threads)
  }

  /// Nil where neither the table nor a quick method has it.
  static func exactEnergy(_ settings: SolveSettings, threads: Int) -> Double? {
    let system = settings.hamiltonian
    if let known = ExactEnergy.known(system) { return known.energy }
    // Two particles take milliseconds. Three take a second where some hundred points do, which the limit of memory
    // stands for; more is what `nqs exact` is for.
    switch settings.particles {
    case 2 where system.trap is HarmonicTrap: return converged(try? relativeCoordinate(system))
    case 1...3:
      let quick = GridSettings(tolerance: 1e-6, threads: threads, memoryLimit: 0.01)
      return converged(try? gridDiagonalisation(system, settings: quick))
    default: return nil
    }
  }

  private static func converged(_ reference: Reference?) -> Double? {
    reference.flatMap { $0.isConverged ? $0.energy : nil }
  }

  /// |E - exact| / |exact|; nil where exact is unknown or 0.
  static func relativeError(_ energy: Double, exact: Double?) -> Double? {
    guard let exact, exact != 0 else { return nil }
    return abs(energy - exact) / abs(exact)
  }
}
