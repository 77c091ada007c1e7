import Ch00Lanes
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import TestSupport
import Testing

@Suite("5.3 Walks") struct Walks {
  @Test("walkers start from independent standard normal distributions", arguments: [1, 2, 3])
  func start(particles: Int) {
    let count = 20_000
    let x = MetropolisWalk(walkers: count, particles: particles, seed: 3).walkers.positions
    // Five standard errors: of means 1/√n, of squares √2/√n, of products 1/√n.
    let error = 5 / Double(count).squareRoot()
    for i in 0..<particles {
      let column = stride(from: i, to: x.count, by: particles).map { x[$0] }
      #expect((column.reduce(0, +) / Double(count)) ≈ 0 ± error)
      #expect((column.reduce(0) { $0 + $1 * $1 } / Double(count)) ≈ 1 ± (1.5 * error))
      let next = stride(from: (i + 1) % particles, to: x.count, by: particles).map { x[$0] }
      if particles > 1 {
        #expect((zip(column, next).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)) ≈ 0 ± error)
      }
    }
  }

  @Test("walkers follow the exact density of two free fermions (χ² over 80 cells)")
  func twoFreeFermions() {
    // One sample a walker, so that all are independent; 300 sweeps forget the start.
    let count = 40_000
    var walk = MetropolisWalk(walkers: count, particles: 2, seed: 11)
    walk.sweep(FreeFermions(particles: 2), count: 300, threads: 2)
    let x = walk.walkers.positions

    // In R = (x₁ + x₂)/√2 and r = (x₁ - x₂)/√2 the density is a product: e^{-R²} r² e^{-r²}.
    let centreEdges = [-7, -1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 7]
    let distanceEdges = [-7, -1.6, -1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 1.6, 7]
    let centre = probabilities(centreEdges) { Double.exp(-$0 * $0) }
    let distance = probabilities(distanceEdges) { $0 * $0 * Double.exp(-$0 * $0) }
    var counts = [[Double]](repeating: [Double](repeating: 0, count: 10), count: 8)
    for walker in 0..<count {
      let (a, b) = (x[2 * walker], x[2 * walker + 1])
      let i = centreEdges.dropFirst().firstIndex { (a + b) / 2.0.squareRoot() < $0 }! - 1
      let j = distanceEdges.dropFirst().firstIndex { (a - b) / 2.0.squareRoot() < $0 }! - 1
      counts[i][j] += 1
    }
    var chiSquare = 0.0
    for i in 0..<8 {
      for j in 0..<10 {
        let expected = Double(count) * centre[i] * distance[j]
        chiSquare += (counts[i][j] - expected) * (counts[i][j] - expected) / expected
      }
    }
    // 79 degrees of freedom: one seed in ten thousand lies beyond 134.5.
    #expect(chiSquare < 134.5)
  }

  @Test("free fermions have E = A²/2, half of it in the trap: the mean of Σ x² is A²/2", arguments: [1, 3, 6])
  func freeFermions(particles: Int) {
    var walk = MetropolisWalk(walkers: 4000, particles: particles, seed: 3)
    for _ in 0..<10 { walk.sweep(FreeFermions(particles: particles), count: 30, adaptingWidth: true, threads: 2) }
    let squares = (0..<4000).map { walk.walkers[$0].reduce(0) { $0 + $1 * $1 } }
    let mean = squares.reduce(0, +) / 4000
    let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3999
    #expect(mean ≈ (0.5 * Double(particles * particles)) ± (4 * (variance / 4000).squareRoot()))
  }

  @Test("ψ of free fermions changes sign with every exchange of neighbours")
  func freeFermionsSign() {
    let free = FreeFermions(particles: 3)
    var (sign, logarithm) = (Lanes32.zero, Lanes32.zero)
    var workspace: Void = free.makeWorkspace()
    let orders: [([Double], Double)] = [([-1, 0.5, 2], 1), ([0.5, -1, 2], -1), ([0.5, 2, -1], 1)]
    for (x, expected) in orders {
      let positions = ContiguousArray(x.map { Lanes32(repeating: $0) })
      free.logPsi(positions, at: 0, sign: &sign, logMagnitude: &logarithm, workspace: &workspace)
      #expect(sign[0] == expected)
      // ln (1.5 · 3 · 1.5) - (1 + 0.25 + 4)/2
      #expect(logarithm[0] ≈ (Double.log(6.75) - 2.625) ± 1e-14)
    }
  }

