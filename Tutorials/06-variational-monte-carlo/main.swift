import AppendixText
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo

/// The mean of independent values with its error bar.
func estimate(_ values: [Double], _ digits: Int = 4) -> String {
  let s = SampleStatistics(independent: values)
  return "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}

// region: system
let pair = TrappedFermions(particles: 2, strength: -20)
let exact = -2.4717559  // chapter 3
// end

func untrained() throws {
  print("== untrained ==")
  // region: untrained
  for seed in [1, 2, 3] as [UInt64] {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: seed)
    var walk = MetropolisWalk(walkers: 512, particles: 2, seed: seed)
    walk.sweep(ansatz, count: 200, threads: 2)
    let energies = pair.localEnergies(of: ansatz, at: walk.walkers, threads: 2)
    print("seed \(seed): E = \(estimate(energies.total, 2)), exact \(exact)")
  }
  // end
}

func pretrain() throws {
  print("== pretraining ==")
  // region: pretraining
  let free = TrappedFermions(particles: 3, strength: 0)
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 3), seed: 3)
  var walk = MetropolisWalk(walkers: 256, particles: 3, seed: 1)

  func measure(_ when: String) -> (variance: Double, wrongSign: Double) {
    walk.sweep(ansatz, count: 100, threads: 2)
    let energies = free.localEnergies(of: ansatz, at: walk.walkers, threads: 2)
    print("\(when): E = \(estimate(energies.total, 3)), free fermions 4.5")
    let wrong = wrongSignFraction(sign: energies.sign, positions: walk.walkers.positions, particles: 3)
    return (energies.variance, wrong)
  }
  let before = measure("random network")
  Pretraining().run(&ansatz, &walk, threads: 2)
  let after = measure("pretrained")

  print("variance of E_L before ≈ \(fixed(before.variance, 1)), above 0.5: \(yesOrNo(before.variance > 0.5))")
  print("variance of E_L after ≈ \(fixed(after.variance, 3)), below 0.1: \(yesOrNo(after.variance < 0.1))")
  let (wrong, mended) = (100 * before.wrongSign, 100 * after.wrongSign)
  print("walkers on the wrong side of a spurious node before ≈ \(fixed(wrong, 1)) %, above 5 %: \(yesOrNo(wrong > 5))")
  print("walkers on the wrong side of a spurious node after ≈ \(fixed(mended, 1)) %, below 1 %: \(yesOrNo(mended < 1))")
  // end
}

// region: pair
/// A pretrained network for two particles, and walkers that follow it.
func pretrainedPair(walkers: Int, hidden: Int = 64) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}
// end

func gradient() throws {
  print("== gradient ==")
  // region: gradient
  let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 16)
  let walkers = walk.walkers
  let energies = pair.localEnergies(of: ansatz, at: walkers, threads: 2)
  let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian, threads: 2)
  let g = energyGradient(energies: energies.total, derivatives: derivatives)

  // The slope along the gradient's own direction v, walker by walker.
  let length = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
  let v = g.map { $0 / length }
  let ov = derivatives.logDerivatives(along: v)
  let slopes = zip(energies.total, ov).map { 2 * ($0 - energies.mean) * $1 }
  print("g · v:", estimate(slopes, 3))

  // E(θ + εv) on the walkers of θ: each counts |ψ_{θ+εv} / ψ_θ|² times.
  func energy(_ step: Double) -> Double {
    var moved = ansatz
    moved.move(by: v, factor: step)
    let there = pair.localEnergies(of: moved, at: walkers, threads: 2).total
    let psi = moved.evaluate(walkers, order: .value, threads: 2).psi
    let weights = zip(psi, derivatives.evaluation.psi).map { ($0 / $1) * ($0 / $1) }
    return zip(weights, there).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
  let difference = (energy(1e-4) - energy(-1e-4)) / 2e-4
  let kv = derivatives.energyDerivatives(along: v)
  let error = SampleStatistics(independent: zip(slopes, kv).map { $0 + $1 }).standardError
  print("finite difference: \(fixed(difference, 3)) ± \(fixed(error, 3))")

  print("mean of ∂E_L · v:", estimate(kv, 3))
  let gap = difference - length - kv.reduce(0, +) / Double(kv.count)
  print("finite difference less both ≈ \(scientific(gap, 0)), smaller than 1e-4: \(yesOrNo(abs(gap) < 1e-4))")
  // end
}

