import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch10MinimumResidual
import TestSamples
import TestSupport
import Testing

/// diag(1, -1, 1, -1, …).
private struct Indefinite: ParameterMetric {
  let order = JetOrder.value
  func product(_ v: [Double], block: Int?, _ sample: inout Sample) -> [Double] {
    v.indices.map { $0 % 2 == 0 ? v[$0] : -v[$0] }
  }
  func diagonal(_ sample: inout Sample) -> [Double] { sample.gradient.indices.map { $0 % 2 == 0 ? 1 : -1 } }
}

@Suite("10.2 Directions by MINRES") struct MinresDirections {
  private let thorough = MinimumResidual(tolerance: 1e-11, iterationLimit: 3000)

  @Test("with time enough it is the exact damped solve, whole and block by block", arguments: [false, true])
  func exact(byBlock: Bool) throws {
    var sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    let lambda = 0.01
    var direction = MinresDirection(FisherMetric(), solver: thorough, byBlock: byBlock)
    let delta = direction.direction(&sample, previous: nil, lambda: lambda)
    let matrix = FisherMetric().matrix(&sample)
    let ranges = byBlock ? sample.ansatz.shape.groups.map(\.range) : [0..<matrix.rows]
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
    var first = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    var direction = MinresDirection(FisherMetric(), solver: thorough, byBlock: false)
    let last = direction.direction(&first, previous: nil, lambda: lambda)
    // A small part of the step, so that the next solution is like the last one.
    ansatz.move(by: last, factor: 0.02)
    walk.sweep(ansatz, count: 20)
    var second = Sample(hamiltonian, ansatz, at: walk.walkers, order: .value)
    func iterations(_ zeta: Double) -> Int {
      var direction = MinresDirection(
        FisherMetric(), guess: .previousStep(zeta), solver: MinimumResidual(tolerance: 0.1, iterationLimit: 1000),
        byBlock: false)
      _ = direction.direction(&second, previous: last, lambda: lambda)
      var diagnostics = Update.Diagnostics()
      direction.report(into: &diagnostics)
      return diagnostics.minresIterations ?? -1
    }
    #expect(iterations(0.95) < iterations(-0.95))
    // And the sign that is taken unless another is asked for is the right one.
    let loose = MinimumResidual(tolerance: 0.1, iterationLimit: 3)
    func steps(_ direction: MinresDirection) -> [Double] {
      var direction = direction
      return direction.direction(&second, previous: last, lambda: lambda)
    }
    #expect(
      steps(MinresDirection(FisherMetric(), solver: loose))
        == steps(MinresDirection(FisherMetric(), guess: .previousStep(0.95), solver: loose)))
    // With the right sign the first residual is smaller, too.
    func start(_ zeta: Double) -> Double {
      let right = second.gradient.map { -$0 }
      return MinimumResidual(iterationLimit: 0).solve(
        { FisherMetric().product($0, &second) }, rightHandSide: right, shift: lambda, guess: last.map { zeta * $0 }
      ).relativeResidual
    }
    #expect(start(0.95) < start(-0.95))
  }

  @Test("an indefinite metric is solved with as well, though its diagonal is negative in places")
  func indefinite() throws {
    var sample = try pretrainedSample(hidden: 4, walkers: 300, order: .value)
    var direction = MinresDirection(Indefinite(), solver: thorough, byBlock: false)
    let delta = direction.direction(&sample, previous: nil, lambda: 0)
    #expect(delta ≈ sample.gradient.indices.map { $0 % 2 == 0 ? -sample.gradient[$0] : sample.gradient[$0] } ± 1e-9)
  }

  @Test("the preconditioner's numbers are the talk's")
  func settings() {
    let direction = MinresDirection(FisherMetric())
    #expect(direction.offset == 1e-2 && direction.exponent == 0.75 && direction.byBlock)
    #expect(direction.solver.iterationLimit == 50 && direction.solver.tolerance == 1e-8)
  }

  @Test("the Kronecker inverse is a better start than nothing: nearer to the solution after one iteration")
  func kroneckerGuess() throws {
    var sample = try pretrainedSample(hidden: 8, walkers: 600, order: .value)
    func direction(_ guess: MinresDirection.Guess, _ solver: MinimumResidual) -> [Double] {
      var direction = MinresDirection(FisherMetric(), guess: guess, solver: solver)
      return direction.direction(&sample, previous: nil, lambda: 0.1)
    }
    let (once, nothing) = (MinimumResidual(iterationLimit: 1), MinresDirection.Guess.previousStep(0.95))
    let solution = direction(nothing, thorough)
    func distance(_ guess: MinresDirection.Guess) -> Double {
      norm(zip(direction(guess, once), solution).map { $0 - $1 })
    }
    #expect(distance(.kronecker(KroneckerDirection())) < distance(nothing))
  }

  @Test("its memory, given to another, makes it go on with the same bits", arguments: [false, true])
  func memory(kronecker: Bool) throws {
    func fresh() -> SecondOrder {
      SecondOrder(
        name: "minres",
        direction: MinresDirection(
          FisherMetric(), guess: kronecker ? .kronecker(KroneckerDirection()) : .previousStep(0.95)),
        model: FisherMetric(), regulator: LevenbergMarquardt(lambda: 1))
    }
    let (ansatz, walk) = try pretrained(hidden: 4, walkers: 100)
    var run = VariationalMonteCarlo(
      TrappedFermions(particles: 2, strength: -10), ansatz, walk, fresh(), sweeps: 5, threads: 2)
    for _ in 0..<6 {
      _ = try run.advance()
      var other = fresh()
      other.memory = run.optimizer.memory
      var (original, resumed) = (run, run)
      resumed.optimizer = other
      for _ in 0..<6 { _ = (try original.advance(), try resumed.advance()) }
      #expect(original.ansatz.parameters == resumed.ansatz.parameters)
    }
  }

  @Test("without a gradient it goes nowhere, from any last step's side")
  func noGradient() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 2, layers: 1), seed: 1)
    var sample = Sample(
      TrappedFermions(particles: 1, strength: 0), ansatz, at: Walkers([0.3], particles: 1), order: .value)
    var direction = MinresDirection(FisherMetric())
    #expect(direction.direction(&sample, previous: nil, lambda: 1) == sample.gradient.map { _ in 0 })
    let last = sample.gradient.map { _ in 0.1 }
    #expect(norm(direction.direction(&sample, previous: last, lambda: 1)) < 1e-12)
  }
}
