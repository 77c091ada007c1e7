import AppendixText
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch09QuasiNewtonKFAC
import Ch10MinimumResidual

// region: state
let pair = TrappedFermions(particles: 2, strength: -20)
let fisher = FisherMetric()

/// A pretrained network for two particles, and walkers that follow it.
func pretrainedPair(walkers: Int) throws -> (DeterminantAnsatz, MetropolisWalk) {
  var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 32), seed: 1)
  var walk = MetropolisWalk(walkers: walkers, particles: 2, seed: 1)
  Pretraining().run(&ansatz, &walk, threads: 2)
  walk.sweep(ansatz, count: 100, threads: 2)
  return (ansatz, walk)
}
// end

func kroneckerInverse(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== kronecker ==")
  // region: kronecker
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .value, threads: 2)
  let lambda = 0.01
  var kronecker = KroneckerDirection()
  let delta = kronecker.direction(sample, lambda: lambda)

  for (b, group) in ansatz.shape.groups.enumerated() {
    // y = (F + λ) Δ within the block; what is left of -g after the best multiple of y.
    var y = Array(fisher.product(delta, group: b, sample)[group.range])
    add(lambda, Array(delta[group.range]), to: &y)
    let g = Array(sample.gradient[group.range])
    let cosine = -dot(y, g) / (norm(y) * norm(g))
    let left = (1 - cosine * cosine).squareRoot()
    print("\(group.role), \(group.range.count) parameters: ‖(F + λ) αΔ + g‖ / ‖g‖ = \(fixed(left, 2))")
  }
  // end
}

// region: multiply
func multiply(_ v: [Double]) -> [Double] { zip([-3.0, -1, 0.5, 1, 2, 4, 7, 10], v).map { $0 * $1 } }
// end

func byDefinition() {
  print("== krylov ==")
  // region: krylov
  let b = [Double](repeating: 1, count: 8)

  // By definition: an orthonormal basis Q of b, Ab, A²b, …, and the y for which ‖b - A Q y‖ is least.
  var residuals = [norm(b)]
  var basis: [[Double]] = []
  var v = b
  for _ in 1...8 {
    for q in basis { add(-dot(q, v), q, to: &v) }
    scale(&v, by: 1 / norm(v))
    basis.append(v)
    let images = Matrix(basis.map(multiply)).transposed()
    let best = images * SVD(images).leastSquares(b)
    residuals.append(norm(zip(b, best).map { $0 - $1 }))
    v = multiply(v)
  }
  print("least squares:", columns(residuals, 3))

  let solution = MinimumResidual(tolerance: 1e-12).solve(multiply, rightHandSide: b)
  print("MINRES:       ", columns(solution.residuals, 3))
  print("stopped after \(solution.iterations) iterations: \(solution.stop)")
  // end
}

// region: solve
/// (F + λ) Δ = -g for one block of parameters.
func solveBlock(
  _ b: Int, _ sample: Sample, shift: Double, iterations: Int, tolerance: Double = 0, guess: [Double]? = nil,
  diagonal: [Double]? = nil
) -> MinimumResidual.Solution {
  let range = sample.parameterGroups[b].range
  var whole = [Double](repeating: 0, count: sample.gradient.count)
  return MinimumResidual(tolerance: tolerance, iterationLimit: iterations).solve(
    { v in
      // Products take and give vectors over all parameters.
      whole.replaceSubrange(range, with: v)
      return Array(fisher.product(whole, group: b, sample)[range])
    },
    rightHandSide: sample.gradient[range].map { -$0 }, shift: shift, guess: guess.map { Array($0[range]) },
    preconditioner: diagonal.map { d in { r in zip(r, d[range]).map { $0 * Double.pow($1, -0.75) } } })
}
// end

func onFisher(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) {
  print("== fisher ==")
  // region: fisher
  let sample = Sample(pair, ansatz, at: walk.walkers, order: .value, threads: 2)
  let lambda = 0.01
  var kronecker = KroneckerDirection()
  let inverse = kronecker.direction(sample, lambda: lambda)
  let counts = [0, 1, 2, 3, 5, 8, 10]
  print("iterations    " + counts.map { rightAligned("\($0)", 9) }.joined())
  for (name, guess) in [("from zero     ", nil), ("from Kronecker", inverse)] {
    let residuals = counts.map {
      solveBlock(1, sample, shift: lambda, iterations: $0, guess: guess).relativeResidual
    }
    print(name + residuals.map { rightAligned(scientific($0, 1), 9) }.joined())
  }
  // end

  print("== preconditioner ==")
  // region: preconditioner
  let f = fisher.diagonal(sample)
  for shift in [0.01, 1] {
    for (name, diagonal) in [("none    ", nil), ("κ = 0.01", f.map { $0 + 0.01 }), ("κ = λ   ", f.map { $0 + shift })] {
      let residuals = [2, 4, 6].map {
        solveBlock(1, sample, shift: shift, iterations: $0, diagonal: diagonal).relativeResidual
      }
      print("λ = \(fixed(shift, 2)), \(name)" + residuals.map { rightAligned(scientific($0, 0), 7) }.joined())
    }
  }
  // end

  print("== cost ==")
  // region: cost
  var v = sample.gradient
  let watch = Stopwatch()
  for _ in 1...50 { v = fisher.product(v, sample) }
  let products = watch.milliseconds
  var moved = walk
  let second = Stopwatch()
  moved.sweep(ansatz, count: 100, threads: 2)
  print("50 products: \(fixed(products, 0)) ms, 100 sweeps: \(fixed(second.milliseconds, 0)) ms")
  // end
}

