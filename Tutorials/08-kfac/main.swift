import AppendixText
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC

/// The mean of independent values with its error bar.
func estimate(_ values: [Double], _ digits: Int = 2) -> String {
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

func cost() throws {
  print("== cost ==")
  // region: cost
  for hidden in [8, 16, 64] {
    let p = Double(try AnsatzShape(particles: 2, hidden: hidden).parameterCount)
    let (megabytes, operations) = (8 * p * p / 1e6, p * p * p / 3)
    print(
      "H = \(hidden): \(Int(p)) parameters, \(fixed(megabytes, 1)) MB, \(scientific(operations, 1)) operations"
    )
  }
  // end
}

// region: model
/// 4 E[Σ e eᵀ] ⊗ E[ā āᵀ], parameters in the order [output][input], the bias as the last input.
func kroneckerModel(_ moments: (activities: Matrix, sensitivities: Matrix)) -> Matrix {
  let (a, e) = (moments.activities, moments.sensitivities)
  return Matrix(rows: a.rows * e.rows, columns: a.rows * e.rows) { i, j in
    4 * e[i / a.rows, j / a.rows] * a[i % a.rows, j % a.rows]
  }
}
// end

/// Where parameters of a block, in the order of `kroneckerModel`, sit in the flat vector.
func places(_ group: ParameterGroup) -> [Int] {
  let layout = group.layout
  var places: [Int] = []
  for row in 0..<layout.outputs {
    places += (0..<layout.columns).map { group.start + row * layout.columns + $0 }
    if layout.hasBias { places.append(group.start + layout.biasStart + row) }
  }
  return places
}

func compare() throws {
  let names = ["first layer", "second layer", "orbitals", "envelopes"]
  var distances = names.map { _ in (expand: [Double](), reduce: [Double]()) }
  var decreases = (0..<4).map { _ in (start: [Double](), later: [Double]()) }
  for seed in 1...4 as ClosedRange<UInt64> {
    let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 8, seed: seed)
    let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
    let fisher = FisherMetric().matrix(sample)

    // Each block beside its two models, uncentred as they are.
    let count = sample.walkers.count
    let o = sample.derivatives.logDerivatives(weighted: [Double](repeating: 1 / Double(count), count: count))
    let (expand, reduce) = (sample.derivatives.moments(.expand), sample.derivatives.moments(.reduce))
    for (index, group) in ansatz.shape.groups.enumerated() {
      let p = places(group)
      let exact = Matrix(rows: p.count, columns: p.count) { fisher[p[$0], p[$1]] + 4 * o[p[$0]] * o[p[$1]] }
      func distance(_ model: Matrix) -> Double {
        norm(Array((exact - model).elements)) / norm(Array(exact.elements))
      }
      distances[index].expand.append(distance(kroneckerModel(expand[index])))
      distances[index].reduce.append(distance(kroneckerModel(reduce[index])))
    }

    var run = VariationalMonteCarlo(
      pair, ansatz, walk,
      KFAC().optimizer,
      sweeps: 10, threads: 2)
    for _ in 1...20 { _ = try run.advance() }
    let later = Sample(pair, run.ansatz, at: run.walk.walkers, order: .value)
    for (index, part) in partsOfTheDecrease(sample).enumerated() { decreases[index].start.append(part) }
    for (index, part) in partsOfTheDecrease(later).enumerated() { decreases[index].later.append(part) }
  }
  print("== blocks ==")
  for (name, distance) in zip(names, distances) {
    print("\(name): expand \(estimate(distance.expand)), reduce \(estimate(distance.reduce))")
  }
  print("== directions ==")
  for (name, decrease) in zip(["expand", "reduce", "the diagonal of F", "the gradient itself"], decreases) {
    print("\(name): \(estimate(decrease.start)), later \(estimate(decrease.later))")
  }
}

