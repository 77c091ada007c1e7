import NeuralQuantumStates

/// Chapters 4 to 6 at A particles, H = 64, L = 2, D = 1, 4096 walkers: what a step is made of.
///
/// The network is a pretrained one, as in every run. It matters to sweeps alone: how many of them need exact values depends
/// on how nearly equal the orbitals are, and with random weights all of them do at A = 6.
func ansatzParts(particles: Int, threads: Int) -> [Part] {
  guard let shape = try? AnsatzShape(particles: particles) else { return [] }
  let hamiltonian = TrappedFermions(particles: particles, strength: -20)
  var network = DeterminantAnsatz(shape, seed: 1)
  var start = MetropolisWalk(walkers: 4096, particles: particles, seed: 1)
  Pretraining(steps: 20).run(&network, &start, threads: threads)
  let ansatz = network
  for _ in 0..<10 { start.sweep(ansatz, count: 20, adaptingWidth: true, threads: threads) }
  let walk = start
  let sweeps = 40
  let title = "A = \(particles): "

  func sweepPart(_ threads: Int, roughly: Bool = true) -> Part {
    Part(
      name: title + "Metropolis sweep, \(roughly ? "" : "exact, ")\(threads) thread\(threads == 1 ? "" : "s")",
      items: Double(sweeps), check: { checkValues(ansatz, walk.walkers) },
      body: {
        var copy = walk
        copy.sweep(ansatz, count: sweeps, roughly: roughly, threads: threads)
        return copy.acceptance
      })
  }
  let weights = (0..<4096).map { Double($0 % 7) - 3 }
  var gradient: ParameterDerivatives?
  var parts = [sweepPart(1, roughly: false), sweepPart(1)]
  if threads > 1 { parts.append(sweepPart(threads)) }
  parts += [
    Part(
      name: title + "values of ψ", check: { nil },
      body: { ansatz.evaluate(walk.walkers, order: .value, threads: threads).logPsi[0] }),
    Part(
      name: title + "local energy", check: { checkLaplacian(ansatz, walk.walkers) },
      body: { hamiltonian.localEnergies(of: ansatz, at: walk.walkers, threads: threads).mean }),
    Part(
      name: title + "energy gradient", check: { nil },
      body: {
        var derivatives =
          gradient.take() ?? ParameterDerivatives(of: ansatz, at: walk.walkers, order: .value, threads: threads)
        derivatives.update(of: ansatz, at: walk.walkers)
        defer { gradient = derivatives }
        return derivatives.logDerivatives(weighted: weights)[0]
      }),
  ]
  return parts + productParts(ansatz, walk.walkers, title: title, threads: threads)
}

/// The maps O, M and K and their transposes.
private func productParts(_ ansatz: DeterminantAnsatz, _ walkers: Walkers, title: String, threads: Int) -> [Part] {
  let v = ansatz.parameters
  let u = (0..<walkers.count).map { Double($0 % 7) - 3 }
  let ux = (0..<(walkers.count * walkers.particles)).map { Double($0 % 5) - 2 }
  final class Record {
    var derivatives: ParameterDerivatives?
  }
  // One record for all of them, made when the first is timed.
  let record = Record()
  func with(_ order: JetOrder, _ body: (inout ParameterDerivatives) -> Double) -> Double {
    if record.derivatives?.order != order {
      record.derivatives = nil
      record.derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: order, threads: threads)
    }
    guard var derivatives = record.derivatives.take() else { return 0 }
    defer { record.derivatives = derivatives }
    return body(&derivatives)
  }
  return [
    Part(
      name: title + "record for O and M", check: { nil },
      body: {
        with(.gradient) {
          $0.update(of: ansatz, at: walkers)
          return $0.evaluation.logPsi[0]
        }
      }),
    Part(
      name: title + "M v", check: { checkTranspose(ansatz, walkers) },
      body: { with(.gradient) { $0.mixedDerivatives(along: v)[0] } }),
    Part(name: title + "Mᵀ u", check: { nil }, body: { with(.gradient) { $0.mixedDerivatives(weighted: ux)[0] } }),
    Part(name: title + "Mᵀ M v in one pass", check: { nil }, body: { with(.gradient) { $0.mixedGram(v)[0] } }),
    Part(
      name: title + "Mᵀ M v, single precision", check: { checkSingle(ansatz, walkers) },
      body: { with(.gradient) { $0.mixedGram(v, precision: .single)[0] } }),
    Part(name: title + "diagonal of Mᵀ M", check: { nil }, body: { with(.gradient) { $0.mixedSquares()[0] } }),
    Part(name: title + "O v", check: { nil }, body: { with(.value) { $0.logDerivatives(along: v)[0] } }),
    Part(name: title + "Oᵀ u", check: { nil }, body: { with(.value) { $0.logDerivatives(weighted: u)[0] } }),
    Part(name: title + "K v", check: { nil }, body: { with(.laplacian) { $0.energyDerivatives(along: v)[0] } }),
    Part(name: title + "Kᵀ u", check: { nil }, body: { with(.laplacian) { $0.energyDerivatives(weighted: u)[0] } }),
  ]
}

