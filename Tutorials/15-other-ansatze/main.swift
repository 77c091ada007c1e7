import AppendixText
import NeuralQuantumStates

// region: system
let pair = TrappedFermions(particles: 2, strength: -20)
/// Its energy, from chapter 3.
let exact = -2.4717559
// end

func network() throws {
  print("== network ==")
  // region: network
  let psi = AntisymmetrizedNetwork(particles: 3, hidden: 64, seed: 1)
  let found = psi.evaluate(Walkers([[0.3, -0.8, 1.2], [-0.8, 0.3, 1.2], [-0.8, 1.2, 0.3]]))
  print("parameters", psi.parameterCount)
  print("signs", found.sign.map { $0 == found.sign[0] ? "same" : "opposite" })
  print("the same |ψ|:", yesOrNo(found.logPsi.allSatisfy { abs($0 - found.logPsi[0]) < 1e-12 }))
  // end
}

func sign() {
  print("== sign ==")
  // region: sign
  for particles in 1...7 {
    let digits = [(Activation.tanh, 1.0), (.tanh, 4), (.sine, 1)].map { activation, scale -> String in
      let psi = AntisymmetrizedNetwork(
        particles: particles, hidden: 8, activation: activation, scale: scale, seed: 1)
      var walk = MetropolisWalk(walkers: 128, particles: particles, seed: 1)
      walk.sweep(psi, count: 100, adaptingWidth: true, threads: 2)
      let left = psi.cancellations(at: walk.walkers)
      let lost = SampleStatistics(independent: left.map { -Double.log($0) / Double.log(10) })
      return "\(fixed(lost.mean, 2)) ± \(fixed(lost.standardError, 2))"
    }
    print("\(particles) fermions:", digits.joined(separator: "    "))
  }
  // end
}

func invariance() throws {
  // region: mixed
  /// The network with twice the first orbital plus the second in the place of the first.
  func mixed(_ psi: DeterminantAnsatz) -> DeterminantAnsatz {
    var other = psi
    for group in psi.parameterGroups {
      guard case .orbitals = group.role else { continue }
      let width = group.layout.inputs
      for c in 0..<width {
        other.parameters[group.start + c] =
          2 * psi.parameters[group.start + c] + psi.parameters[group.start + width + c]
      }
      let bias = group.start + group.layout.biasStart
      other.parameters[bias] = 2 * psi.parameters[bias] + psi.parameters[bias + 1]
    }
    return other
  }
  // end

  print("== invariance ==")
  // region: invariance
  let psi = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 16), seed: 1)
  let free = FreeFermions(particles: 3)
  var walk = MetropolisWalk(walkers: 512, particles: 3, seed: 1)
  walk.sweep(free, count: 200, adaptingWidth: true)
  let losses = [psi, mixed(psi)].map { OverlapLoss(of: $0, with: free, at: walk.walkers).loss }
  print("changes by less than 1e-12:", yesOrNo(abs(losses[0] - losses[1]) < 1e-12))
  // end
}

func pretraining() throws {
  print("== pretraining ==")
  // region: pretraining
  func lost(_ psi: some TrainableWaveFunction) -> Double {
    var walk = MetropolisWalk(walkers: 2048, particles: 3, seed: 9)
    walk.sweep(FreeFermions(particles: 3), count: 200, adaptingWidth: true, threads: 2)
    return 1 - OverlapLoss(of: psi, with: FreeFermions(particles: 3), at: walk.walkers, threads: 2).cosineSquared
  }
  var network = AntisymmetrizedNetwork(particles: 3, hidden: 64, seed: 1)
  var determinant = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 16), seed: 1)
  var orbitals = determinant
  var walk = MetropolisWalk(walkers: 512, particles: 3, seed: 1)
  OverlapPretraining(steps: 20).run(&network, &walk, threads: 2)
  OverlapPretraining(steps: 20).run(&determinant, &walk, threads: 2)
  Pretraining(steps: 20).run(&orbitals, &walk, threads: 2)
  print("network, below 1e-3:", yesOrNo(lost(network) < 1e-3))
  print("determinant, below 1e-3:", yesOrNo(lost(determinant) < 1e-3))
  print("the same by its orbitals, below 1e-3:", yesOrNo(lost(orbitals) < 1e-3))
  // end
}

func trained() throws {
  print("== trained ==")
  // region: trained
  var psi = AntisymmetrizedNetwork(particles: 2, hidden: 64, seed: 1)
  var walk = MetropolisWalk(walkers: 512, particles: 2, seed: 1)
  OverlapPretraining().run(&psi, &walk, threads: 2)
  walk.power = ProjectedIncrements.samplingPower
  var run = VariationalMonteCarlo(pair, psi, walk, ProjectedIncrements().optimizer, threads: 2)
  for _ in 1...60 { _ = try run.advance() }
  let energy = try run.evaluate()
  print("within 1e-3 of \(fixed(exact, 4)):", yesOrNo(abs(energy.energy / exact - 1) < 1e-3))
  print("error bar below 1e-3:", yesOrNo(energy.error < 1e-3))
  // end
}

try network()
sign()
try invariance()
try pretraining()
try trained()
