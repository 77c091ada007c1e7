import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSamples
import TestSupport
import Testing

@Suite("6.1 Local energies") struct LocalEnergyTests {
  @Test("trap, interaction and local energy are those of an independent implementation", arguments: Golden.names)
  func golden(name: String) throws {
    let golden = try Golden.load(name)
    let ansatz = try golden.ansatz
    let energies = golden.hamiltonian.localEnergies(of: ansatz, at: golden.walkers)
    #expect(energies.sign == golden.sign)
    #expect(energies.trap ≈ golden.trap.within(relative: 1e-14))
    #expect(energies.interaction ≈ golden.interaction.within(relative: 1e-13))
    for walker in golden.x.indices {
      let relative = try golden.tolerance(walker: walker)
      let size = abs(golden.kinetic[walker]) + golden.trap[walker] + abs(golden.interaction[walker])
      #expect(energies.kinetic[walker] ≈ golden.kinetic[walker].within(relative: relative))
      #expect(energies.total[walker] ≈ golden.localEnergy[walker] ± (relative * size))
    }
  }

  @Test(
    "mean energy and its gradient are those of an independent implementation", arguments: ["tiny_a2", "tiny_a3_d2"])
  func goldenGradient(name: String) throws {
    let golden = try Golden.load(name)
    let ansatz = try golden.ansatz
    let energies = golden.hamiltonian.localEnergies(of: ansatz, at: golden.walkers)
    let derivatives = ParameterDerivatives(of: ansatz, at: golden.walkers, order: .value)
    #expect(energies.mean ≈ golden.energyMean!.within(relative: 1e-9))
    #expect(
      energyGradient(energies: energies.total, derivatives: derivatives)
        ≈ golden.energyGradient!.within(relative: 1e-9))
  }

  @Test(
    "the ground state of free fermions has the energy A²/2 at every walker",
    arguments: [(1, 1e-13), (2, 1e-5), (3, 1e-3)])
  func freeFermions(particles: Int, deviation: Double) throws {
    let ansatz = try DeterminantAnsatz.freeFermions(particles)
    let hamiltonian = TrappedFermions(particles: particles, strength: 0)
    var walk = MetropolisWalk(walkers: 500, particles: particles, seed: 1)
    walk.sweep(ansatz, count: 200)
    let energies = hamiltonian.localEnergies(of: ansatz, at: walk.walkers)
    // One particle: rounding alone. Two: ε²x² of tanh; three: rounding 1e-16/ε² too. Both grow towards nodes.
    let exact = 0.5 * Double(particles * particles)
    #expect(median(energies.total.map { abs($0 - exact) }) < 0.1 * deviation)
    #expect(energies.mean ≈ exact ± deviation)
    #expect(energies.total.allSatisfy { $0.isFinite })
    #expect(wrongSignFraction(sign: energies.sign, positions: walk.walkers.positions, particles: particles) == 0)
  }

  @Test("the parts add up, and several threads give the bits of one")
  func parts() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 5, determinants: 2), seed: 1)
    let walkers = MetropolisWalk(walkers: 300, particles: 3, seed: 2).walkers
    let hamiltonian = TrappedFermions(particles: 3, strength: 7, range: 0.3)
    let energies = hamiltonian.localEnergies(of: ansatz, at: walkers)
    #expect(hamiltonian.localEnergies(of: ansatz, at: walkers, threads: 2) == energies)
    for walker in [0, 31, 32, 127, 128, 299] {
      let x = Array(walkers.positions[(3 * walker)..<(3 * walker + 3)])
      let potential = hamiltonian.potentialEnergy(x)
      #expect(energies.trap[walker] ≈ potential.trap.within(relative: 1e-14))
      #expect(energies.interaction[walker] ≈ potential.interaction.within(relative: 1e-13))
      let sum = energies.kinetic[walker] + energies.trap[walker] + energies.interaction[walker]
      #expect(energies.total[walker] ≈ sum ± (1e-14 * abs(energies.kinetic[walker]) + 1e-12))
    }
  }

  /// What walkers of a small network measure.
  private func measured(_ count: Int) throws -> LocalEnergies {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 5), seed: 1)
    let walkers = MetropolisWalk(walkers: count, particles: 2, seed: 2).walkers
    return TrappedFermions(particles: 2, strength: 1).localEnergies(of: ansatz, at: walkers)
  }

  @Test("mean, variance and error are those of a sample at one time", arguments: [2, 33])
  func summary(count: Int) throws {
    let energies = try measured(count)
    let statistics = SampleStatistics(energies.total, walkers: count)
    #expect(energies.total.count == count)
    #expect(energies.mean ≈ statistics.mean.within(relative: 1e-14))
    #expect(energies.variance ≈ statistics.variance.within(relative: 1e-13))
    #expect(energies.standardError ≈ statistics.standardError.within(relative: 1e-13))
  }

  @Test("one walker says nothing of its error")
  func oneWalker() throws {
    let energies = try measured(1)
    #expect(energies.mean == energies.total[0] && energies.variance == 0)
    #expect(energies.standardError == .infinity)
  }

  @Test("walkers on the smaller side of a sign are counted")
  func wrongSigns() {
    // Two particles: sign ψ = sign(x₁ - x₂), whichever way round, is no wrong sign.
    let positions = [1.0, 0, 0, 1, 3, 2, -2, -1]
    #expect(wrongSignFraction(sign: [1, -1, 1, -1], positions: positions, particles: 2) == 0)
    #expect(wrongSignFraction(sign: [-1, 1, -1, 1], positions: positions, particles: 2) == 0)
    #expect(wrongSignFraction(sign: [1, -1, 1, 1], positions: positions, particles: 2) == 0.25)
    #expect(wrongSignFraction(sign: [1, 1, 1, 1], positions: positions, particles: 2) == 0.5)
    // One particle has no order: a sign is a sign.
    #expect(wrongSignFraction(sign: [1, 1, -1, 1], positions: [1, 2, 3, 4], particles: 1) == 0.25)
    #expect(wrongSignFraction(sign: [], positions: [], particles: 2) == 0)
  }
}
