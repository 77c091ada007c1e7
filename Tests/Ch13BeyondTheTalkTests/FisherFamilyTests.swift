import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch13BeyondTheTalk
import TestSamples
import TestSupport
import Testing

@Suite("13.1 Fisher's family") struct FisherFamilyTests {
  // Tolerance: both are sums of the same thousands of products, in another order.
  @Test("the walkers' kernel is Ō Ōᵀ, whether walkers follow |ψ|² or |ψ|", arguments: [2.0, 1.0], [2, 3])
  func kernel(power: Double, particles: Int) throws {
    let sample = try pretrainedSample(particles: particles, walkers: 70, order: .value, power: power)
    let (kernel, rows) = (WalkerKernel(sample), sample.centredRows)
    let expected = product(rows, transposed: rows)
    #expect(largest(kernel.matrix + -1.0 * expected) < 1e-12 * largest(expected))
    // Rows are centred: √(w/n) is a null vector, and a unit one.
    #expect(norm(kernel.matrix * kernel.roots) < 1e-10 * largest(expected))
    #expect(norm(kernel.roots) ≈ 1 ± 1e-12)
    let u = (0..<70).map { Double(($0 * 13) % 17) - 8 }
    #expect(kernel.pull(u) ≈ product(transposed: rows, u).within(relative: 1e-10))
  }

  @Test("MinSR is the natural gradient, solved on the other side", arguments: [2.0, 1.0])
  func minSR(power: Double) throws {
    let sample = try pretrainedSample(walkers: 60, order: .value, power: power)
    var kernel = KernelDirection()
    let exact = SecondOrder.exact(FisherMetric(), damping: 0.02)
    var direction = exact.direction
    // (F + λ)⁻¹ by Cholesky loses digits with F's condition, 1e4 at this λ.
    let expected = direction.direction(sample, lambda: 0.02)
    #expect(kernel.direction(sample, lambda: 0.02) ≈ expected.within(relative: 1e-7))
  }

  @Test("SPRING over walkers and SPRING over parameters make the same steps, one after the other")
  func spring() throws {
    var overWalkers: any Direction = KernelDirection(.fixed(0.9))
    var overParameters: any Direction = MetricDirection(
      .whole(FisherMetric()), prior: Prior(0.9, mean: .lastDirection), solver: CholeskySolver())
    var previous: [Double]?
    for seed in 1...3 as ClosedRange<UInt64> {
      // A new sample of another network each time: the memory does not care.
      let sample = try pretrainedSample(walkers: 50, order: .value, seed: seed)
      let found = overWalkers.direction(sample, previous: previous, lambda: 0.05)
      #expect(found ≈ overParameters.direction(sample, previous: previous, lambda: 0.05).within(relative: 1e-6))
      previous = found
    }
    // Its first step, without memory, is MinSR's; and MinSR has none.
    let sample = try pretrainedSample(walkers: 50, order: .value)
    var (plain, first) = (KernelDirection(), KernelDirection(.fixed(0.9)))
    let expected = first.direction(sample, lambda: 0.05)
    for _ in 1...2 { #expect(plain.direction(sample, previous: previous, lambda: 0.05) == expected) }
  }

  @Test("robust SR divides a mode of eigenvalue h by (h + λ)²/(h + γλ²): h where it is large, 1/γ where it vanishes")
  func robust() {
    let (lambda, modes) = (1e-2, [0, 1e-4, 1e-2, 1, 100])
    for gain in [1, 1 / lambda.squareRoot(), 1 / lambda] {
      let system = LinearSystem(
        { v in zip(modes, v).map { $0 * $1 } }, rightHandSide: [1, 1, 1, 1, 1], shift: lambda)
      let x = RobustSolver(CholeskySolver(), gain: gain).solution(of: system).x
      for (h, x) in zip(modes, x) {
        #expect(x ≈ ((h + gain * lambda * lambda) / ((h + lambda) * (h + lambda))).within(relative: 1e-10))
      }
      #expect(x[0] ≈ gain.within(relative: 1e-10))
    }
  }

  @Test("automatic momentum: 1 where the leading walkers' modes stay, and by their number where they all change")
  func momentum() {
    let diagonal = [4.0, 1, 0.25, 0.25].map { $0 }
    let kernel = Matrix(rows: 4, columns: 4) { $0 == $1 ? diagonal[$0] : 0 }
    let first = AutomaticMomentum(kernel, after: nil)
    #expect(first.mu == 0)
    // (Σt)²/Σt² = 30.25/17.125: two leading vectors.
    #expect(first.basis.columns == 2)
    #expect(AutomaticMomentum(kernel, after: first.basis).mu ≈ 1 ± 1e-12)
    // The same eigenvalues with the order of the walkers reversed: nothing in common.
    let reversed = Matrix(rows: 4, columns: 4) { kernel[3 - $0, 3 - $1] }
    let share = 5.5 * 5.5 / (16 + 1 + 0.125)
    let expected = (share / 4).squareRoot().squareRoot()
    #expect(AutomaticMomentum(reversed, after: first.basis).mu ≈ expected ± 1e-12)
  }

  @Test("MARCH's scale is flat until directions have fluctuated, and then holds what fluctuates")
  func march() throws {
    let sample = try pretrainedSample(walkers: 40, order: .value)
    let count = sample.gradient.count
    var scale = MomentScale(.increments, decay: 0.5)
    #expect(scale.scale(sample) == [Double](repeating: 1, count: count))
    for sign in [1.0, -1, 1] {
      scale.note(direction: (0..<count).map { $0 == 0 ? sign : 1 })
    }
    let s = scale.scale(sample)
    // Only the first parameter's direction has moved: all of √v is its own.
    #expect(s[0] ≈ Double(count) ± 1e-9)
    #expect(s[1...].allSatisfy { $0 == 1e-3 })
  }
}