func signTrap(_ ansatz: DeterminantAnsatz, _ start: MetropolisWalk) {
  print("== sign ==")
  // region: sign
  let first = Sample(pair, ansatz, at: start.walkers, order: .value, threads: 2)
  var direction = MetricDirection.minres(fisher)
  let last = direction.direction(first, lambda: 0.1)

  // A part of the step, and new walkers.
  for part in [0, 0.02, 0.1] {
    var (moved, walk) = (ansatz, start)
    moved.move(by: last, factor: part)
    if part > 0 { walk.sweep(moved, count: 20, threads: 2) }
    let next = Sample(pair, moved, at: walk.walkers, order: .value, threads: 2)
    let residuals = [0.95, -0.95].map { zeta in
      solveBlock(1, next, shift: 0.1, iterations: 0, guess: last.map { zeta * $0 }).relativeResidual
    }
    print("\(part) of the step later: from +ζδ \(fixed(residuals[0], 2)), from -ζδ \(fixed(residuals[1], 2))")
  }
  // end
}

// region: parts
let kfac = KFAC().optimizer
let natural = SecondOrder(
  name: "ngd", direction: MetricDirection.minres(fisher), damping: LevenbergMarquardt(lambda: 10),
  length: QuadraticModel(fisher), judge: ReductionRatio())
let mixed = SecondOrder(
  name: "qn-mr-kfac",
  direction: MetricDirection.minres(fisher, start: .direction(KroneckerDirection(model: QuasiHessian()))),
  damping: LevenbergMarquardt(lambda: 10), length: QuadraticModel(QuasiHessian()), judge: ReductionRatio())
// end

func train(_ ansatz: DeterminantAnsatz, _ walk: MetropolisWalk) throws {
  print("== runs ==")
  // region: runs
  let exact = -2.4717559
  func records(_ optimizer: SecondOrder) throws -> [StepRecord] {
    var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10, threads: 2)
    return try (1...30).map { _ in try run.advance() }
  }

  var late: [Double] = []
  for optimizer in [kfac, natural] {
    let energies = try records(optimizer).map(\.energy)
    late.append(energies.suffix(10).reduce(0, +) / 10)
    let gain = energies[0] - late.last!
    print("\(optimizer.name): lower by ≈ \(fixed(gain, 2)) in 30 steps, more than 1.5: \(yesOrNo(gain > 1.5))")
  }
  let excess = late.map { $0 - exact }
  print("kfac: above the exact energy by ≈ \(fixed(excess[0], 2)), more than 0.05: \(yesOrNo(excess[0] > 0.05))")
  print("ngd: above the exact energy by ≈ \(fixed(excess[1], 2)), more than 0.3: \(yesOrNo(excess[1] > 0.3))")
  print("ngd: above kfac by ≈ \(fixed(late[1] - late[0], 2)), more than 0: \(yesOrNo(late[1] > late[0]))")
  // end

  print("== bold ==")
  // region: bold
  var bold = natural
  bold.damping = LevenbergMarquardt(lambda: 0.01)
  let steps = try records(bold)
  let rise = (steps.map(\.energy).max() ?? 0) - steps[0].energy
  let wrong = 100 * (steps.map(\.wrongSignFraction).max() ?? 0)
  print("the highest energy is above the first by ≈ \(fixed(rise, 1)), more than 1: \(yesOrNo(rise > 1))")
  print(
    "walkers on the wrong side of a spurious node, at most ≈ \(fixed(wrong, 0)) %, above 5 %: \(yesOrNo(wrong > 5))")
  // end
}

func tutorial() throws {
  let (ansatz, walk) = try pretrainedPair(walkers: 1024)
  try kroneckerInverse(ansatz, walk)
  byDefinition()
  onFisher(ansatz, walk)
  signTrap(ansatz, walk)
  let (other, fewer) = try pretrainedPair(walkers: 512)
  try train(other, fewer)
}

try tutorial()
