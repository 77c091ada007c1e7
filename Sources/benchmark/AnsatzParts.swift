import NeuralQuantumStates

/// A pretrained network of H = 64, L = 2, D = 1 and 4096 walkers of |ψ|², made when the first part that needs them
/// runs.
///
/// Pretrained, as in every run. It matters to sweeps alone: how many of them need exact values depends on how nearly
/// equal the orbitals are, and with random weights all of them do at A = 6.
final class Prepared {
  let shape: AnsatzShape
  let threads: Int
  private lazy var made = {
    var network = DeterminantAnsatz(shape, seed: 1)
    var walk = MetropolisWalk(walkers: 4096, particles: shape.particles, seed: 1)
    Pretraining(steps: 20).run(&network, &walk, threads: threads)
    for _ in 0..<10 { walk.sweep(network, count: 20, adaptingWidth: true, threads: threads) }
    return (network, walk)
  }()
  var ansatz: DeterminantAnsatz { made.0 }
  var walk: MetropolisWalk { made.1 }
  var walkers: Walkers { made.1.walkers }
  var hamiltonian: TrappedFermions { TrappedFermions(particles: shape.particles, strength: -20) }

  init?(particles: Int, threads: Int) {
    guard let shape = try? AnsatzShape(particles: particles) else { return nil }
    self.shape = shape
    self.threads = threads
  }
}

/// Chapters 4 to 6 at A particles: what a step is made of.
func ansatzParts(_ prepared: Prepared) -> [Part] {
  let (particles, threads) = (prepared.shape.particles, prepared.threads)
  let sweeps = 40
  let title = namePrefix(particles)

  func sweepPart(_ threads: Int, screening: Bool = true) -> Part {
    Part(
      name: title
        + "Metropolis sweep, \(screening ? "" : "double precision, ")\(threads) thread\(threads == 1 ? "" : "s")",
      items: Double(sweeps), check: { checkValues(prepared) },
      body: {
        var copy = prepared.walk
        copy.sweep(prepared.ansatz, count: sweeps, screening: screening, threads: threads)
        return copy.acceptance
      })
  }
  let weights = (0..<4096).map { Double($0 % 7) - 3 }
  var gradient: ParameterDerivatives?
  var parts = [sweepPart(1, screening: false), sweepPart(1)]
  if threads > 1 { parts.append(sweepPart(threads)) }
  parts += [
    Part(
      name: title + "values of ψ", check: { checkValues(prepared) },
      body: { prepared.ansatz.evaluate(prepared.walkers, order: .value, threads: threads).logPsi[0] }),
    Part(
      name: title + "local energy", check: { checkLaplacian(prepared) },
      body: {
        prepared.hamiltonian.localEnergies(of: prepared.ansatz, at: prepared.walkers, threads: threads).mean
      }),
    Part(
      name: title + "energy gradient", check: { transpose(of: .logPsi)(prepared) },
      body: {
        let derivatives = ParameterDerivatives(
          of: prepared.ansatz, at: prepared.walkers, order: .value, threads: threads, reusing: gradient.take())
        defer { gradient = derivatives }
        return derivatives.logDerivatives(weighted: weights)[0]
      }),
  ]
  return parts + productParts(prepared, title: title)
}

/// The maps O, M and K and their transposes.
private func productParts(_ prepared: Prepared, title: String) -> [Part] {
  let u = (0..<4096).map { Double($0 % 7) - 3 }
  let ux = (0..<(4096 * prepared.shape.particles)).map { Double($0 % 5) - 2 }
  final class Record {
    var derivatives: ParameterDerivatives?
  }
  // One record for all of them, made when the first is timed.
  let record = Record()
  func recorded(_ order: JetOrder) -> ParameterDerivatives {
    let derivatives = ParameterDerivatives(
      of: prepared.ansatz, at: prepared.walkers, order: order, threads: prepared.threads,
      reusing: record.derivatives.take())
    record.derivatives = derivatives
    return derivatives
  }
  func with(_ order: JetOrder, _ body: (ParameterDerivatives, _ v: [Double]) -> Double) -> Double {
    let kept = record.derivatives
    return body(kept?.order == order ? kept ?? recorded(order) : recorded(order), prepared.ansatz.parameters)
  }
  func part(
    _ name: String, _ order: JetOrder, work: Part.Work? = nil, check: @escaping (Prepared) -> String?,
    _ body: @escaping (ParameterDerivatives, _ v: [Double]) -> Double
  ) -> Part {
    Part(name: title + name, work: work, check: { check(prepared) }, body: { with(order, body) })
  }
  /// MᵀM v: W and Wᵀ times a panel a particle, and two outer products with it; factors are read once.
  func gramWork(single: Bool) -> Part.Work {
    let (groups, particles) = (prepared.shape.groups.map(\.layout), Double(prepared.shape.particles))
    let weights = groups.reduce(0.0) { $0 + Double($1.outputs * $1.inputs) }
    let features = groups.reduce(0.0) { $0 + Double($1.outputs + $1.inputs) }
    return Part.Work(
      operations: 4096 * particles * 8 * weights,
      bytes: 4096 * particles * (1 + particles) * features * (single ? 4 : 8), isSingle: single,
      threads: prepared.threads)
  }
  return [
    Part(
      name: title + "record for O and M", check: { checkValues(prepared) },
      body: { recorded(.gradient).evaluation.logPsi[0] }),
    part("M v", .gradient, check: transpose(of: .gradient)) { $0.mixedDerivatives(along: $1)[0] },
    part("Mᵀ u", .gradient, check: transpose(of: .gradient)) { d, _ in
      d.mixedDerivatives(weighted: ux)[0]
    },
    part("Mᵀ M v in one pass", .gradient, work: gramWork(single: false), check: gram(in: .double)) {
      $0.mixedGram($1)[0]
    },
    part("Mᵀ M v, single precision", .gradient, work: gramWork(single: true), check: gram(in: .single)) {
      $0.mixedGram($1, precision: .single)[0]
    },
    part("diagonal of Mᵀ M", .gradient, check: checkDiagonal) { d, _ in d.mixedSquares()[0] },
    part("O v", .value, check: transpose(of: .logPsi)) { $0.logDerivatives(along: $1)[0] },
    part("Oᵀ u", .value, check: transpose(of: .logPsi)) { d, _ in d.logDerivatives(weighted: u)[0] },
    part("K v", .laplacian, check: transpose(of: .energy)) { $0.energyDerivatives(along: $1)[0] },
    part("Kᵀ u", .laplacian, check: transpose(of: .energy)) { d, _ in
      d.energyDerivatives(weighted: u)[0]
    },
  ]
}
