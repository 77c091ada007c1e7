import NeuralQuantumStates

/// A whole step but for its sweeps, 4096 walkers, H = 64, L = 2, D = 1: energies, derivatives, gradient, and the
/// optimiser's decision.
///
/// Each run is a second step: it has a last step to start from and to rescale with. MINRES takes all of its 50
/// iterations.
func stepParts(_ prepared: Prepared) -> [Part] {
  let thorough = MinimumResidual(tolerance: 0, iterationLimit: 50, precision: .single)
  var (decisional, projected) = (DecisionalGradientDescent(), ProjectedIncrements())
  decisional.solver = thorough
  projected.solver = thorough
  let optimizers: [(String, any Optimizer)] = [
    ("KFAC", KFAC().optimizer), ("DGD, 50 iterations", decisional.optimizer),
    ("PI-DGD, 50 iterations", projected.optimizer),
  ]
  return optimizers.map { title, optimizer in
    var optimizer = optimizer
    func sample() -> Sample {
      Sample(
        prepared.hamiltonian, prepared.ansatz, at: prepared.walkers, order: optimizer.order,
        threads: prepared.threads)
    }
    return Part(
      name: "A = \(prepared.shape.particles): step of \(title)",
      check: {
        var first = optimizer
        let sample = sample()
        let slope = dot(sample.gradient, first.update(sample).change)
        return slope < 0 ? nil : "the step climbs: its slope is \(slope)"
      },
      body: {
        return optimizer.update(sample()).change[0]
      })
  }
}
