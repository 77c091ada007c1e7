import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import TestSamples
import TestSupport
import Testing

@Suite("8.2 The Kronecker direction") struct KroneckerDirections {
  private func state(_ direction: KroneckerDirection) -> OptimizerState {
    var state = OptimizerState(optimizer: "kfac", version: 1)
    direction.save(to: &state)
    return state
  }

  @Test(
    "it is closer to the exact damped solve than the diagonal is, on any pretrained state", arguments: [1, 2, 3, 4])
  func betterThanDiagonal(seed: UInt64) throws {
    let sample = try pretrainedSample(hidden: 8, walkers: 600, order: .value, seed: seed)
    let lambda = 1e-2
    var metric = FisherMetric().matrix(sample)
    let diagonal = metric.diagonal
    for p in 0..<metric.rows { metric[p, p] += lambda }
    let exact = try #require(Cholesky(metric)).solve(sample.gradient).map { -$0 }
    /// Cosine in the damped metric: the fraction of the best reduction of the quadratic model that a line search gets,
    /// squared.
    func agreement(_ v: [Double]) -> Double {
      dot(v, metric * exact) / (dot(v, metric * v) * dot(exact, metric * exact)).squareRoot()
    }
    var kronecker = KroneckerDirection()
    let (expand, scaled, steepest) = (
      agreement(kronecker.direction(sample, lambda: lambda)),
      agreement(zip(sample.gradient, diagonal).map { -$0 / ($1 + lambda) }), agreement(sample.gradient.map { -$0 })
    )
    #expect(expand > scaled && expand > steepest)
  }

  @Test("γ starts at √λ, and the greedy rule moves it by one factor at most")
  func gamma() throws {
    let sample = try pretrainedSample(walkers: 200, order: .value)
    var kronecker = KroneckerDirection()
    #expect(kronecker.gamma == nil)
    for _ in 1...5 {
      _ = kronecker.direction(sample, lambda: 0.04)
      #expect(kronecker.gamma == 0.2)
    }
    // Before the sixth step it is chosen anew.
    _ = kronecker.direction(sample, lambda: 0.04)
    let factor = Double.pow(kronecker.omega, 5)
    let gamma = try #require(kronecker.gamma)
    #expect([0.2 * factor, 0.2, 0.2 / factor].contains(gamma))
    // No λ is too small for it.
    var other = KroneckerDirection()
    _ = other.direction(sample, lambda: 1e-20)
    #expect(other.gamma == KroneckerDirection.smallestGamma)
  }

  @Test("of three γ it keeps the one whose step promises most")
  func greedy() throws {
    let sample = try pretrainedSample(walkers: 300, order: .value)
    let lambda = 0.09
    var kronecker = KroneckerDirection()
    kronecker.interval = 1
    _ = kronecker.direction(sample, lambda: lambda)
    let factor = kronecker.omega
    let candidates = [0.3 * factor, 0.3, 0.3 / factor]
    let promises = candidates.map { gamma -> Double in
      // A direction of its own for each γ: √λ is where γ starts.
      var one = KroneckerDirection()
      let delta = one.direction(sample, lambda: gamma * gamma)
      let slope = dot(delta, sample.gradient)
      return -0.5 * slope * slope / (FisherMetric().forms([delta], sample)[0, 0] + lambda * dot(delta, delta))
    }
    _ = kronecker.direction(sample, lambda: lambda)
    let best = try #require(promises.indices.min { promises[$0] < promises[$1] })
    let gamma = try #require(kronecker.gamma)
    #expect(gamma ≈ candidates[best].within(relative: 1e-12))
  }

