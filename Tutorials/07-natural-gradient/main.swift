import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// The mean of independent values with its error bar.
func estimate(_ values: [Double], _ digits: Int = 4) -> String {
  let s = SampleStatistics(independent: values)
  return "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}

func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

/// The divergence that log ratios r tell, with its error bar.
func divergence(_ r: [Double]) -> String {
  // Each walker's part, the logarithm of a mean taken to first order.
  let (norm, middle) = (mean(r.map { Double.exp($0) }), mean(r))
  let parts = r.map { Double.exp($0) / norm - 1 - ($0 - middle) }
  return "\(fixed(kullbackLeibler(logRatios: r), 5)) ± \(fixed(SampleStatistics(independent: parts).standardError, 5))"
}

// region: system
let pair = TrappedFermions(particles: 2, strength: -20)
let (exact, hartreeFock) = (-2.47176, -1.89146)  // chapter 3

/// A pretrained network with 8 features a layer, 180 parameters in all, and walkers that follow it.
func pretrainedPair(walkers: Int) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 8), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
  Pretraining().run(&ansatz, &walk)
  walk.sweep(ansatz, count: 100)
  return (ansatz, walk)
}
// end

func descend(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws -> Sample {
  print("== descent ==")
  // region: descent
  var descent = VariationalMonteCarlo(pair, ansatz, walk, GradientDescent(learningRate: 0.05), sweeps: 10)
  var energies: [Double] = []
  for _ in 1...60 { energies.append(try descent.advance().energy) }
  let late = mean(energies[30...])
  print("step 1: E ≈ \(fixed(energies[0], 2)), above 0: \(yesOrNo(energies[0] > 0))")
  print("mean of steps 31 to 60 ≈ \(fixed(late, 2)), within 0.2 of Hartree-Fock's", terminator: " ")
  print("\(fixed(hartreeFock, 2)): \(yesOrNo(abs(late - hartreeFock) < 0.2))")
  // end
  var walk = descent.walk
  walk.sweep(descent.ansatz, count: 50)
  return Sample(pair, descent.ansatz, at: walk.walkers, order: .value)
}

// region: ratios
/// ln|ψ'|² - ln|ψ|² at the sample's walkers, ψ' with the parameters θ + δ.
func logRatios(_ sample: Sample, _ step: [Double]) -> [Double] {
  var moved = sample.ansatz
  moved.move(by: step)
  let there = moved.evaluate(sample.walkers, order: .value).logPsi
  return zip(there, sample.derivatives.evaluation.logPsi).map { 2 * ($0 - $1) }
}
// end

func distances(_ sample: Sample) {
  let sample = sample
  print("== lengths ==")
  // region: lengths
  let names = ["first layer", "second layer", "orbitals", "envelopes"]
  var last: [Double] = []
  for (name, group) in zip(names, sample.parameterGroups) {
    // Downhill with this block's parameters only, all steps of one length.
    var step = [Double](repeating: 0, count: sample.gradient.count)
    for p in group.range { step[p] = -sample.gradient[p] }
    scale(&step, by: 0.1 / norm(step))
    print("\(name): |δ| = \(fixed(norm(step), 2)), D = \(divergence(logRatios(sample, step)))")
    last = step
  }
  // One orbital's weights and bias a little larger, in proportion.
  var larger = [Double](repeating: 0, count: sample.gradient.count)
  let orbitals = sample.parameterGroups[2]
  for p in Array(0..<8) + [orbitals.layout.biasStart] {
    larger[orbitals.start + p] = sample.ansatz.parameters[orbitals.start + p]
  }
  scale(&larger, by: 0.1 / norm(larger))
  print("one orbital times a factor: |δ| = \(fixed(norm(larger), 2)), D =", divergence(logRatios(sample, larger)))
  // end

  print("== second ==")
  // region: second
  for part in [1, 0.5, 0.25] {
    let step = last.map { part * $0 }
    // ½ δᵀFδ is twice the variance of O δ: a number that each walker adds to.
    let changes = sample.centred(sample.derivatives.logDerivatives(along: step))
    let quadratic = estimate(changes.map { 2 * $0 * $0 }, 5)
    print("\(fixed(part, 2)) δ: D = \(divergence(logRatios(sample, step))), ½ δᵀFδ = \(quadratic)")
  }
  // end

  print("== dense ==")
  // region: dense
  // Row after row of O, by the transposed product with a single walker's weight.
  let count = sample.walkers.count
  let rows = (0..<count).map { walker in
    var one = [Double](repeating: 0, count: count)
    one[walker] = 1
    return sample.derivatives.logDerivatives(weighted: one)
  }
  let middle = (0..<180).map { p in mean(rows.map { $0[p] }) }
  let dense = 4 / Double(count) * columnGram(Matrix(rows.map { zip($0, middle).map { $0 - $1 } }))

  let v = sample.gradient
  let (product, expected) = (FisherMetric().product(v, sample), dense * v)
  let deviation = norm(zip(product, expected).map { $0 - $1 }) / norm(expected)
  print("product and dense matrix apart by ≈ \(scientific(deviation, 0)), below 1e-12: \(yesOrNo(deviation < 1e-12))")

  let eigenvalues = Array(SymmetricEigen(dense).values.reversed())
  let large = eigenvalues.count { $0 > 1e-4 * eigenvalues[0] }
  let none = eigenvalues.count { $0 < 1e-12 * eigenvalues[0] }
  print("of 180 eigenvalues ≈ \(large) are above 1e-4 of the largest, fewer than 20: \(yesOrNo(large < 20))")
  print("and ≈ \(none) are below 1e-12 of it, more than 100: \(yesOrNo(none > 100))")
  // end
}

func directions(_ sample: Sample) {
  print("== directions ==")
  // region: directions
  let natural = SecondOrder.exact(FisherMetric(), damping: 1e-2, radius: 0.03)
  var optimizer = natural
  let best = optimizer.update(sample).change
  let length = { (v: [Double]) in FisherMetric().forms([v], sample)[0, 0].squareRoot() }
  let ratio = length(best) / length(sample.gradient)
  let steepest = sample.gradient.map { -ratio * $0 }

  let gain = dot(sample.gradient, best) / dot(sample.gradient, steepest)
  print(
    "at one distance, the natural step has ≈ \(fixed(gain, 1)) times the slope gᵀδ, more than 2: \(yesOrNo(gain > 2))")
  let longer = norm(best) / norm(steepest)
  print("it is ≈ \(fixed(longer, 1)) times as long in θ, more than 3: \(yesOrNo(longer > 3))")
  // end
}

// region: measured
/// E(θ + δ) - E(θ) on walkers that have followed ψ to θ + δ.
func measured(_ step: [Double], _ sample: Sample, _ walk: MetropolisWalk) -> EnergyChange {
  var (moved, walk) = (sample.ansatz, walk)
  moved.move(by: step)
  walk.sweep(moved, count: 50)
  let next = Sample(pair, moved, at: walk.walkers, order: .value)
  return EnergyChange(next, from: sample.ansatz, oldEnergy: sample.clippedEnergy)
}
// end

/// The solution of (F + λ) Δ = -g.
func fullStep(_ sample: Sample, damping: Double) -> [Double] {
  var optimizer = SecondOrder.exact(FisherMetric(), damping: damping, radius: .infinity)
  return optimizer.update(sample).change
}

func trust(_ sample: Sample, _ walk: MetropolisWalk) {
  let sample = sample
  print("== trust ==")
  // region: trust
  let full = fullStep(sample, damping: 1e-2)
  let slope = dot(sample.gradient, full)
  for alpha in [0.05, 0.1, 0.2, 0.5, 1] {
    // The model at αΔ is α gᵀΔ + ½ α² Δᵀ(F + λ)Δ, and (F + λ) Δ = -g makes this of it:
    let promise = slope * (alpha - 0.5 * alpha * alpha)
    let change = measured(full.map { alpha * $0 }, sample, walk)
    let rho = "\(fixed(change.change / promise, 2)) ± \(fixed(abs(change.error / promise), 2))"
    print("α = \(fixed(alpha, 2)): ρ = \(rho)")
  }
  // end
}

func judge(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== judge ==")
  // region: judge
  for walkers in [32, 128, 512, 2048] {
    var (own, others): ([Double], [Double]) = ([], [])
    for seed in 1...12 {
      // Two samples that know nothing of each other.
      let samples = [seed, seed + 100].map { seed in
        let positions = (0..<walkers).flatMap { walk.walkers[$0 % walk.walkers.count] }
        var other = MetropolisWalk(positions: positions, particles: 2, width: walk.width, seed: UInt64(seed))
        other.sweep(ansatz, count: 200)
        return Sample(pair, ansatz, at: other.walkers, order: .value)
      }
      let step = fullStep(samples[0], damping: 1e-4).map { 0.1 * $0 }
      own.append(dot(samples[0].gradient, step))
      others.append(dot(samples[1].gradient, step))
    }
    print("\(walkers) walkers: g · δ by themselves \(estimate(own, 3)), by as many others \(estimate(others, 3))")
  }
  // end
}

func regulate() {
  print("== lambda ==")
  // region: lambda
  for (rho, error) in [(0.9, 0.1), (0.9, 2.0), (0.1, 0.1)] {
    var damping = LevenbergMarquardt(lambda: 1)
    damping.adapt(to: .ratio(rho, error: error, steps: 5))
    print("ρ = \(fixed(rho, 1)), error bar \(fixed(error, 1)): λ = \(fixed(damping.lambda, 3))")
  }
  // end
}

func train(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== natural ==")
  // region: parts
  let natural = SecondOrder(
    name: "natural",
    // (F + λ) Δ = -g
    direction: MetricDirection(.whole(FisherMetric()), solver: CholeskySolver()),
    // λ
    damping: ConstantDamping(0.01),
    // δ = 0.1 Δ, and δᵀFδ at most 0.04
    length: MetricBound(0.04, in: FisherMetric(), learningRate: 0.1))
  // end
  // region: natural
  var run = VariationalMonteCarlo(pair, ansatz, walk, natural, sweeps: 10)
  var energies: [Double] = []
  for _ in 1...30 { energies.append(try run.advance().energy) }
  let late = mean(energies[20...])
  print(
    "mean of steps 21 to 30 ≈ \(fixed(late, 3)), within 0.05 of the exact energy: \(yesOrNo(abs(late - exact) < 0.05))")
  print("below Hartree-Fock by ≈ \(fixed(hartreeFock - late, 2)), more than 0.5: \(yesOrNo(late < hartreeFock - 0.5))")
  // end
}

func tutorial() throws {
  let (ansatz, walk) = try pretrainedPair(walkers: 1024)
  let descended = try descend(ansatz, walk)
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
  distances(sample)
  directions(descended)
  trust(sample, walk)
  judge(ansatz, walk)
  regulate()
  try train(ansatz, walk)
}

try tutorial()
