import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch09QuasiNewtonKFAC
import Ch10MinimumResidual
import TestSamples
import TestSupport
import Testing

/// diag(1, -1, 1, -1, …).
private struct Indefinite: BlockMetric {
  let order = JetOrder.value
  func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    v.indices.map { $0 % 2 == 0 ? v[$0] : -v[$0] }
  }
  func product(_ v: [Double], group: Int, _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let range = sample.parameterGroups[group].range
    return v.indices.map { range.contains($0) ? ($0 % 2 == 0 ? v[$0] : -v[$0]) : 0 }
  }
  func diagonal(_ sample: Sample) -> [Double] { sample.gradient.indices.map { $0 % 2 == 0 ? 1 : -1 } }
}

@Suite("10.3 Directions by MINRES") struct MinresDirections {
  private let thorough = MinimumResidual(tolerance: 1e-11, iterationLimit: 3000)

  /// All of F, preconditioned by its diagonal.
  private func whole(
    _ metric: any BlockMetric, start: MetricDirection.Start = .lastStep(0.95), _ solver: any LinearSolver
  ) -> MetricDirection {
    MetricDirection(
      .whole(metric), solver: solver, start: start, preconditioner: DiagonalPreconditioner(of: metric))
  }

  @Test("with time enough it is the exact damped solve, whole and block by block", arguments: [false, true])
  func exact(byBlock: Bool) throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    let lambda = 0.01
    var direction =
      byBlock ? MetricDirection.minres(FisherMetric(), solver: thorough) : whole(FisherMetric(), thorough)
    let delta = direction.direction(sample, lambda: lambda)
    let matrix = FisherMetric().matrix(sample)
    let ranges = byBlock ? sample.parameterGroups.map(\.range) : [0..<matrix.rows]
    for range in ranges {
      var block = matrix.block(rows: range, columns: range)
      for p in 0..<block.rows { block[p, p] += lambda }
      let expected = try #require(Cholesky(block)).solve(sample.gradient[range].map { -$0 })
      // A residual of 1e-11, times the condition of the damped block: 1e4.
      #expect(Array(delta[range]) ≈ expected.within(relative: 1e-6))
    }
  }

  @Test("from -ζ δ_prev the way to the solution for -g is longer than from +ζ δ_prev, on a real sample")
  func sign() throws {
    var (ansatz, walk) = try pretrained(hidden: 8, walkers: 600)
    let hamiltonian = TrappedFermions(particles: 2, strength: -10)
    let lambda = 0.1
    let first = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    var direction = whole(FisherMetric(), thorough)
    let last = direction.direction(first, lambda: lambda)
    // A small part of the step, so that the next solution is like the last one.
    ansatz.move(by: last, factor: 0.02)
    walk.sweep(ansatz, count: 20)
    let second = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    func iterations(_ zeta: Double) -> Double {
      var direction = whole(
        FisherMetric(), start: .lastStep(zeta), MinimumResidual(tolerance: 0.1, iterationLimit: 1000))
      var report = Diagnostics()
      _ = direction.direction(second, previous: last, lambda: lambda, report: &report)
      return report[.minresIterations] ?? -1
    }
    #expect(iterations(0.95) < iterations(-0.95))
    // And the sign that is taken unless another is asked for is the right one.
    let loose = MinimumResidual(tolerance: 0.1, iterationLimit: 3)
    func steps(_ direction: MetricDirection) -> [Double] {
      var direction = direction
      return direction.direction(second, previous: last, lambda: lambda)
    }
    #expect(
      steps(MetricDirection.minres(FisherMetric(), solver: loose))
        == steps(MetricDirection.minres(FisherMetric(), start: .lastStep(0.95), solver: loose)))
    // With the right sign the first residual is smaller, too.
    func start(_ zeta: Double) -> Double {
      let right = second.gradient.map { -$0 }
      return MinimumResidual(iterationLimit: 0).solve(
        { FisherMetric().product($0, second) }, rightHandSide: right, shift: lambda, guess: last.map { zeta * $0 }
      ).relativeResidual
    }
    #expect(start(0.95) < start(-0.95))
  }

  @Test("an indefinite metric is solved with as well, though its diagonal is negative in places")
  func indefinite() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    var direction = whole(Indefinite(), thorough)
    let delta = direction.direction(sample, lambda: 0)
    #expect(delta ≈ sample.gradient.indices.map { $0 % 2 == 0 ? -sample.gradient[$0] : sample.gradient[$0] } ± 1e-9)
  }

  @Test("the preconditioner's numbers are the talk's, and products are as precise as the tolerance asks")
  func settings() throws {
    let preconditioner = DiagonalPreconditioner(of: FisherMetric())
    #expect(preconditioner.offset == 1e-2 && preconditioner.exponent == 0.75)
    #expect(MinimumResidual().iterationLimit == 50 && MinimumResidual().tolerance == 1e-8)
    #expect(MinimumResidual().precision == .double && MinimumResidual(tolerance: 1e-4).precision == .single)
    #expect(MinimumResidual(tolerance: 1e-4, precision: .double).precision == .double)
  }

  @Test("the Kronecker inverse is a better start than nothing: nearer to the solution after one iteration")
  func kroneckerStart() throws {
    let sample = try pretrainedSample(hidden: 8, walkers: 600, order: .value)
    func direction(_ start: MetricDirection.Start, _ solver: MinimumResidual) -> [Double] {
      var direction = MetricDirection.minres(FisherMetric(), start: start, solver: solver)
      return direction.direction(sample, lambda: 0.1)
    }
    let (once, nothing) = (MinimumResidual(iterationLimit: 1), MetricDirection.Start.lastStep(0.95))
    let solution = direction(nothing, thorough)
    func distance(_ start: MetricDirection.Start) -> Double {
      norm(zip(direction(start, once), solution).map { $0 - $1 })
    }
    #expect(distance(.direction(KroneckerDirection())) < distance(nothing))
  }

  // 69 iterations to 30: γ splits λ between the factors, and F is centred where they are not.
  @Test(
    "as a preconditioner the Kronecker inverse leads to the same solution; the diagonal is the better one at this λ")
  func kroneckerPreconditioner() throws {
    let sample = try pretrainedSample(hidden: 8, walkers: 600, order: .value)
    func solved(_ preconditioner: any Preconditioner) -> (delta: [Double], iterations: Double) {
      var direction = MetricDirection(
        .blockDiagonal(FisherMetric()), solver: MinimumResidual(tolerance: 1e-9, iterationLimit: 2000),
        preconditioner: preconditioner)
      var report = Diagnostics()
      let delta = direction.direction(sample, previous: nil, lambda: 0.1, report: &report)
      return (delta, report[.minresIterations] ?? -1)
    }
    let (diagonal, kronecker) = (solved(DiagonalPreconditioner(of: FisherMetric())), solved(KroneckerDirection()))
    // Residuals of 1e-9, times the condition of F + 0.1, some hundreds.
    #expect(kronecker.delta ≈ diagonal.delta.within(relative: 1e-6))
    #expect(kronecker.iterations > 1.5 * diagonal.iterations)
  }

  @Test("its state, given to another, makes it go on with the same bits", arguments: [false, true])
  func memory(kronecker: Bool) throws {
    let fresh = kronecker ? QuasiNewtonMinresKFAC().optimizer : NaturalGradient().optimizer
    let (ansatz, walk) = try pretrained(hidden: 4, walkers: 100)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, fresh, sweeps: 5, threads: 2)
    for _ in 0..<6 {
      _ = try run.advance()
      var (original, resumed) = (run, run)
      resumed.optimizer = try fresh.resumed(from: run.optimizer.state, groups: ansatz.parameterGroups)
      for _ in 0..<6 { _ = (try original.advance(), try resumed.advance()) }
      #expect(original.ansatz.parameters == resumed.ansatz.parameters)
    }
  }

  @Test("two parts of one kind do not get into each other's way: start and preconditioner by Kronecker factors")
  func nestedState() throws {
    let optimizer = SecondOrder(
      name: "twice",
      direction: MetricDirection(
        .blockDiagonal(FisherMetric()), solver: MinimumResidual(), start: .direction(KroneckerDirection()),
        preconditioner: KroneckerDirection()), damping: LevenbergMarquardt(), length: QuadraticModel(FisherMetric()))
    let sample = try pretrainedSample(hidden: 4, walkers: 50, order: .value)
    var run = optimizer
    _ = run.update(sample)
    let resumed = try optimizer.remembering(run, sample)
    #expect(resumed.state == run.state)
    #expect(resumed.state["direction.start.kronecker.gamma"] != nil)
  }

  @Test("without a gradient it goes nowhere, from any last step's side")
  func noGradient() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 2, layers: 1), seed: 1)
    let sample = Sample(
      TrappedFermions(particles: 1, strength: 0), ansatz, at: Walkers([0.3], particles: 1), order: .value)
    var direction = MetricDirection.minres(FisherMetric())
    #expect(direction.direction(sample, lambda: 1) == sample.gradient.map { _ in 0 })
    let last = sample.gradient.map { _ in 0.1 }
    #expect(norm(direction.direction(sample, previous: last, lambda: 1)) < 1e-12)
  }
}