  // 299! · 0.16^299 is e^860: one product would be infinite.
  @Test("ln|ψ| of hundreds of free fermions is finite")
  func manyFreeFermions() {
    let free = FreeFermions(particles: 300)
    let x = (0..<300).map { 0.16 * (Double($0) - 149.5) }
    var (sign, logarithm) = (Lanes32.zero, Lanes32.zero)
    var workspace: Void = free.makeWorkspace()
    free.logPsi(
      ContiguousArray(x.map { Lanes32(repeating: $0) }), at: 0, sign: &sign, logMagnitude: &logarithm,
      workspace: &workspace)
    var expected = 0.0
    for j in x.indices { expected += (0..<j).reduce(-0.5 * x[j] * x[j]) { $0 + Double.log(x[j] - x[$1]) } }
    #expect(sign[0] == 1)
    // Rounding of 45 000 logarithms.
    #expect(logarithm[0] ≈ expected.within(relative: 1e-12))
  }

  /// Shares of the intervals between edges, by Simpson's rule with steps so fine that 1e-10 is left.
  private func probabilities(_ edges: [Double], _ density: (Double) -> Double) -> [Double] {
    let parts = zip(edges, edges.dropFirst()).map { a, b in
      let h = (b - a) / 200
      return (0..<200).reduce(0.0) { sum, k in
        let x = a + Double(k) * h
        return sum + h / 6 * (density(x) + 4 * density(x + h / 2) + density(x + h))
      }
    }
    let total = parts.reduce(0, +)
    return parts.map { $0 / total }
  }

  @Test("in equilibrium as many walkers go from here to there as from there to here")
  func detailedBalance() {
    // |ψ|² is the distribution that walks start from: there is nothing to wait for.
    var walk = MetropolisWalk(walkers: 200_000, particles: 1, seed: 12)
    let before = walk.walkers.positions
    walk.sweep(Formula.normal, count: 1, threads: 2)
    let after = walk.walkers.positions
    let edges = [-1.5, -0.9, -0.4, 0, 0.4, 0.9, 1.5]
    func cell(_ x: Double) -> Int { edges.count { x > $0 } }
    var flow = [[Double]](repeating: [Double](repeating: 0, count: 8), count: 8)
    for (x, y) in zip(before, after) { flow[cell(x)][cell(y)] += 1 }
    var chiSquare = 0.0
    for i in 0..<8 {
      for j in 0..<i {
        let (there, back) = (flow[i][j], flow[j][i])
        chiSquare += (there - back) * (there - back) / (there + back)
      }
    }
    // 28 pairs: one seed in ten thousand lies beyond 64.7.
    #expect(chiSquare < 64.7)
  }

  @Test("a normal distribution accepts (2/π) arctan(2/width) of the moves", arguments: [0.1, 1, 2, 5])
  func acceptance(width: Double) {
    var walk = MetropolisWalk(walkers: 20_000, particles: 1, seed: 13)
    walk.width = ProposalWidth(width)
    walk.sweep(Formula.normal, count: 50, threads: 2)
    // A million moves, of which neighbours are correlated: five errors of 20 000 independent walkers' means at the
    // most.
    #expect(walk.acceptance ≈ (2 / Double.pi * arctangent(2 / width)) ± 5e-3)
  }

  /// arctan x = ∫₀ˣ dt/(1 + t²), by the midpoint rule: 1e-6 is left of it.
  private func arctangent(_ x: Double) -> Double {
    let h = x / 10_000
    return (0..<10_000).reduce(0) { sum, k in
      let t = (Double(k) + 0.5) * h
      return sum + h / (1 + t * t)
    }
  }