/// How much of the decrease that the exact (F + λ)⁻¹ g promises does the best multiple of another direction get? Of *expand*,
/// *reduce*, F's diagonal, and g itself; λ = 0.01.
func partsOfTheDecrease(_ sample: Sample) -> [Double] {
  let lambda = 1e-2
  let fisher = FisherMetric().matrix(sample)
  var damped = fisher
  for p in 0..<damped.rows { damped[p, p] += lambda }
  guard let solver = Cholesky(damped) else { return [] }
  let g = sample.gradient
  let best = dot(g, solver.solve(g))
  var (expanding, reducing) = (KroneckerDirection(approximation: .expand), KroneckerDirection(approximation: .reduce))
  let candidates = [
    expanding.direction(sample, lambda: lambda),
    reducing.direction(sample, lambda: lambda),
    zip(g, fisher.diagonal).map { -$0 / ($1 + lambda) }, g,
  ]
  return candidates.map { v in dot(g, v) * dot(g, v) / dot(v, damped * v) / best }
}

// region: own
/// Steepest descent with every layer in units of its own: g over the trace of the layer's block of F.
///
/// No eigenvalue of the block is larger than its trace: no direction in the layer gets more than F would give it.
struct LayerByLayer: Direction {
  /// F is made of values of ψ; for the decision metric it would be `.gradient`.
  var order: JetOrder { .value }

  mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    let diagonal = FisherMetric().diagonal(sample)
    var direction = sample.gradient.map { -$0 }
    for group in sample.parameterGroups {
      let trace = group.range.reduce(0) { $0 + diagonal[$1] }
      for p in group.range { direction[p] /= trace + 1e-6 }
    }
    return direction
  }
}
// end

func train() throws {
  let (ansatz, walk) = try pretrainedPair(walkers: 512)
  // region: energies
  func energies(_ steps: Int, _ optimizer: any Optimizer) throws -> [Double] {
    var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10, threads: 2)
    return try (0..<steps).map { _ in try run.advance().energy }
  }
  // end
  print("== kfac ==")
  // region: kfac
  let kfac = SecondOrder(
    name: "kfac", direction: KroneckerDirection(), damping: LevenbergMarquardt(lambda: 10),
    length: QuadraticModel(FisherMetric()), judge: ReductionRatio())
  let e = try energies(60, kfac)
  let adam = try energies(60, Adam(learningRate: 5e-3, decaySteps: 50))
  func line(_ steps: String, _ kfac: Double, _ adam: Double, _ claim: String, _ holds: Bool) {
    print("steps \(steps): KFAC ≈ \(fixed(kfac, 2)), Adam ≈ \(fixed(adam, 2)), \(claim): \(yesOrNo(holds))")
  }
  let (early, middle, late) = (mean(e[7..<12]), mean(e[20..<30]), mean(e[50...]))
  let (adamEarly, adamMiddle, adamLate) = (mean(adam[7..<12]), mean(adam[20..<30]), mean(adam[50...]))
  line("8 to 12", early, adamEarly, "KFAC lower by more than 0.5", early < adamEarly - 0.5)
  line("21 to 30", middle, adamMiddle, "KFAC within 0.2 of its end", abs(late - middle) < 0.2)
  line("51 to 60", late, adamLate, "KFAC more than 0.03 above the exact energy", late > exact + 0.03)
  line("51 to 60", late, adamLate, "within 0.15 of each other", abs(adamLate - late) < 0.15)
  // end
  print("== layers ==")
  // region: layers
  let own = SecondOrder(
    name: "own", direction: LayerByLayer(), damping: LevenbergMarquardt(lambda: 10),
    length: QuadraticModel(FisherMetric()), judge: ReductionRatio())
  let ownEnergies = try energies(20, own)
  let (first, last) = (ownEnergies[0], mean(ownEnergies[15...]))
  print(
    "step 1 ≈ \(fixed(first, 2)), steps 16 to 20 ≈ \(fixed(last, 2)), lower by more than 1: \(yesOrNo(last < first - 1))"
  )
  // end
}

try cost()
try compare()
try train()
