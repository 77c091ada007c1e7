import NeuralQuantumStates

/// A whole step but for its sweeps, 4096 walkers, H = 64, L = 2, D = 1: energies, derivatives, gradient, and the
/// optimiser's decision.
///
/// Each run is a second step: it has a last step to start from and to rescale with. MINRES takes all of its 50 iterations.
func stepParts(particles: Int, threads: Int) -> [Part] {
  guard let shape = try? AnsatzShape(particles: particles) else { return [] }
  let hamiltonian = TrappedFermions(particles: particles, strength: -20)
  let ansatz = DeterminantAnsatz(shape, seed: 1)
  var start = MetropolisWalk(walkers: 4096, particles: particles, seed: 1)
  for _ in 0..<10 { start.sweep(ansatz, count: 20, adaptingWidth: true, threads: threads) }
  let walkers = start.walkers

  let thorough = MinimumResidual(tolerance: 0, iterationLimit: 50)
  let optimizers: [(String, any Optimizer)] = [
    (
      "KFAC",
      SecondOrder(name: "kfac", direction: KroneckerDirection(), model: FisherMetric(), regulator: .init(lambda: 10))
    ),
    (
      "DGD, 50 iterations",
      SecondOrder(
        name: "dgd", direction: MinresDirection(DecisionMetric(precision: .single), solver: thorough),
        model: DecisionMetric(),
        regulator: .init(lambda: 10))
    ),
    ("PI-DGD, 50 iterations", ProjectedIncrements(solver: thorough)),
  ]
  return optimizers.map { title, optimizer in
    var optimizer = optimizer
    return Part(
      name: "A = \(particles): step of \(title)", check: { nil },
      body: {
        var sample = Sample(hamiltonian, ansatz, at: walkers, order: optimizer.order, threads: threads)
        return optimizer.update(&sample).change[0]
      })
  }
}
