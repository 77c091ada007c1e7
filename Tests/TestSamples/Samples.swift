import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Synchronization
import TestSupport

/// A network near the ground state of free fermions, and walkers that follow it.
///
/// - Returns: a state with some variance, and no nodes beyond x_i = x_j.
public func pretrained(
  particles: Int = 2, hidden: Int = 6, layers: Int = 2, walkers: Int, seed: UInt64 = 1, steps: Int = 100
) throws -> (ansatz: DeterminantAnsatz, walk: MetropolisWalk) {
  let key = PretrainedKey(
    particles: particles, hidden: hidden, layers: layers, walkers: walkers, seed: seed, steps: steps)
  if let known = pretrainedStates.withLock({ $0[key] }) { return known }
  let made = try newPretrained(key)
  pretrainedStates.withLock { $0[key] = made }
  return made
}

private struct PretrainedKey: Hashable {
  let particles, hidden, layers, walkers: Int
  let seed: UInt64
  let steps: Int
}

/// What tests have made already: many begin with the same state.
private let pretrainedStates = Mutex([PretrainedKey: (ansatz: DeterminantAnsatz, walk: MetropolisWalk)]())

private func newPretrained(_ key: PretrainedKey) throws -> (ansatz: DeterminantAnsatz, walk: MetropolisWalk) {
  let shape = try AnsatzShape(particles: key.particles, hidden: key.hidden, layers: key.layers)
  var ansatz = DeterminantAnsatz(shape, seed: key.seed)
  var walk = MetropolisWalk(walkers: key.walkers, particles: key.particles, seed: key.seed + 1)
  Pretraining(steps: key.steps).run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 50, threads: 2)
  return (ansatz, walk)
}

/// A sample of such a network, its walkers taken for one of |ψ|^power.
public func pretrainedSample(
  particles: Int = 2, hidden: Int = 6, layers: Int = 2, strength: Double = -10, walkers: Int,
  order: JetOrder = .laplacian, power: Double = 2, seed: UInt64 = 1, steps: Int = 100
) throws -> Sample {
  let (ansatz, walk) = try pretrained(
    particles: particles, hidden: hidden, layers: layers, walkers: walkers, seed: seed, steps: steps)
  return Sample(
    TrappedFermions(particles: particles, strength: strength), ansatz, at: walk.walkers, order: order, power: power,
    threads: 2)
}

extension Golden {
  /// The walkers of the file with all derivatives, energies unclipped.
  public func sample(order: JetOrder = .laplacian) throws -> Sample {
    let tensors = parameters.map { NamedTensor($0, $1.shape, $1.values) }
    return Sample(
      TrappedFermions(particles: particles, strength: strength, range: range), try DeterminantAnsatz(tensors: tensors),
      at: Walkers(x.flatMap { $0 }, particles: particles), order: order, clipping: false)
  }
}
