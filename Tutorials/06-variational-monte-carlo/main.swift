import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Foundation

/// "0.123": a number with a fixed number of digits behind the point.
func fixed(_ x: Double, _ digits: Int = 3) -> String { String(format: "%.\(digits)f", x) }
func yes(_ claim: Bool) -> String { claim ? "yes" : "no" }
/// The mean of independent values with its error bar.
func estimate(_ values: [Double], _ digits: Int = 4) -> String {
  let s = SampleStatistics(values, walkers: values.count)
  return "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}
let threads = 2

/// Two fermions that attract each other; chapter 3 gives their energy exactly.
// region: system
let pair = TrappedFermions(particles: 2, strength: -20)
let exact = -2.4717558
// end

func untrained() throws {
  print("== untrained ==")
  // region: untrained
  for seed in [1, 2, 3] as [UInt64] {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: seed)
    var walk = MetropolisWalk(walkers: 1024, particles: 2, seed: seed)
    walk.sweep(ansatz, count: 200, threads: threads)
    let energies = pair.localEnergies(of: ansatz, at: walk.walkers, threads: threads)
    print("seed \(seed): E = \(estimate(energies.total, 2)), exact \(exact)")
  }
  // end
}

func pretrain() throws {
  print("== pretraining ==")
  // region: pretraining
  let free = TrappedFermions(particles: 3, strength: 0)
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 3), seed: 1)
  var walk = MetropolisWalk(walkers: 512, particles: 3, seed: 1)
  for steps in [0, 100, 400] {
    Pretraining(steps: steps).run(&ansatz, &walk, threads: threads)
    walk.sweep(ansatz, count: 100, threads: threads)
    let energies = free.localEnergies(of: ansatz, at: walk.walkers, threads: threads)
    let wrong = wrongSignFraction(sign: energies.sign, positions: walk.walkers.positions, particles: 3)
    print(steps, estimate(energies.total), energies.variance, wrong)
  }
  // end
}

/// A pretrained pair and its walkers.
// region: start
func pretrainedPair(walkers: Int, hidden: Int = 64) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
  Pretraining(steps: 200).run(&ansatz, &walk, threads: threads)
  walk.sweep(ansatz, count: 100, threads: threads)
  return (ansatz, walk)
}
// end

func gradient() throws {
  print("== gradient ==")
  // region: gradient
  let (ansatz, walk) = try pretrainedPair(walkers: 4096, hidden: 16)
  let walkers = walk.walkers
  let energies = pair.localEnergies(of: ansatz, at: walkers, threads: threads)
  var derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian, threads: threads)
  let g = energyGradient(energies: energies.total, derivatives: &derivatives)

  // Along its own direction, so that there is something to see.
  let length = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
  let v = g.map { $0 / length }

  // E(θ + εv) on the walkers of θ: each counts |ψ_{θ+εv} / ψ_θ|² times.
  func energy(_ step: Double) -> Double {
    var moved = ansatz
    moved.parameters = zip(ansatz.parameters, v).map { $0 + step * $1 }
    let there = pair.localEnergies(of: moved, at: walkers, threads: threads).total
    let logPsi = moved.evaluate(walkers, order: .value).logPsi
    let weights = zip(logPsi, derivatives.evaluation.logPsi).map { Double.exp(2 * ($0 - $1)) }
    return zip(weights, there).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
  let difference = (energy(1e-4) - energy(-1e-4)) / 2e-4
  let k = derivatives.energyDerivatives(along: v)
  print(length, difference, difference - length, estimate(k))
  // end
}

func train() throws {
  print("== adam ==")
  // region: adam
  let (ansatz, walk) = try pretrainedPair(walkers: 1024)
  var run = VariationalMonteCarlo(
    pair, ansatz, walk, Adam(learningRate: LearningRate(3e-3, decaySteps: 200)), sweeps: 10, threads: threads)
  for step in 1...300 {
    let record = try run.advance()
    if step == 1 || step % 25 == 0 { print(step, record.energy, record.energyError, record.variance) }
  }
  let final = try run.evaluate(batches: 20)
  print(final.energy, final.error, final.statistics.splitRHat)
  // end
}

func tutorial() throws {
  try untrained()
  try pretrain()
  try gradient()
  try train()
}

try tutorial()
