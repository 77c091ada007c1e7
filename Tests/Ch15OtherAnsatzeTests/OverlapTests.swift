import Ch00Lanes
import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import Ch15OtherAnsatze
import TestSupport
import Testing

/// Walkers of the free fermions' |φ|².
private func freeWalkers(_ particles: Int, count: Int, seed: UInt64 = 1) -> Walkers {
  var walk = MetropolisWalk(walkers: count, particles: particles, seed: seed)
  walk.sweep(FreeFermions(particles: particles), count: 200, adaptingWidth: true)
  return walk.walkers
}

@Suite("15.3 A loss that no factor changes") struct Overlap {
  private let free = FreeFermions(particles: 3)

  /// The same network with B M in the place of M: every row of the orbital layer is a mixture of the old ones.
  private func mixed(_ psi: DeterminantAnsatz, _ b: Matrix) -> DeterminantAnsatz {
    var copy = psi
    for group in psi.shape.groups {
      guard case .orbitals = group.role else { continue }
      let (n, width) = (psi.particles, psi.shape.hidden)
      for j in 0..<n {
        for c in 0..<width {
          copy.parameters[group.start + j * width + c] = (0..<n).reduce(0) {
            $0 + b[j, $1] * psi.parameters[group.start + $1 * width + c]
          }
        }
        copy.parameters[group.start + n * width + j] = (0..<n).reduce(0) {
          $0 + b[j, $1] * psi.parameters[group.start + n * width + $1]
        }
      }
    }
    return copy
  }

