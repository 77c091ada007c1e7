import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent

/// The mean of independent values with its error bar.
func estimate(_ s: SampleStatistics, _ digits: Int = 3) -> String {
  "\(fixed(s.mean, digits)) ± \(fixed(s.standardError, digits))"
}
func estimate(_ values: [Double], _ digits: Int = 3) -> String {
  estimate(SampleStatistics(independent: values), digits)
}

// region: system
let pair = TrappedFermions(particles: 2, strength: -20)
let exact = -2.4717559  // chapter 3
let metric = DecisionMetric()
// end

/// A pretrained network for two particles, and walkers that follow it.
func pretrainedPair(walkers: Int, hidden: Int) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}

/// Fresh walkers of a ψ.
func walkers(_ count: Int, of ansatz: DeterminantAnsatz) -> MetropolisWalk {
  var walk = MetropolisWalk(walkers: count, particles: 2, seed: 2)
  walk.sweep(ansatz, count: 200, threads: 2)
  return walk
}

// region: helpers
func unit(_ v: [Double]) -> [Double] { v.map { $0 / norm(v) } }

/// x_1² + x_2² for each walker.
func squares(_ x: [Double]) -> [Double] {
  (0..<(x.count / 2)).map { walker in
    let (first, second) = (x[2 * walker], x[2 * walker + 1])
    return first * first + second * second
  }
}
// end

func divergence(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== divergence ==")
  // region: divergence
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .gradient, threads: 2)
  let v = unit(sample.gradient)
  let mixed = sample.derivatives.mixedDerivatives(along: v)
  print("½ vᵀGv = \(estimate(squares(mixed).map { 0.5 * $0 }, 2))")
  let here = sample.derivatives.evaluation.gradient
  for size in [0.3, 0.1, 0.03] {
    var moved = ansatz
    moved.move(by: v, factor: -size)
    let energies = pair.localEnergies(of: moved, at: walk.walkers, threads: 2).total
    let there = moved.evaluate(walk.walkers, order: .gradient, threads: 2).gradient
    // In units of size².
    let differences = zip(sample.energies.total, energies).map { ($0 - $1) / (size * size) }
    let slopes = squares(zip(here, there).map { ($0 - $1) / size })
    print("size \(size): \(estimate(differences, 2)) and \(estimate(slopes.map { 0.5 * $0 }, 2))")
  }
  // end
}

func identity(_ name: String, _ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== identity-\(name) ==")
  // region: identity
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .laplacian, threads: 2)
  for seed in [0, 11, 12] as [UInt64] {
    let v = unit(seed == 0 ? sample.gradient : DeterminantAnsatz(ansatz.shape, seed: seed).parameters)
    let o = sample.centred(sample.derivatives.logDerivatives(along: v))
    let k = sample.centred(sample.derivatives.energyDerivatives(along: v))
    let m = sample.derivatives.mixedDerivatives(along: v)
    let left = zip(o, k).map { 2 * $0 * $1 }
    let right = squares(m)
    let difference = zip(left, right).map { $0 - $1 }
    print("2 E[O K] = \(estimate(left)), E[M²] = \(estimate(right)), difference \(estimate(difference))")
  }
  print("walkers on the wrong side of a spurious node:", fixed(sample.energies.wrongSignFraction, 4))
  // end
}

// region: parts
let talk = SecondOrder(
  name: "dgd",
  // (G_bb + λ) Δ_b = -g_b for each layer b, from ζδ_prev
  direction: MetricDirection.minres(metric),
  // λ: raised where the model promised too much, lowered where it kept its word
  damping: LevenbergMarquardt(lambda: 10),
  // δ = αΔ + μδ_prev where ½ δᵀ(G + λ)δ + gᵀδ is least, with the whole of G
  length: QuadraticModel(metric),
  // ρ, every five steps, on walkers that did not make the step
  judge: ReductionRatio())
// end

// region: own
/// The last step as a prior, held the tighter the stiffer a layer is, and a bound in ħω.
func proximal(_ mu: Double = 0.95) -> SecondOrder {
  SecondOrder(
    name: "proximal",
    // (G + λs) δ = -g + λμs δ_prev
    direction: MetricDirection(
      .whole(metric), scale: LayerStiffness(of: metric), prior: Prior(mu),
      solver: MinimumResidual(tolerance: 1e-4, iterationLimit: 50)),
    // λ falls by 4 % a step, but not below 0.001
    damping: ExponentialDecay(from: 1, decay: 0.96, floor: 0.001),
    // δᵀGδ ≤ 0.1 ħω
    length: MetricBound(0.1, in: metric))
}
// end

func seen() throws {
  print("== seen ==")
  // region: seen
  let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 12)
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .gradient, threads: 2)
  var rule = LayerStiffness(of: metric)
  let roots = rule.scale(sample).map { $0.squareRoot() }
  let matrix = metric.matrix(sample)
  let scaled = Matrix(rows: roots.count, columns: roots.count) { p, q in matrix[p, q] / (roots[p] * roots[q]) }
  let values = SymmetricEigen(scaled, vectors: false).values
  for lambda in [1, 0.1, 0.01] {
    let share = Double(values.count { $0 > lambda }) / Double(values.count)
    print("λ = \(lambda): \(fixed(100 * share, 0)) % of \(values.count) directions")
  }
  // end
}

