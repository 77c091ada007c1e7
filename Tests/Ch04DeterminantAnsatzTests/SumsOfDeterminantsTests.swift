import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport
import Testing

extension Evaluation {
  /// The largest disagreement allowed is a fraction of the largest number of each kind.
  fileprivate func expectClose(to other: Evaluation, addedToLog shift: Double = 0, relative: Double) {
    #expect(sign == other.sign)
    #expect(logPsi ≈ other.logPsi.map { $0 + shift }.within(relative: relative))
    #expect(gradient ≈ other.gradient.within(relative: relative))
    #expect(laplacian ≈ other.laplacian.within(relative: relative))
  }
}

extension DeterminantAnsatz {
  /// A sum with these determinants of this ansatz in it; nil is a determinant whose weights are zero.
  fileprivate func sum(of list: [Int?]) throws -> DeterminantAnsatz {
    let shape = try AnsatzShape(
      particles: shape.particles, hidden: shape.hidden, layers: shape.layers, determinants: list.count)
    let (l, d) = (self.shape.layers, self.shape.determinants)
    let groups = self.shape.groups
    var p = Array(parameters[..<groups[l].start])
    for kind in [l, l + d] {
      for source in list {
        let part = Array(parameters[groups[kind + (source ?? 0)].range])
        p += source == nil && kind == l ? part.map { _ in 0 } : part
      }
    }
    return DeterminantAnsatz(shape, parameters: p)
  }

  /// The same ansatz with two equal orbitals in determinant d: it vanishes everywhere, exactly.
  fileprivate func makingSingular(_ d: Int) -> DeterminantAnsatz {
    let (hidden, n) = (shape.hidden, shape.particles)
    return changing { group, p in
      if group.role == .orbitals(d) {
        for k in 0..<hidden { p[k] = p[hidden + k] }
        p[n * hidden] = p[n * hidden + 1]
      }
      if group.role == .envelope(d) { p[0] = p[1] }
    }
  }
}

// A single determinant is differentiated through its inverse, a sum through minors: two algorithms that share no line.
// Where they must agree they agree to rounding times the condition of the determinants, some 1e3 for these walkers.
@Suite("4.6 Sums of determinants") struct SumsOfDeterminants {
  @Test("one determinant by its inverse and by its minors is one number", arguments: 1...6)
  func inverseAndMinors(particles: Int) throws {
    let single = try DeterminantAnsatz.random(particles: particles)
    let walkers = Walkers.random(40, particles: particles)
    let expected = single.evaluate(walkers)
    try single.sum(of: [0, nil]).evaluate(walkers).expectClose(to: expected, relative: 1e-8)
    try single.sum(of: [nil, 0]).evaluate(walkers).expectClose(to: expected, relative: 1e-8)
  }

  @Test("D equal determinants are one, and ln D more", arguments: [2, 3, 5])
  func equal(determinants: Int) throws {
    let single = try DeterminantAnsatz.random(particles: 3)
    let walkers = Walkers.random(40, particles: 3)
    let sum = try single.sum(of: (0..<determinants).map { _ in 0 })
    sum.evaluate(walkers).expectClose(
      to: single.evaluate(walkers), addedToLog: Double.log(Double(determinants)), relative: 1e-9)
  }

  @Test("two determinants of opposite sign, and nothing is left: sign 0, ln|ψ| = -∞")
  func cancelling() throws {
    let plus = try DeterminantAnsatz.random(particles: 2).sum(of: [0, 0])
    // The first orbital of the second determinant negated.
    let zero = plus.changing { group, p in
      guard group.role == .orbitals(1) else { return }
      for k in 0..<8 { p[k] = -p[k] }
      p[16] = -p[16]
    }
    for order in JetOrder.allCases {
      let values = zero.evaluate(Walkers.random(33, particles: 2), order: order)
      #expect(values.sign.allSatisfy { $0 == 0 })
      #expect(values.logPsi.allSatisfy { $0 == -.infinity })
    }
  }

  @Test("where one determinant vanishes, ψ and its derivatives are finite and right", arguments: [2, 3, 4], [0, 1])
  func vanishing(particles: Int, which: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, hidden: 5, determinants: 2).makingSingular(which)
    let walkers = Walkers.random(5, particles: particles)
    let values = ansatz.evaluate(walkers)
    // The determinant that is left alone is ψ.
    values.expectClose(to: try ansatz.sum(of: [1 - which]).evaluate(walkers), relative: 1e-9)

    let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian)
    for walker in 0..<walkers.count {
      let x = Array(walkers.positions[(walker * particles)..<((walker + 1) * particles)])
      let expected = ScalarDerivatives(ansatz, at: x)
      #expect(values.sign[walker] == expected.sign)
      #expect(values.logPsi[walker] ≈ expected.logPsi ± 1e-10)
      #expect(values.laplacian[walker] ≈ expected.laplacian.within(relative: 1e-8))
      // The vanishing determinant's own parameters matter: its derivative does not vanish with it.
      var one = [Double](repeating: 0, count: walkers.count)
      one[walker] = 1
      #expect(derivatives.logDerivatives(weighted: one) ≈ expected.logDerivatives.within(relative: 1e-8))
      #expect(derivatives.energyDerivatives(weighted: one) ≈ expected.energy.within(relative: 1e-8))
      for i in 0..<particles {
        var coordinate = [Double](repeating: 0, count: walkers.count * particles)
        coordinate[walker * particles + i] = 1
        #expect(derivatives.mixedDerivatives(weighted: coordinate) ≈ expected.mixed[i].within(relative: 1e-8))
      }
    }
  }

  @Test("a determinant with no weights at all is differentiated too")
  func empty() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 1, hidden: 3).sum(of: [0, nil])
    let walkers = Walkers([0.3], particles: 1)
    let derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: .laplacian)
    let expected = ScalarDerivatives(ansatz, at: [0.3])
    #expect(derivatives.logDerivatives(weighted: [1]) ≈ expected.logDerivatives.within(relative: 1e-12))
    #expect(derivatives.energyDerivatives(weighted: [1]) ≈ expected.energy.within(relative: 1e-12))
  }

  @Test("determinants of very different size: the small one drops out and harms nothing")
  func scales() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 3, determinants: 2)
    let tiny = ansatz.changing { group, p in if group.role == .orbitals(1) { p = p.map { 1e-120 * $0 } } }
    let walkers = Walkers.random(33, particles: 3)
    let alone = try ansatz.sum(of: [0]).evaluate(walkers)
    tiny.evaluate(walkers).expectClose(to: alone, relative: 1e-8)
    #expect(tiny.evaluate(walkers, order: .value).logPsi ≈ alone.logPsi ± 1e-11)
  }
}
