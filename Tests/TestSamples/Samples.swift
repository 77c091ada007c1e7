import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport

/// A network near the ground state of free fermions, and walkers that follow it.
///
/// - Returns: a state with some variance, and no nodes beyond x_i = x_j.
public func pretrained(
  particles: Int = 2, hidden: Int = 6, layers: Int = 2, walkers: Int, seed: UInt64 = 1, steps: Int = 100
) throws -> (ansatz: DeterminantAnsatz, walk: MetropolisWalk) {
  let shape = try AnsatzShape(particles: particles, hidden: hidden, layers: layers)
  var ansatz = DeterminantAnsatz(shape, seed: seed)
  var walk = MetropolisWalk(walkers: walkers, particles: particles, seed: seed + 1)
  Pretraining(steps: steps).run(&ansatz, &walk, threads: 2)
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