@Suite("10.4 Conjugate gradients") struct ConjugateGradientTests {
  /// 2 on the diagonal, -1 beside it: positive.
  private func chain(_ v: [Double]) -> [Double] {
    v.indices.map { i in
      let (left, right) = (i > 0 ? v[i - 1] : 0, i < v.count - 1 ? v[i + 1] : 0)
      return 2 * v[i] - left - right
    }
  }

  @Test("it ends at the solution after as many iterations as there are unknowns, and from it after none")
  func closedForm() {
    // The chain's solution for b = (0, …, 0, 1) is a straight line.
    let b = (0..<9).map { $0 == 8 ? 1.0 : 0 }
    let solution = ConjugateGradients(tolerance: 1e-12, iterationLimit: 9).solution(
      of: LinearSystem(chain, rightHandSide: b))
    let line = (1...9).map { 0.1 * Double($0) }
    #expect(solution.x ≈ line ± 1e-12)
    let again = ConjugateGradients().solution(of: LinearSystem(chain, rightHandSide: b, start: line))
    #expect(again.iterations == 0 && again.x == line)
  }

  @Test("as a direction it is MINRES's, with a preconditioner too")
  func direction() throws {
    let sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    func delta(_ solver: any LinearSolver, _ preconditioner: (any Preconditioner)?) -> [Double] {
      var direction = MetricDirection(
        .whole(FisherMetric()), solver: solver, preconditioner: preconditioner)
      return direction.direction(sample, lambda: 0.1)
    }
    let expected = delta(CholeskySolver(), nil)
    // Residuals of 1e-11, times the condition of F + 0.1, some thousands.
    for preconditioner in [nil, DiagonalPreconditioner(of: FisherMetric())] as [(any Preconditioner)?] {
      let solver = ConjugateGradients(tolerance: 1e-11, iterationLimit: 3000)
      #expect(delta(solver, preconditioner) ≈ expected.within(relative: 1e-6))
    }
  }