  @Test("mixing orbitals by an invertible matrix changes the orbital loss and not the angle")
  func invariance() throws {
    let psi = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 8), seed: 1)
    let walkers = freeWalkers(3, count: 200)
    let before = OverlapLoss(of: psi, with: free, at: walkers)
    func orbitalLoss(_ psi: DeterminantAnsatz) -> Double {
      psi.orbitalLoss(at: walkers) { x, row in oscillatorOrbitals(x, into: &row) }.loss
    }
    let matrices: [Matrix] = [
      [[1, 0.5, -0.2], [0.3, -1, 0.4], [0.1, 0.7, 2]], [[1e4, 0, 0], [0, 1e4, 0], [0, 0, 1e4]],
    ]
    for b in matrices {
      let other = mixed(psi, b)
      // Rounding of 1e-16 times the condition of small matrices.
      #expect(OverlapLoss(of: other, with: free, at: walkers).loss ≈ before.loss ± 1e-10)
      #expect(abs(orbitalLoss(other) / orbitalLoss(psi) - 1) > 0.1)
    }
  }

  @Test("ψ → cψ changes neither the loss nor the way down, and the gradient has no part along it")
  func scale() {
    let psi = AntisymmetrizedNetwork(particles: 3, hidden: 8, seed: 1)
    let outputs = psi.parameterGroups[2].range
    var other = psi
    for p in outputs { other.parameters[p] *= -1e3 }
    let walkers = freeWalkers(3, count: 200)
    let (one, two) = (OverlapLoss(of: psi, with: free, at: walkers), OverlapLoss(of: other, with: free, at: walkers))
    #expect(one.loss ≈ two.loss ± 1e-11)
    let first = psi.parameterGroups[0].range
    #expect(Array(one.gradient[first]) ≈ Array(two.gradient[first]).within(relative: 1e-9))
    // Along a, ψ is multiplied.
    let along = outputs.map { one.gradient[$0] * psi.parameters[$0] }
    #expect(along.reduce(0, +) ≈ 0 ± (1e-9 * along.reduce(0) { $0 + abs($1) }))
  }

  @Test("the gradient is that of finite differences, on the same walkers")
  func gradient() {
    let psi = AntisymmetrizedNetwork(particles: 3, hidden: 6, seed: 2)
    let walkers = freeWalkers(3, count: 100)
    var random = SplitMix64(seed: 4)
    let v = random.uniform(-1...1, count: psi.parameterCount)
    func loss(_ factor: Double) -> Double {
      var moved = psi
      moved.move(by: v, factor: factor)
      return OverlapLoss(of: moved, with: free, at: walkers).loss
    }
    let slope = (loss(1e-5) - loss(-1e-5)) / 2e-5
    // h² times a third derivative of some hundred, and rounding of 1e-13/1e-5.
    #expect(dot(OverlapLoss(of: psi, with: free, at: walkers).gradient, v) ≈ slope ± 1e-6)
  }

  @Test("Gauss and Newton's step over walkers is the one over parameters")
  func gaussNewton() {
    let psi = AntisymmetrizedNetwork(particles: 3, hidden: 4, seed: 2)
    let walkers = freeWalkers(3, count: 60)
    let found = OverlapLoss(of: psi, with: free, at: walkers)
    let (count, n) = (psi.parameterCount, walkers.count)
    let columns = (0..<count).map { p in
      let o = found.derivatives.logDerivatives(along: (0..<count).map { $0 == p ? 1 : 0 })
      let mean = dot(found.ratios, o) / Double(n)
      return zip(found.ratios, o).map { $0 * ($1 - mean) }
    }
    // λ as a fraction of the mean of J Jᵀ's diagonal, which has the trace of Jᵀ J.
    let damping = 1e-2
    let shift = damping * columns.reduce(0) { $0 + dot($1, $1) } / Double(n)
    let system = Matrix(rows: count, columns: count) { dot(columns[$0], columns[$1]) + ($0 == $1 ? shift : 0) }
    let right = columns.map { -dot($0, found.ratios.map { $0 - 1 }) }
    let step = Cholesky(system)?.solve(right) ?? []
    #expect(found.gaussNewtonStep(damping: damping) ≈ step.within(relative: 1e-8))
  }

  // ψ = e^{wx - x²/2} and φ = e^{-x²/2}: cos² = e^{-w²/2}. With s = e^{wx}, E[s] = e^{w²/4} and Var s = e^{w²} - e^{w²/2}: at w = ½ and
  // 4096 walkers cos² is known to 0.6 %, that is, four standard errors are 0.02.
  @Test("a known angle: two Gaussians, cos² = exp(-w²/2)")
  func gaussians() {
    let w = 0.5
    let psi = AntisymmetrizedNetwork(
      particles: 1, hidden: 1, activation: .exponential, parameters: [w, 0, 1, 0.5.squareRoot()])
    let found = OverlapLoss(of: psi, with: FreeFermions(particles: 1), at: freeWalkers(1, count: 4096))
    #expect(found.cosineSquared ≈ Double.exp(-0.5 * w * w) ± 0.02)
  }

  @Test("ψ = φ has the angle 0, no gradient and no step")
  func exact() {
    // One particle, e^{0·x} under the oscillator's envelope.
    let psi = AntisymmetrizedNetwork(
      particles: 1, hidden: 1, activation: .exponential, parameters: [0, 0, 1, 0.5.squareRoot()])
    let found = OverlapLoss(of: psi, with: FreeFermions(particles: 1), at: freeWalkers(1, count: 64))
    #expect(found.loss ≈ 0 ± 1e-14)
    #expect(found.gradient ≈ [0, 0, 0, 0] ± 1e-12)
    #expect(found.gaussNewtonStep(damping: 1e-2) ≈ [0, 0, 0, 0] ± 1e-10)
  }

  // Seen: 1e-5 and 3e-5 (network), 3e-5 and 1e-4 (determinant), on walkers that did not make the step.
  @Test("twenty steps bring either ansatz within 2e-3 of the free fermions", arguments: [2, 3])
  func pretraining(particles: Int) throws {
    var network = AntisymmetrizedNetwork(particles: particles, hidden: 32, seed: 1)
    var determinant = DeterminantAnsatz(try AnsatzShape(particles: particles, hidden: 16), seed: 1)
    let settings = OverlapPretraining(steps: 20)
    var walk = MetropolisWalk(walkers: 256, particles: particles, seed: 1)
    settings.run(&network, &walk, threads: 2)
    settings.run(&determinant, &walk, threads: 2)
    let (target, walkers) = (FreeFermions(particles: particles), freeWalkers(particles, count: 1024, seed: 9))
    #expect(1 - OverlapLoss(of: network, with: target, at: walkers).cosineSquared < 2e-3)
    #expect(1 - OverlapLoss(of: determinant, with: target, at: walkers).cosineSquared < 2e-3)
  }
}