  @Test("the first sample counts in full, the second by half, and a constant sample for ever")
  func averages() throws {
    let first = try pretrainedSample(walkers: 100, order: .value, seed: 1)
    let second = try pretrainedSample(walkers: 100, order: .value, seed: 2)
    var kronecker = KroneckerDirection()
    let alone = kronecker.direction(first, lambda: 0.1)
    _ = kronecker.direction(second, lambda: 0.1)
    let average = try #require(state(kronecker)["kronecker.0.sensitivities"])
    let (a, b) = (first.derivatives.moments(.expand)[0], second.derivatives.moments(.expand)[0])
    #expect(
      average ≈ zip(a.sensitivities.elements, b.sensitivities.elements).map { 2 * ($0 + $1) }.within(relative: 1e-12))
    var constant = KroneckerDirection()
    constant.interval = 100
    for _ in 0..<15 {
      #expect(constant.direction(first, lambda: 0.1) ≈ alone.within(relative: 1e-10))
    }
  }

  @Test("factors are averages over steps, with 1 - 1/k on the past of k steps and never more than 0.9")
  func manySteps() throws {
    var (ansatz, walk) = try pretrained(hidden: 4, walkers: 50)
    var kronecker = KroneckerDirection()
    var expected: [Double] = []
    for step in 0..<14 {
      walk.sweep(ansatz, count: 5)
      ansatz.move(by: ansatz.parameters, factor: 0.01)
      let sample = Sample(TrappedFermions(particles: 2, strength: -10), ansatz, at: walk.walkers, order: .value)
      _ = kronecker.direction(sample, lambda: 1)
      let present = Array(sample.derivatives.moments(.expand)[0].activities.elements)
      let past = min(1 - 1 / Double(step + 1), 0.9)
      expected = step == 0 ? present : zip(expected, present).map { past * $0 + (1 - past) * $1 }
    }
    #expect(try #require(state(kronecker)["kronecker.0.activities"]) ≈ expected.within(relative: 1e-13))
  }

  @Test("with the 4 outside, as the talk has it, γ damps as twice γ does with the 4 inside")
  func factorOutside() throws {
    // (Ā + γπ) ⊗ (Ē + γ/π) 4 = (Ā + 2γπ') ⊗ (4Ē + 2γ/π') with π' = π/2.
    let sample = try pretrainedSample(hidden: 4, walkers: 200, order: .value)
    var (outside, inside) = (KroneckerDirection(foldsFisherFactor: false), KroneckerDirection())
    let one = outside.direction(sample, lambda: 0.01)
    let two = inside.direction(sample, lambda: 0.04)
    #expect(one ≈ two.within(relative: 1e-10))
  }

  @Test("it is finite with two features and one fermion, with one walker, and where all walkers are at one place")
  func tiny() throws {
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 1, hidden: 2, layers: 1), seed: 7)
    let hamiltonian = TrappedFermions(particles: 1, strength: 0)
    for x in [[0.4], [0.3, -1.2], [Double](repeating: 0.4, count: 50), [0, 0, 0]] {
      for approximation in [KroneckerApproximation.expand, .reduce] {
        let sample = Sample(hamiltonian, ansatz, at: Walkers(x, particles: 1), order: .value)
        var settings = KFAC(["lambda": 1e-7])
        settings.direction.approximation = approximation
        var optimizer = settings.optimizer
        for _ in 0..<3 {
          let change = optimizer.update(sample).change
          #expect(change.allSatisfy { $0.isFinite })
          // Equal walkers have no gradient (up to the rounding of their mean energy).
          if Set(x).count == 1 { #expect(norm(change) < 1e-6) }
        }
      }
    }
  }

  @Test("as a preconditioner it is the inverse that makes its direction, group by group and all at once")
  func preconditioner() throws {
    let sample = try pretrainedSample(hidden: 6, walkers: 400, order: .value)
    var (direction, preconditioner) = (KroneckerDirection(), KroneckerDirection())
    let delta = direction.direction(sample, lambda: 0.1)
    let inverse = preconditioner.inverse(sample, lambda: 0.1)
    #expect(inverse(sample.gradient, 0..<sample.gradient.count).map { -$0 } ≈ delta.within(relative: 1e-12))
    for group in sample.parameterGroups {
      let part = inverse(Array(sample.gradient[group.range]), group.range)
      #expect(part.map { -$0 } ≈ Array(delta[group.range]).within(relative: 1e-12))
    }
  }
}
