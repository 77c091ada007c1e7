import AppendixText
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import Ch13BeyondTheTalk

// region: particle
/// One particle in the trap and a network that is a little off, with points at equal distances for walkers: each counts
/// |ψ|², and a mean is an integral by the trapezoidal rule.
func particle(shaken: Double) throws -> Sample {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 12), seed: 2)
  let points = Walkers((0...400).map { -8 + 0.04 * Double($0) }, particles: 1)
  ansatz.fitOrbitals(at: points, ridge: 1e-8) { x, orbitals in oscillatorOrbitals(x, into: &orbitals) }
  ansatz.parameters = ansatz.parameters.enumerated().map { $1 * (1 + shaken * Double(($0 * 7 + 3) % 11 - 5)) }
  return Sample(
    TrappedFermions(particles: 1, strength: 0), ansatz, at: points, order: .gradient, power: 0, clipping: false)
}
// end

// region: modes
/// u_k of δ ln p = Σ u_k χ_k: χ_k is Hermite's polynomial He_k(√2 x)/√k!, and the ground state's |ψ|² the weight.
func modes(_ change: [Double], at x: [Double]) -> [Double] {
  let step = x[1] - x[0]
  let weights = x.map { Double.exp(-$0 * $0) / Double.pi.squareRoot() * step }
  return (1...4).map { k in
    zip(zip(x, weights), change).reduce(0) { sum, point in
      var (last, here) = (0.0, 1.0)
      for j in 0..<k { (last, here) = (here, 2.0.squareRoot() * point.0.0 * here - Double(j) * last) }
      return sum + point.0.1 * point.1 * here / Double.exp(0.5 * Double.logFactorial(k))
    }
  }
}

/// What a small part of a step leaves of each mode, as if all of it were made.
func left(_ direction: [Double], rate: Double, _ sample: Sample) -> [Double] {
  let x = sample.walkers.positions
  let wrong = zip(sample.derivatives.evaluation.logPsi, x).map { 2 * $0 + $1 * $1 }
  let change = sample.derivatives.logDerivatives(along: direction).map { 2 * rate * $0 }
  return zip(modes(wrong, at: x), modes(change, at: x)).map { 1 + $1 / $0 }
}
// end

func orders() throws {
  print("== modes ==")
  // region: methods
  let sample = try particle(shaken: 0.0006)
  let solver = CholeskySolver()
  var rules: [(name: String, direction: MetricDirection, rate: Double, predicted: (Double) -> Double)] = [
    (
      "wqmc", MetricDirection(.whole(FisherMetric()), slope: WassersteinGradient(isBounded: false), solver: solver),
      1.0 / 16, { 1 - $0 * $0 / 16 }
    ),
    ("minsr", MetricDirection(.whole(FisherMetric()), solver: solver), 0.5, { 1 - $0 / 4 }),
    (
      "pii-gn", MetricDirection(.whole(DecisionMetric() + 0.5 * FisherMetric()), solver: solver), 1,
      { 1 - $0 / ($0 + 1) }
    ),
    ("dgd", MetricDirection(.whole(DecisionMetric()), solver: solver), 1, { _ in 0 }),
  ]
  print("        ω = 1      2      3      4")
  for i in rules.indices {
    let direction = rules[i].direction.direction(sample, lambda: 1e-7)
    let found = left(direction, rate: rules[i].rate, sample)
    print("\(padded(rules[i].name, 7))" + found.map { rightAligned(fixed($0 + 0, 2), 7) }.joined())
    print("  theory" + (1...4).map { rightAligned(fixed(rules[i].predicted(Double($0)), 2), $0 == 1 ? 6 : 7) }.joined())
  }
  // end
}

/// The mean of three or more values with its error bar.
func estimate(_ values: [Double]) -> String {
  let s = SampleStatistics(independent: values)
  return "\(fixed(s.mean, 2)) ± \(fixed(s.standardError, 2))"
}

/// A pretrained network for two particles, and walkers that follow it.
func pretrainedPair(walkers: Int, hidden: Int, seed: UInt64 = 1) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: hidden), seed: seed)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: seed)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}

func sides(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== kernel ==")
  // region: kernel
  let pair = TrappedFermions(particles: 2, strength: -20)
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .value, threads: 2)
  var overWalkers = KernelDirection()
  var overParameters = MetricDirection(.whole(FisherMetric()), solver: CholeskySolver())
  let (one, other) = (
    overWalkers.direction(sample, lambda: 0.01), overParameters.direction(sample, lambda: 0.01)
  )
  print("a kernel of \(WalkerKernel(sample).matrix.rows) rows, a metric of \(other.count)")
  let difference = norm(zip(one, other).map { $0 - $1 }) / norm(other)
  print("directions differ by \(difference < 1e-7 ? "less than 1e-7" : scientific(difference, 1)) of their length")
  // end
}

// region: shares
/// How much of the decrease that the exact blocks promise each stand-in gets, at its best length.
func shares(of sample: Sample) -> [Double] {
  let lambda = 0.01
  func promise(_ direction: [Double]) -> Double {
    let slope = dot(sample.gradient, direction)
    let curvature = DecisionMetric().forms([direction], sample)[0, 0] + lambda * dot(direction, direction)
    return 0.5 * slope * slope / curvature
  }
  var exact = MetricDirection(.blockDiagonal(DecisionMetric()), solver: CholeskySolver())
  var (twoProducts, oneProduct) = (KroneckerSumDirection(), KroneckerDirection())
  var traces = KroneckerDirection(model: DecisionMetric()) { sample in
    sample.derivatives.partialTraces().map {
      KroneckerFactors(activities: $0.activities, sensitivities: $0.sensitivities)
    }
  }
  let diagonal = DecisionMetric().diagonal(sample)
  let directions = [
    twoProducts.direction(sample, lambda: lambda), traces.direction(sample, lambda: lambda),
    oneProduct.direction(sample, lambda: lambda), zip(sample.gradient, diagonal).map { -$0 / ($1 + lambda) },
    sample.gradient.map { -$0 },
  ]
  let best = promise(exact.direction(sample, lambda: lambda))
  return directions.map { promise($0) / best }
}
// end

func factors() throws {
  print("== factors ==")
  // region: factors
  let pair = TrappedFermions(particles: 2, strength: -20)
  let names = [
    "two Kronecker products", "one, of partial traces", "one, of Fisher's metric", "the diagonal", "the gradient",
  ]
  var (before, after): ([[Double]], [[Double]]) = ([], [])
  for seed in 1...3 as ClosedRange<UInt64> {
    let (ansatz, walk) = try pretrainedPair(walkers: 512, hidden: 16, seed: seed)
    before.append(shares(of: Sample(pair, ansatz, at: walk.walkers, order: .gradient, threads: 2)))
    var run = VariationalMonteCarlo(pair, ansatz, walk, Adam(learningRate: 0.01), sweeps: 10, threads: 2)
    for _ in 1...20 { _ = try run.advance() }
    after.append(shares(of: Sample(pair, run.ansatz, at: run.walk.walkers, order: .gradient, threads: 2)))
  }
  for (index, name) in names.enumerated() {
    let (first, second) = (before.map { $0[index] }, after.map { $0[index] })
    print("\(padded(name, 24)) ≈ \(estimate(first)), after twenty steps of Adam ≈ \(estimate(second))")
  }
  // end
}

try orders()
let (ansatz, walk) = try pretrainedPair(walkers: 256, hidden: 8)
sides(ansatz, walk)
try factors()
