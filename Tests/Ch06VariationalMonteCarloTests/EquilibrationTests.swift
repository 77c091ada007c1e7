import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSamples
import TestSupport
import Testing

@Suite("6.20 Walkers that have arrived") struct Equilibrations {
  /// A run whose walkers stand at given places, or follow |ψ|² already.
  private func run(from positions: (Int) -> Double?, width: Double = 1) throws -> VariationalMonteCarlo<
    DeterminantAnsatz
  > {
    let (ansatz, walk) = try pretrained(walkers: 256)
    let start = walk.walkers.positions.enumerated().map { positions($0) ?? $1 }
    return VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -3), ansatz,
      MetropolisWalk(positions: start, particles: 2, width: ProposalWidth(width), seed: 5),
      GradientDescent(learningRate: 1))
  }

  @Test("walkers of |ψ|² have arrived after the three windows that it takes to see it, or a few more") func there()
    throws
  {
    var run = try run { _ in nil }
    let found = try run.equilibrate()
    #expect(found.isStationary && found.sweeps >= 300 && found.sweeps <= 700)
  }

  @Test("walkers that begin far away are led on until they have come back") func far() throws {
    // Moves of a hundredth at first: a random walk needs many of them for a distance of 4.
    var far = try run(from: { $0 % 2 == 0 ? 4 : 4.5 }, width: 0.01)
    let found = try far.equilibrate()
    var near = try run { _ in nil }
    #expect(found.isStationary)
    let (one, other) = (try far.evaluate(batches: 20), try near.evaluate(batches: 20))
    #expect(one.energy ≈ other.energy ± (5 * (one.error + other.error)))
  }

  @Test("walkers that are not given the time are told of") func short() throws {
    // From 8 lengths away, with moves of a hundredth at first, they are on their way in all of the three windows.
    var far = try run(from: { $0 % 2 == 0 ? 8 : 9 }, width: 0.01)
    let found = try far.equilibrate(windows: 3)
    #expect(found.sweeps == 300)
    #expect(!found.isStationary)
  }

  @Test("one walker drifts nowhere that could be told; the walk keeps its power") func tiny() throws {
    let (ansatz, _) = try pretrained(walkers: 2)
    var walk = MetropolisWalk(walkers: 1, particles: 2, seed: 1)
    walk.power = 1
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -3), ansatz, walk, GradientDescent(learningRate: 1))
    #expect(try run.equilibrate().isStationary)
    #expect(run.walk.power == 1)
  }
}
