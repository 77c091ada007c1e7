import AppendixText
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
      name: namePrefix(prepared.shape.particles) + "step of \(title)",
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

/// Whole runs with the defaults of `nqs solve`: seconds until the energy's mean over ten steps is within a part in a thousand
/// of the exact one, pretraining included. The median of three seeds.
func runParts(threads: Int) -> [Part] {
  [(2, -20.0), (3, 20), (4, -20)].map { particles, strength in
    let hamiltonian = TrappedFermions(particles: particles, strength: strength)
    var seed: UInt64 = 0
    return Part(
      name: "time to 1e-3, A = \(particles), V0 = \(fixed(strength, 0))", unit: .seconds, repeats: 3, warmsUp: false,
      check: { ExactEnergy.known(hamiltonian) == nil ? "the exact energy is not in the table" : nil },
      body: {
        seed += 1
        return stepsToTarget(hamiltonian, seed: seed, threads: threads).map { Double($0) } ?? .nan
      })
  }
}

/// Steps until the mean of the last ten energies is within 1e-3 of the exact one; nil where it is not within 1000
/// steps, or the run fails.
private func stepsToTarget(_ hamiltonian: TrappedFermions, seed: UInt64, threads: Int) -> Int? {
  guard let exact = ExactEnergy.known(hamiltonian)?.energy,
    let shape = try? AnsatzShape(particles: hamiltonian.particles)
  else { return nil }
  var ansatz = DeterminantAnsatz(shape, seed: seed)
  var walk = MetropolisWalk(walkers: 512, particles: hamiltonian.particles, seed: seed)
  Pretraining().run(&ansatz, &walk, threads: threads)
  walk.power = ProjectedIncrements.samplingPower
  walk.sweep(ansatz, count: 100, adaptingWidth: true, threads: threads)
  var run = VariationalMonteCarlo(hamiltonian, ansatz, walk, ProjectedIncrements().makeOptimizer(), threads: threads)
  var energies: [Double] = []
  while energies.count < 1000, let record = try? run.advance() {
    energies.append(record.energy)
    guard energies.count >= 10 else { continue }
    let mean = energies.suffix(10).reduce(0, +) / 10
    if abs(mean - exact) <= 1e-3 * abs(exact) { return energies.count }
  }
  return nil
}