private func firstWalkers(_ walkers: Walkers, _ count: Int) -> [[Double]] {
  let x = walkers.positions
  return (0..<count).map { Array(x[($0 * walkers.particles)..<(($0 + 1) * walkers.particles)]) }
}

/// ln|ψ| of some walkers against the definition.
private func checkValues(_ ansatz: DeterminantAnsatz, _ walkers: Walkers) -> String? {
  let some = firstWalkers(walkers, 5)
  let plain = some.map {
    DeterminantAnsatz.referenceLogPsi(ansatz.shape, parameters: ansatz.parameters, positions: $0).logMagnitude
  }
  let fast = ansatz.evaluate(Walkers(some.flatMap { $0 }, particles: walkers.particles), order: .value).logPsi
  return agreement(fast, plain, 1e-9)
}

/// Δ ln|ψ| of some walkers against nested dual numbers.
private func checkLaplacian(_ ansatz: DeterminantAnsatz, _ walkers: Walkers) -> String? {
  let some = firstWalkers(walkers, 3)
  let plain = some.map { x in
    laplacian(
      of: { (s: [Dual<Dual<Double>>]) in
        DeterminantAnsatz.referenceLogPsi(
          ansatz.shape, parameters: ansatz.parameters.map { .init($0) }, positions: s
        ).logMagnitude
      }, at: x)
  }
  let fast = ansatz.evaluate(Walkers(some.flatMap { $0 }, particles: walkers.particles)).laplacian
  return agreement(fast, plain, 1e-7)
}

/// Mᵀ M v of single precision against that of double precision.
private func checkSingle(_ ansatz: DeterminantAnsatz, _ walkers: Walkers) -> String? {
  let some = Walkers(firstWalkers(walkers, 40).flatMap { $0 }, particles: walkers.particles)
  var derivatives = ParameterDerivatives(of: ansatz, at: some, order: .gradient)
  let double = derivatives.mixedGram(ansatz.parameters)
  return agreement(derivatives.mixedGram(ansatz.parameters, precision: .single), double, 1e-4)
}

/// u · (M v) = v · (Mᵀ u).
private func checkTranspose(_ ansatz: DeterminantAnsatz, _ walkers: Walkers) -> String? {
  let some = firstWalkers(walkers, 40)
  var derivatives = ParameterDerivatives(
    of: ansatz, at: Walkers(some.flatMap { $0 }, particles: walkers.particles), order: .gradient)
  let v = ansatz.parameters
  let u = (0..<(40 * walkers.particles)).map { Double($0 % 5) - 2 }
  let left = dot(u, derivatives.mixedDerivatives(along: v))
  let right = dot(v, derivatives.mixedDerivatives(weighted: u))
  return agreement([left], [right], 1e-8)
}