func byHand(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== hand ==")
  var (ansatz, walk) = (ansatz, walk)
  // region: hand
  var energies: [Double] = []
  for _ in 1...40 {
    walk.sweep(ansatz, count: 10, adaptingWidth: true, threads: 2)
    let local = pair.localEnergies(of: ansatz, at: walk.walkers, threads: 2)
    let derivatives = ParameterDerivatives(of: ansatz, at: walk.walkers, order: .value, threads: 2)
    let g = energyGradient(energies: clipped(local.total), derivatives: derivatives)
    ansatz.move(by: g, factor: -0.01)
    energies.append(local.mean)
  }
  let gain = energies[0] - energies[39]
  print("step 1: E ≈ \(fixed(energies[0], 2)), above 0: \(yesOrNo(energies[0] > 0))")
  print("step 40: lower by ≈ \(fixed(gain, 2)), more than 0.5: \(yesOrNo(gain > 0.5))")
  // end
}

func train(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== adam ==")
  // region: adam
  let adam = Adam(learningRate: 5e-3, decaySteps: 50)
  var run = VariationalMonteCarlo(pair, ansatz, walk, adam, sweeps: 10, threads: 2)
  var energies: [Double] = []
  for _ in 1...200 { energies.append(try run.advance().energy) }

  print("step 1: E ≈ \(fixed(energies[0], 2)), above 0: \(yesOrNo(energies[0] > 0))")
  for (step, bound) in [(50, 2.0), (100, 0.3), (200, 0.1)] {
    let (energy, isNear) = (energies[step - 1], abs(energies[step - 1] - exact) < bound)
    print("step \(step): E ≈ \(fixed(energy, 2)), within \(bound) of the exact energy: \(yesOrNo(isNear))")
  }
  let gains = (energies[0] - energies[99], energies[99] - energies[199])
  print("steps 1 to 100 gain ≈ \(fixed(gains.0, 2)), steps 101 to 200", terminator: " ")
  print("≈ \(fixed(gains.1, 2)), less than a tenth of that: \(yesOrNo(gains.1 < 0.1 * gains.0))")
  // end

  print("== final ==")
  // region: final
  let final = try run.evaluate(batches: 40)
  let distance = final.energy - exact
  let (rHat, variance) = (final.statistics.splitRHat, final.statistics.variance)
  let (share, bars) = (100 * abs(distance / exact), distance / final.error)
  print(
    "E ≈ \(fixed(final.energy, 4)), error bar ≈ \(fixed(final.error, 4)), below 5e-3: \(yesOrNo(final.error < 5e-3))")
  print("R̂ ≈ \(fixed(rHat, 3)), below 1.01: \(yesOrNo(rHat < 1.01))")
  print("relative error ≈ \(fixed(share, 1)) %, below 2 %: \(yesOrNo(share < 2))")
  print("above the exact energy by ≈ \(fixed(bars, 0)) error bars, more than 1: \(yesOrNo(bars > 1))")
  print("variance of E_L ≈ \(fixed(variance, 2)), still above 1e-2: \(yesOrNo(variance > 1e-2))")
  // end
}

// region: own
/// A step of fixed length downhill, with inertia.
struct HeavyBall: Optimizer {
  let name = "heavy ball"
  var length = 0.02
  var velocity: [Double]?

  mutating func update(_ sample: Sample) -> Update {
    let norm = sample.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let push = sample.gradient.map { -length * $0 / norm }
    let change = velocity.map { zip($0, push).map { 0.8 * $0 + $1 } } ?? push
    velocity = change
    return Update(change: change)
  }

  // What it remembers, for a run that is stopped and goes on.
  func save(to state: inout OptimizerState) { state.append("velocity", velocity) }
  mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    velocity = try reader.list("velocity", count: reader.parameterCount)
  }
}
// end

func ownOptimizer(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== run ==")
  // region: run
  var run = VariationalMonteCarlo(pair, ansatz, walk, HeavyBall(), sweeps: 10, threads: 2)
  let first = try run.advance().energy
  for _ in 2...60 { _ = try run.advance() }
  let last = try run.advance().energy
  print("lower by ≈ \(fixed(first - last, 1)) after 60 steps, more than 1: \(yesOrNo(first - last > 1))")
  // end
  print("== resumed ==")
  // region: resumed
  let saved = run.optimizer.state
  let optimizer = try HeavyBall().resumed(from: saved, groups: ansatz.parameterGroups)
  var resumed = VariationalMonteCarlo(
    pair, run.ansatz, run.walk, optimizer, sweeps: 10, threads: 2, step: run.step)
  for _ in 1...5 { _ = (try run.advance(), try resumed.advance()) }
  let isSame = run.ansatz.parameters == resumed.ansatz.parameters
  print("\(saved.tensors.map(\.name)) saved; five steps more: \(isSame ? "same bits" : "other bits")")
  // end
}

func tutorial() throws {
  try untrained()
  try pretrain()
  try gradient()
  let (ansatz, walk) = try pretrainedPair(walkers: 512)
  byHand(ansatz, walk)
  try train(ansatz, walk)
  try ownOptimizer(ansatz, walk)
}

try tutorial()