  // |ψ|² is the normal distribution of variance 1, so |ψ|^p has variance 2/p. 20 000 walkers know a variance to 1 %; five of
  // these.
  @Test("walkers that follow |ψ|^p spread as far as that density does", arguments: [2, 1.5, 1, 0.5])
  func power(p: Double) {
    var walk = MetropolisWalk(walkers: 20_000, particles: 1, seed: 14, width: ProposalWidth(2))
    walk.power = p
    walk.sweep(Formula.normal, count: 100, threads: 2)
    let square = walk.walkers.positions.reduce(0) { $0 + $1 * $1 } / 20_000
    #expect(square ≈ (2 / p).within(relative: 0.05))
    // One that goes on from there follows the same power, with the same numbers.
    var resumed = MetropolisWalk(
      positions: walk.walkers.positions, particles: 1, width: walk.width, sweeps: walk.sweeps, power: p, seed: 14)
    walk.sweep(Formula.normal, count: 3)
    resumed.sweep(Formula.normal, count: 3)
    #expect(resumed.walkers.positions == walk.walkers.positions)
  }

  @Test("a mean of quantum mechanics is refused to walkers of another power than |ψ|²")
  func measuring() async {
    await #expect(processExitsWith: .failure) {
      var walk = MetropolisWalk(walkers: 32, particles: 1, seed: 1)
      walk.power = 1
      _ = walk.measure(Formula.normal, times: 1) { $0[0] }
    }
  }

  @Test("a NaN for ψ is never accepted")
  func nan() {
    var walk = MetropolisWalk(
      positions: [Double](repeating: 0, count: 1000), particles: 1, width: ProposalWidth(1), sweeps: 0, seed: 14)
    let psi = Formula.normal(beyond: 0.5, logarithm: .nan)
    walk.sweep(psi, count: 200)
    #expect(walk.walkers.positions.allSatisfy { $0 <= 0.5 })
    #expect(walk.acceptance > 0.2 && walk.acceptance < 0.7)
  }

  @Test("a walker at a node leaves it with its first move, and none goes there")
  func node() {
    var walk = MetropolisWalk(
      positions: [Double](repeating: 2, count: 100), particles: 1, width: ProposalWidth(1), sweeps: 0, seed: 15)
    let psi = Formula.normal(beyond: 0.5, logarithm: -.infinity)
    for _ in 0..<100 {
      walk.sweep(psi, count: 1)
      #expect(walk.walkers.positions.allSatisfy { $0 == 2 || $0 <= 0.5 })
    }
    // A proposal of width 1 goes 1.5 to the left with a probability of 0.07.
    #expect(!walk.walkers.positions.contains(2))
  }

  @Test("a walker where ψ is NaN stays there, so that its energy shows it")
  func startingAtNaN() {
    var walk = MetropolisWalk(
      positions: [Double](repeating: 0.6, count: 100), particles: 1, width: ProposalWidth(1), sweeps: 0, seed: 16)
    walk.sweep(Formula.normal(beyond: 0.5, logarithm: .nan), count: 100)
    #expect(walk.walkers.positions.allSatisfy { $0 == 0.6 })
    #expect(walk.acceptance == 0)
  }
}

@Suite("5.4 The width of a step") struct Widths {
  @Test("adapted, half of the moves are accepted, wherever the width began", arguments: [0.02, 1, 9])
  func adaptation(start: Double) {
    var walk = MetropolisWalk(walkers: 2000, particles: 1, seed: 21)
    walk.width = ProposalWidth(start)
    for _ in 0..<40 { walk.sweep(Formula.normal, count: 5, adaptingWidth: true) }
    // Five errors of 10 000 moves are 0.025. Width 2 is where (2/π) arctan(2/width) is ½.
    #expect(walk.acceptance ≈ 0.5 ± 0.03)
    #expect(walk.width.value ≈ 2 ± 0.25)
  }