  @Test("iterations end where they bring little of the model's decrease any more")
  func progress() {
    // A = diag(1 … 400), b = 1: the model's decrease ½ Σ 1/a is mostly that of the smallest levels.
    let levels = (1...400).map(Double.init)
    let system = LinearSystem({ zip($0, levels).map { $0 * $1 } }, rightHandSide: levels.map { _ in 1 })
    func decrease(_ x: [Double]) -> Double { zip(x, levels).reduce(0) { $0 + $1.0 - 0.5 * $1.1 * $1.0 * $1.0 } }
    let whole = ConjugateGradients(tolerance: 1e-10, iterationLimit: 1000).solution(of: system)
    let short = ConjugateGradients(tolerance: 1e-10, iterationLimit: 1000, progress: 5e-4).solution(of: system)
    #expect(short.iterations < whole.iterations / 2)
    // Its last ten iterations brought less than 0.5 % together, and each brings less than the one before.
    #expect(decrease(short.x) > 0.99 * decrease(whole.x))
  }

  @Test("where the matrix is not positive it stops at what it has, finite")
  func indefinite() {
    let solution = ConjugateGradients().solution(
      of: LinearSystem({ $0.enumerated().map { $0.offset == 0 ? -$0.element : $0.element } }, rightHandSide: [3, 1]))
    #expect(solution.x == [0, 0] && solution.iterations == 0)
    let zero = ConjugateGradients().solution(of: LinearSystem({ $0 }, rightHandSide: [0, 0]))
    #expect(zero.x == [0, 0] && zero.iterations == 0)
  }
}
