import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent
import TestSamples
import TestSupport
import Testing

/// Ō = (O - ⟨O⟩)/√n, one row a walker, and ε̄ = (E_L - Ē)/√n.
private func scaledRows(_ sample: Sample) -> (rows: Matrix, energies: [Double]) {
  let n = sample.walkers.count
  let o = (0..<n).map { walker in
    sample.derivatives.logDerivatives(weighted: (0..<n).map { $0 == walker ? 1 : 0 })
  }
  let means = o[0].indices.map { p in o.reduce(0) { $0 + $1[p] } / Double(n) }
  let root = Double(n).squareRoot()
  return (
    Matrix(o.map { row in zip(row, means).map { ($0 - $1) / root } }),
    sample.centred(sample.clippedEnergies).map { $0 / root }
  )
}

/// Ōᵀ (Ō Ōᵀ + λ + 11ᵀ/n)⁻¹ (ε̄ - μ Ō d) + μ d: a system with as many equations as there are walkers.
private func kernelForm(_ sample: Sample, lambda: Double, mu: Double, last d: [Double]) throws -> [Double] {
  let (rows, energies) = scaledRows(sample)
  var kernel = rowGram(rows)
  for i in 0..<kernel.rows {
    kernel[i, i] += lambda
    for j in 0..<kernel.columns { kernel[i, j] += 1 / Double(kernel.rows) }
  }
  let rest = zip(energies, rows * d).map { $0 - mu * $1 }
  let inner = try #require(Cholesky(kernel)).solve(rest)
  return zip(product(transposed: rows, inner), d).map { $0 + mu * $1 }
}

@Suite("12.6 Four optimisers, one expression") struct Expressions {
  /// The parts that all of them have here: a solver to the last digit, a step as long as it wants to be.
  private func step(_ direction: MetricDirection, lambda: Double) -> SecondOrder {
    SecondOrder(name: "step", direction: direction, damping: ConstantDamping(lambda), length: FixedLength())
  }

  @Test("DGD and PI-DGD by their own expressions are the book's, bit for bit", arguments: ["dgd", "pi-dgd"])
  func book(name: String) throws {
    let metric = DecisionMetric()
    let expression =
      name == "dgd"
      ? SecondOrder(
        name: "dgd",
        direction: MetricDirection(
          .blockDiagonal(metric), solver: MinimumResidual(precision: .single), start: .lastStep(0.95),
          preconditioner: DiagonalPreconditioner(of: metric)), damping: LevenbergMarquardt(lambda: 10),
        length: QuadraticModel(metric), judge: ReductionRatio(interval: 5))
      : SecondOrder(
        name: "pi-dgd",
        direction: MetricDirection(
          .whole(ShiftedDecisionMetric(0.5)), scale: LayerStiffness(of: metric), prior: Prior(0.95),
          solver: MinimumResidual(tolerance: 1e-2)),
        damping: ExponentialDecay(from: 1, decay: 0.93, floor: 1e-3, noise: 2),
        length: SignGuard(
          MetricBound(0.1, in: ShiftedDecisionMetric(0.5), unit: .freeFermions), growth: 2, halvings: 2),
        judge: EnergyRise(limit: 0.1, unit: .freeFermions))
    let (ansatz, walk) = try pretrained(hidden: 5, walkers: 100)
    let parameters = try [
      expression, name == "dgd" ? DecisionalGradientDescent().optimizer : ProjectedIncrements().optimizer,
    ]
    .map { optimizer in
      var run = VariationalMonteCarlo(TrappedFermions(particles: 2, strength: -20), ansatz, walk, optimizer, sweeps: 5)
      for _ in 0..<7 { _ = try run.advance() }
      return run.ansatz.parameters
    }
    #expect(parameters[0] == parameters[1])
  }

  // S = F/4 and ½ g = Ōᵀ ε̄, so that d = -2 δ, and SPRING's λ is a quarter of this one. The kernel has condition 1/λ:
  // 1e-10.
  @Test("with Fisher's metric and no prior the direction is MinSR's, which solves over walkers")
  func minSR() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 20, order: .value)
    var optimizer = step(MetricDirection(.whole(FisherMetric()), solver: CholeskySolver()), lambda: 4e-3)
    let expected = try kernelForm(sample, lambda: 1e-3, mu: 0, last: sample.gradient.map { _ in 0 })
    #expect(optimizer.update(sample).change.map { -2 * $0 } ≈ expected.within(relative: 1e-8))
  }

  // Source of the form with a kernel: Goldshlager, Abrahamsen, Lin, arXiv:2401.10190; vmcnet/updates/spring.py.
  @Test(
    "with Fisher's metric PI-DGD's expression is SPRING, whose memory is the direction before its length is decided",
    arguments: [Prior.Mean.lastDirection, .lastStep])
  func spring(mean: Prior.Mean) throws {
    var (ansatz, walk) = try pretrained(hidden: 4, walkers: 20)
    let (mu, lambda, rate) = (0.9, 1e-3, 0.1)
    var optimizer = SecondOrder(
      name: "spring",
      direction: MetricDirection(.whole(FisherMetric()), prior: Prior(mu, mean: mean), solver: CholeskySolver()),
      damping: ConstantDamping(4 * lambda), length: FixedLength(LearningRate(2 * rate), largestNorm: 0.05))
    var last = ansatz.parameters.map { _ in 0.0 }
    for step in 1...4 {
      walk.sweep(ansatz, count: 20)
      let sample = Sample(
        TrappedFermions(particles: 2, strength: -10), ansatz, at: walk.walkers, order: .value, step: step)
      let d = try kernelForm(sample, lambda: lambda, mu: mu, last: last)
      var change = d.map { -rate * $0 }
      scale(&change, by: min(1, 0.05 / norm(change)))
      let update = optimizer.update(sample)
      #expect(update.change ≈ change.within(relative: 1e-7))
      // What is remembered: d itself, or the step that was made of it (δ = -d/2).
      last = mean == .lastDirection ? d : update.change.map { -2 * $0 }
      ansatz.move(by: update.change)
    }
  }

  @Test("a sum of metrics is one more metric: G + βF, by blocks and whole, to the exact solution")
  func sum() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 60, order: .gradient)
    let metric = DecisionMetric() + 0.5 * FisherMetric()
    var matrix = metric.matrix(sample)
    for p in 0..<matrix.rows { matrix[p, p] += 0.1 }
    let expected = try #require(Cholesky(matrix)).solve(sample.gradient).map { -$0 }
    var whole = step(
      MetricDirection(.whole(metric), solver: MinimumResidual(tolerance: 1e-11, iterationLimit: 3000)), lambda: 0.1)
    // A residual of 1e-11, times the condition of the damped sum, below 1e5.
    #expect(whole.update(sample).change ≈ expected.within(relative: 1e-6))
    var blocks = MetricDirection(.blockDiagonal(metric), solver: CholeskySolver())
    let delta = blocks.direction(sample, lambda: 0.1)
    for group in sample.parameterGroups {
      let part = matrix.block(rows: group.range, columns: group.range)
      let block = try #require(Cholesky(part)).solve(Array(sample.gradient[group.range]))
      #expect(Array(delta[group.range]) ≈ block.map { -$0 }.within(relative: 1e-8))
    }
  }
}