  @Test("unless asked for, nothing is adapted")
  func frozen() {
    var walk = MetropolisWalk(walkers: 100, particles: 1, seed: 22)
    walk.width = ProposalWidth(0.1)
    walk.sweep(Formula.normal, count: 20)
    #expect(walk.width == ProposalWidth(0.1))
    #expect(walk.acceptance > 0.9)
  }

  @Test("a width never leaves 0.01 … 10, and no acceptance of 0 shrinks it by more than ten")
  func bounds() {
    var width = ProposalWidth(1)
    width.adapt(acceptance: 0)
    #expect(width.value == 0.1)
    for _ in 0..<9 { width.adapt(acceptance: 0) }
    #expect(width.value == 0.01)
    for _ in 0..<20 { width.adapt(acceptance: 1) }
    #expect(width.value == 10)
    width.adapt(acceptance: 0.5)
    #expect(width.value == 10)
  }
}

@Suite("5.5 The same bits") struct SameBits {
  /// Bits of everything that a walk leaves.
  private func state(_ walk: MetropolisWalk) -> [Double] {
    walk.walkers.positions + [walk.width.value, Double(walk.sweeps), walk.acceptance]
  }
  private func ansatz() throws -> DeterminantAnsatz {
    DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 6, determinants: 2), seed: 1)
  }

  @Test("on 1, 2 and 3 threads", arguments: [1, 33, 700])
  func threads(count: Int) throws {
    let psi = try ansatz()
    let runs = (1...3).map { threads in
      var walk = MetropolisWalk(walkers: count, particles: 3, seed: 31)
      for _ in 0..<3 { walk.sweep(psi, count: 7, adaptingWidth: true, threads: threads) }
      return state(walk)
    }
    #expect(runs[1] == runs[0] && runs[2] == runs[0])
  }

  @Test("after a stop and a resume")
  func resume() throws {
    let psi = try ansatz()
    var walk = MetropolisWalk(walkers: 200, particles: 3, seed: 32)
    walk.sweep(psi, count: 5, adaptingWidth: true)
    var resumed = MetropolisWalk(
      positions: walk.walkers.positions, particles: 3, width: walk.width, sweeps: walk.sweeps, seed: walk.seed)
    walk.sweep(psi, count: 5, adaptingWidth: true)
    resumed.sweep(psi, count: 5, adaptingWidth: true)
    #expect(state(resumed) == state(walk))
  }

  @Test("in one call or in several")
  func calls() throws {
    let psi = try ansatz()
    var once = MetropolisWalk(walkers: 200, particles: 3, seed: 33)
    var often = once
    once.sweep(psi, count: 6)
    for _ in 0..<6 { often.sweep(psi, count: 1) }
    #expect(often.walkers.positions == once.walkers.positions)
    let before = state(often)
    often.sweep(psi, count: 0, adaptingWidth: true)
    #expect(state(often) == before)
  }

  @Test("a walker's path does not depend on how many others there are", arguments: [1, 31, 33, 129])
  func company(count: Int) throws {
    let psi = try ansatz()
    var few = MetropolisWalk(walkers: count, particles: 3, seed: 34)
    var many = MetropolisWalk(walkers: 500, particles: 3, seed: 34)
    few.sweep(psi, count: 10)
    many.sweep(psi, count: 10)
    #expect(few.walkers.positions == Array(many.walkers.positions.prefix(3 * count)))
  }

  @Test("walkers that fill up a tile are not counted in the acceptance of one walker")
  func padding() {
    var walk = MetropolisWalk(walkers: 1, particles: 1, seed: 35)
    walk.width = ProposalWidth(1e-8)
    walk.sweep(Formula.normal, count: 10)
    #expect(walk.acceptance == 1)
  }

  @Test("another seed is another walk")
  func seeds() {
    let (a, b) = (
      MetropolisWalk(walkers: 10, particles: 2, seed: 1), MetropolisWalk(walkers: 10, particles: 2, seed: 2)
    )
    #expect(a.walkers.positions != b.walkers.positions)
  }
}
