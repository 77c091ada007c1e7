import NeuralQuantumStates

/// What there is to compare an energy with.
struct ReferenceEnergies: Sendable {
  /// From the committed table, or by a method that takes a moment; nil where neither has it.
  let exact: Double?
  /// Nil where the exact energy was not wanted.
  let hartreeFock: Double?
  /// The lowest levels, where the run has several states and a moment gives them; `exact` is their sum.
  let levels: [Double]?

  /// - Parameter quiet: whether nothing is said while they are calculated; a strong interaction wants a fine grid, which
  ///   takes its time.
  init(_ settings: SolveSettings, exact wanted: Bool, threads: Int, quiet: Bool) {
    guard wanted else {
      (exact, hartreeFock, levels) = (nil, nil, nil)
      return
    }
    var progress = Progress(quiet: quiet)
    progress.show("reference energies of \(settings.systemText)", always: true)
    defer { progress.finish() }
    guard settings.states == 1 else {
      levels = ReferenceEnergies.exactLevels(settings, threads: threads)
      (exact, hartreeFock) = (levels?.reduce(0, +), nil)
      return
    }
    levels = nil
    hartreeFock = ReferenceEnergies.converged(try? Ch03TrappedFermions.hartreeFock(settings.hamiltonian))
    exact = ReferenceEnergies.exactEnergy(settings, threads: threads)
  }

  /// The levels of a run with several states; nil for more than three particles, where they take more than a moment.
  static func exactLevels(_ settings: SolveSettings, threads: Int) -> [Double]? {
    let (system, count) = (settings.hamiltonian, settings.states)
    switch (settings.particles, system.trap) {
    case (1, let trap as HarmonicTrap): return (0..<count).map { trap.frequency * (Double($0) + 0.5) }
    // Milliseconds, where the grid takes seconds.
    case (2, is HarmonicTrap): return (try? relativeLevels(system, states: count)) ?? nil
    case (1...3, _):
      let quick = GridSettings(tolerance: 1e-5, threads: threads, memoryLimit: 0.05)
      guard let found = try? gridLevels(system, states: count, settings: quick), found.isConverged else { return nil }
      return found.energies
    default: return nil
    }
  }

  /// The sum of the levels for several states. Nil where neither the table nor a quick method has it.
  static func exactEnergy(_ settings: SolveSettings, threads: Int) -> Double? {
    guard settings.states == 1 else { return exactLevels(settings, threads: threads)?.reduce(0, +) }
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