func train(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== talk ==")
  // region: talk
  /// Forty steps, and a final energy with ψ and the walk's width frozen.
  func trained(_ optimizer: any Optimizer) throws -> (run: VariationalMonteCarlo<DeterminantAnsatz>, final: FinalEnergy)
  {
    var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10, threads: 2)
    for _ in 1...40 { _ = try run.advance() }
    return (run, try run.evaluate(batches: 20, equilibration: 50))
  }
  func percentOff(_ energy: FinalEnergy) -> Double { 100 * abs(energy.energy - exact) / abs(exact) }

  let dgd = try trained(talk).final
  print("dgd: E ≈ \(fixed(dgd.energy, 2)), below -2.2: \(yesOrNo(dgd.energy < -2.2))")
  print("dgd: off by ≈ \(fixed(percentOff(dgd), 1)) %, above 0.5 %: \(yesOrNo(percentOff(dgd) > 0.5))")
  // end

  print("== prior ==")
  // region: prior
  let (run, final) = try trained(proximal())
  let bars = (final.energy - exact) / final.error
  print(
    "E ≈ \(fixed(final.energy, 4)), off by ≈ \(fixed(percentOff(final), 2)) %, below 2 %: \(yesOrNo(percentOff(final) < 2))"
  )
  print("error bar ≈ \(scientific(final.error, 0)), below 1e-2: \(yesOrNo(final.error < 1e-2))")
  print("error bars above the exact energy ≈ \(fixed(bars, 1)), more than -4: \(yesOrNo(bars > -4))")

  let forgetful = try trained(proximal(0)).final
  let (variance, dgdVariance) = (final.statistics.variance, dgd.statistics.variance)
  let without = forgetful.statistics.variance
  print("variance of E_L ≈ \(scientific(variance, 0)), dgd ≈ \(scientific(dgdVariance, 0))", terminator: ", ")
  print("more than ten times that: \(yesOrNo(dgdVariance > 10 * variance))")
  print("without the prior ≈ \(scientific(without, 0)), larger: \(yesOrNo(without > variance))")
  // end

  print("== newton ==")
  // region: newton
  let sample = Sample(pair, run.ansatz, at: run.walk.walkers, order: .gradient, step: 41, threads: 2)
  for seed in [11, 12] as [UInt64] {
    let (first, g) = parts(of: sample, along: unit(DeterminantAnsatz(ansatz.shape, seed: seed).parameters))
    let quotient = first.mean / g.mean
    print("4 E[|E_L - Ē| O²] over vᵀGv ≈ \(fixed(quotient, 2)), below a quarter: \(yesOrNo(quotient < 0.25))")
  }
  var optimizer = run.optimizer
  let step = optimizer.update(sample).change
  let rest = norm(zip(metric.product(step, sample), sample.gradient).map { $0 + $1 }) / norm(sample.gradient)
  print("‖Gδ + g‖ / ‖g‖ ≈ \(fixed(rest, 2)), below a fifth: \(yesOrNo(rest < 0.2))")
  // end
}

// region: hessian
/// The two parts of vᵀH_Q v: a bound of the first one, 4 E[|E_L - Ē| (O_c v)²], and vᵀGv.
func parts(of sample: Sample, along v: [Double]) -> (first: SampleStatistics, g: SampleStatistics) {
  let o = sample.centred(sample.derivatives.logDerivatives(along: v))
  let energies = sample.centred(sample.energies.total)
  let first = zip(energies, o).map { 4 * abs($0) * $1 * $1 }
  let second = squares(sample.derivatives.mixedDerivatives(along: v))
  return (SampleStatistics(independent: first), SampleStatistics(independent: second))
}
// end

func hessian(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== hessian ==")
  // region: before
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .gradient, threads: 2)
  for seed in [11, 12] as [UInt64] {
    let (first, g) = parts(of: sample, along: unit(DeterminantAnsatz(ansatz.shape, seed: seed).parameters))
    print("4 E[|E_L - Ē| O²] = \(estimate(first)), vᵀGv = \(estimate(g))")
  }
  // end
}

func flat(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== flat ==")
  // region: flat
  for power in [2.0, 1] {
    var walk = walk
    walk.power = power
    walk.sweep(ansatz, count: 200, adaptingWidth: true, threads: 2)
    let sample = Sample(pair, ansatz, at: walk.walkers, order: .value, power: power, threads: 2)
    let logPsi = sample.derivatives.evaluation.logPsi
    let highest = logPsi.max() ?? 0
    let far = Double(logPsi.count { 2 * ($0 - highest) < Double.log(1e-4) }) / Double(logPsi.count)
    let weights = sample.weights ?? logPsi.map { _ in 1 }
    let effective = 1 / WeightedMean(weights, weights: weights).mean
    print(
      "walkers of |ψ|^\(fixed(power, 0)): \(fixed(100 * far, 1)) % where |ψ|² is below 1e-4 of its maximum,",
      "\(fixed(100 * effective, 0)) % effective")
  }
  // end
}

func tutorial() throws {
  let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 16)
  let many = walkers(4096, of: ansatz)
  divergence(ansatz, many)
  identity("pretrained", ansatz, many)
  // region: fresh
  let fresh = DeterminantAnsatz(ansatz.shape, seed: 1)
  identity("fresh", fresh, walkers(4096, of: fresh))
  // end
  hessian(ansatz, many)
  try seen()
  try train(ansatz, walk)
  try flat(ansatz, many)
}

try tutorial()
