import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo

extension Pretraining {
  /// Brings fresh networks to the lowest states of free fermions, each to one of its own.
  ///
  /// Each state's orbitals are fitted to those that one set of A fermions fills, as one state's are to the A lowest. The walkers
  /// follow det_ij D_j(x^i) of the free fermions' determinants: there one set of coordinates, whichever it is, has the mean of
  /// the K states' densities, since they are orthogonal. So every set of every walker serves for all fits.
  ///
  /// - Parameters:
  ///   - states: receive the fitted parameters.
  ///   - walk: of KA coordinates; follows free fermions as long as the fit lasts, and Ψ after it.
  ///   - occupations: orbitals of each state, counted from 0 and rising; nil for the K sets of lowest energy. With `orbitals`, which
  ///     have to be as many as are filled, they are those of the trap, else the oscillator's.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - report: called after each step with its number and the sum of the losses; returning false ends the fit.
  /// - Returns: the mean squared deviation at the last step, summed over the states; nil if there was none. A deviation that is
  ///   not finite ends the fit and is returned.
  @discardableResult
  public func run(
    _ states: inout ExcitedStates<DeterminantAnsatz>, _ walk: inout MetropolisWalk, occupations: [[Int]]? = nil,
    threads: Int = 1, report: (_ step: Int, _ loss: Double) -> Bool = { _, _ in true }
  ) -> Double? {
    guard steps > 0 else { return nil }
    let particles = states.particlesPerSet
    let sets =
      occupations ?? lowestOccupations(particles: particles, count: states.count, energies: orbitals?.energies)
    precondition(
      sets.count == states.count && sets.allSatisfy { $0.count == particles },
      "\(states.count) sets of \(particles) orbitals expected")
    let free = ExcitedStates<SlaterDeterminant>(sets.map { SlaterDeterminant(occupation: $0, orbitals) })
    func follow(_ walk: inout MetropolisWalk, sweeps: Int) {
      walk.sweep(free, count: sweeps, adaptingWidth: true, threads: threads)
    }

    for _ in 0..<10 { follow(&walk, sweeps: 20) }
    let priors = states.states.map(\.parameters)
    var adams = states.states.map { _ in Adam(learningRate: LearningRate(learningRate)) }
    var last: Double?
    for step in 1...steps {
      follow(&walk, sweeps: sweeps)
      let walkers = Walkers(walk.walkers.positions, particles: particles)
      var sum = 0.0
      for j in states.states.indices {
        let target = free.states[j].target(determinants: states.states[j].shape.determinants)
        let loss = fit(
          &states.states[j], &adams[j], at: walkers, prior: priors[j], threads: threads, target: target)
        sum += loss
        guard loss.isFinite else { return loss }
      }
      last = sum
      if !report(step, sum) { break }
    }
    let walkers = Walkers(walk.walkers.positions, particles: particles)
    for j in states.states.indices {
      states.states[j].fitOrbitals(
        at: walkers, prior: priors[j], ridge: ridge, threads: threads,
        target: free.states[j].target(determinants: states.states[j].shape.determinants))
    }
    for _ in 0..<5 { walk.sweep(states, count: 20, adaptingWidth: true, threads: threads) }
    return last
  }
}

extension SlaterDeterminant {
  /// What the orbitals of a network are fitted to; with D determinants each to φ / D^{1/A}.
  func target(determinants: Int) -> @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void {
    let scale = Double.pow(Double(determinants), -1 / Double(particles))
    let count = orbitalCount
    return { x, orbitals in
      var row = ContiguousArray(repeating: Lanes32.zero, count: count)
      fill(x, &row)
      for (j, n) in occupation.enumerated() { orbitals[j] = scale * row[n] }
    }
  }
}
