import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch09QuasiNewtonKFAC

/// The mean of independent values with its error bar.
func estimate(_ values: [Double], _ digits: Int = 3) -> String {
  let s = SampleStatistics(independent: values)
  return "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}

func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

let pair = TrappedFermions(particles: 2, strength: -20)
let exact = -2.47176  // chapter 3

/// A pretrained network for two particles, and walkers that follow it.
func pretrainedPair(walkers: Int, hidden: Int = 64, seed: UInt64 = 1) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: seed)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: seed)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}

func kfac(_ model: any ParameterMetric, lambda: Double) -> SecondOrder {
  SecondOrder(
    name: "kfac", direction: KroneckerDirection(model: model), damping: LevenbergMarquardt(lambda: lambda),
    length: QuadraticModel(model), judge: ReductionRatio())
}

/// A state on its way: ten steps of KFAC from a pretrained network with 16 features, and 2048 walkers.
func onItsWay(seed: UInt64) throws -> (Sample, MetropolisWalk) {
  let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 16, seed: seed)
  var run = VariationalMonteCarlo(pair, ansatz, walk, kfac(FisherMetric(), lambda: 10), sweeps: 10, threads: 2)
  for _ in 1...10 { _ = try run.advance() }
  var many = MetropolisWalk(
    positions: run.walk.walkers.positions + run.walk.walkers.positions, particles: 2, width: run.walk.width, seed: seed)
  many.sweep(run.ansatz, count: 100, threads: 2)
  return (Sample(pair, run.ansatz, at: many.walkers, order: .laplacian, threads: 2), many)
}

/// E(θ + δ) - E(θ) on walkers that have followed ψ to θ + δ, as in chapter 7.
func measured(_ step: [Double], _ sample: Sample, _ walk: MetropolisWalk) -> EnergyChange {
  var (moved, walk) = (sample.ansatz, walk)
  moved.move(by: step)
  walk.sweep(moved, count: 50, threads: 2)
  let next = Sample(pair, moved, at: walk.walkers, order: .value, threads: 2)
  return EnergyChange(next, from: sample.ansatz, oldEnergy: sample.clippedEnergy)
}

func models() throws {
  let states = try (1...4).map { try onItsWay(seed: $0) }
  print("== lengths ==")
  // region: lengths
  for (name, model) in [("F", FisherMetric()), ("H_Q", QuasiHessian(.mixedDerivatives))]
    as [(String, any ParameterMetric)]
  {
    var (lengths, promises, changes): ([Double], [Double], [Double]) = ([], [], [])
    for (state, walk) in states {
      var (sample, kronecker) = (state, KroneckerDirection())
      let delta = kronecker.direction(sample, lambda: 1)
      let rescaling = Rescaling(
        forms: [[model.forms([delta], sample)[0, 0], 0], [0, 0]], squares: (dot(delta, delta), 0, 0),
        slopes: (dot(sample.gradient, delta), 0), lambda: 1e-3)
      lengths.append(rescaling.alpha)
      promises.append(rescaling.predictedChange)
      changes.append(measured(delta.map { rescaling.alpha * $0 }, sample, walk).change)
    }
    print("\(name): α = \(estimate(lengths, 2)), promised \(estimate(promises)), measured \(estimate(changes))")
  }
  // end

  print("== estimators ==")
  // region: estimators
  var (sample, kronecker) = (states[0].0, KroneckerDirection())
  let delta = kronecker.direction(sample, lambda: 1)
  let e = sample.centred(sample.clippedEnergies)
  let o = sample.centred(sample.derivatives.logDerivatives(along: delta))
  let k = sample.centred(sample.derivatives.energyDerivatives(along: delta))
  let m = sample.derivatives.mixedDerivatives(along: delta)
  print("4 (E_L - Ē) O²:", estimate(o.indices.map { 4 * e[$0] * o[$0] * o[$0] }, 4))
  print("2 O K:         ", estimate(o.indices.map { 2 * o[$0] * k[$0] }, 4))
  print("Σ_i M_i²:      ", estimate(o.indices.map { m[2 * $0] * m[2 * $0] + m[2 * $0 + 1] * m[2 * $0 + 1] }, 4))
  print("F:             ", estimate(o.map { 4 * $0 * $0 }, 4))
  // end
}

func indefinite() {
  print("== indefinite ==")
  // region: indefinite
  // Downhill and bent downwards along Δ, and a last step that is bent upwards: units of 1.
  for lambda in [4, 0.1] {
    let r = Rescaling(forms: [[-1, 0.5], [0.5, 2]], squares: (1, 0, 1), slopes: (-1, 0.2), lambda: lambda)
    print("λ = \(lambda) became \(r.lambda): α = \(fixed(r.alpha, 3)), μ = \(fixed(r.mu, 3)),", terminator: " ")
    print("promised \(fixed(r.predictedChange, 3))")
  }
  // end
}

func train() throws {
  print("== run ==")
  // region: run
  let (ansatz, walk) = try pretrainedPair(walkers: 512, seed: 4)
  let optimizer = kfac(QuasiHessian(.mixedDerivatives), lambda: 1)
  var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10, threads: 2)
  let energies = try (1...60).map { _ in try run.advance().energy }
  let (late, highest) = (mean(energies[50...]), energies[20...].max() ?? .nan)
  print("steps 51 to 60: E ≈ \(fixed(late, 2)), within 0.15 of the exact energy: \(yesOrNo(abs(late - exact) < 0.15))")
  print("highest energy after step 20 ≈ \(fixed(highest, 2)), below -1.8: \(yesOrNo(highest < -1.8))")
  // end
}

/// Either model with four seeds, for the page's table: takes a quarter of a minute.
func compare() throws {
  for (name, model) in [("F", FisherMetric()), ("H_Q", QuasiHessian(.mixedDerivatives))]
    as [(String, any ParameterMetric)]
  {
    for seed in 1...4 as ClosedRange<UInt64> {
      let (ansatz, walk) = try pretrainedPair(walkers: 512, seed: seed)
      var run = VariationalMonteCarlo(pair, ansatz, walk, kfac(model, lambda: 1), sweeps: 10, threads: 2)
      let energies = try (1...60).map { _ in try run.advance().energy }
      let highest = energies[20...].max() ?? .nan
      print("\(name), seed \(seed): steps 51 to 60 \(fixed(mean(energies[50...]), 2)),", terminator: " ")
      print("highest after step 20 \(fixed(highest, 2))")
    }
  }
}

if CommandLine.arguments.contains("compare") {
  try compare()
} else {
  try models()
  indefinite()
  try train()
}
