import Ch00Lanes
import Ch04DeterminantAnsatz
import TestSupport
import Testing

// ψ is a sum of a few hundred products: two orders of summation differ by 1e-14 of the orbitals, and a determinant
// loses as many digits as it is smaller than its terms. The walkers below are kept away from nodes, where 1e-10 is
// enough.
@Suite("4.4 Symmetries") struct Symmetries {
  static let shapes = [(2, 1), (3, 1), (4, 1), (2, 2), (3, 3), (4, 2)]

  private func walkers(_ particles: Int) -> Walkers { .random(33, particles: particles, seed: 5) }

  /// The same configurations with particles i and j exchanged.
  private func exchanged(_ walkers: Walkers, _ i: Int, _ j: Int) -> Walkers {
    var x = walkers.positions
    for start in stride(from: 0, to: x.count, by: walkers.particles) { x.swapAt(start + i, start + j) }
    return Walkers(x, particles: walkers.particles)
  }

  @Test("exchanging two particles changes the sign of ψ, and of ψ nothing else", arguments: shapes)
  func antisymmetry(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, determinants: determinants)
    let x = walkers(particles)
    let before = ansatz.evaluate(x)
    for i in 0..<particles {
      for j in 0..<i {
        let after = ansatz.evaluate(exchanged(x, i, j))
        #expect(after.sign == before.sign.map { -$0 })
        #expect(after.logPsi ≈ before.logPsi ± 1e-10)
        #expect(after.laplacian ≈ before.laplacian.within(relative: 1e-9))
        // Derivatives go with their particles.
        let gradient = Walkers(after.gradient, particles: particles)
        #expect(exchanged(gradient, i, j).positions ≈ before.gradient.within(relative: 1e-9))
      }
    }
  }

  @Test("two fermions at one place are at a node", arguments: [2, 3])
  func pauli(particles: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles)
    var x = [Double](repeating: 0.4, count: particles)
    if particles == 3 { x[2] = -1 }
    // Two rows of M are equal up to the rounding of the last particle, which is computed from the others.
    let value = ansatz.evaluate(Walkers(x, particles: particles), order: .value)
    #expect(value.logPsi[0] < -25)
  }

  @Test("the orbitals of a particle depend on the others as a set: they do not know who is who")
  func equivariance() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 4)
    func orbitals(_ x: [Double]) -> [[Double]] {
      DeterminantAnsatz.referenceOrbitals(ansatz.shape, parameters: ansatz.parameters, positions: x)[0]
    }
    let before = orbitals([0.1, -0.7, 1.3, 0.5])
    let after = orbitals([0.5, -0.7, 0.1, 1.3])
    for (i, j) in [(0, 3), (1, 1), (2, 0), (3, 2)] { #expect(after[i] ≈ before[j] ± 1e-14) }
  }

  @Test("determinants in another order are the same ψ", arguments: [2, 3])
  func reordered(particles: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, determinants: 3)
    // Determinant d becomes d + 1, the last one the first.
    var moved = ansatz.parameters
    let groups = ansatz.shape.groups
    let (orbitals, envelopes) = (groups[2...4], groups[5...7])
    for list in [Array(orbitals), Array(envelopes)] {
      for d in 0..<3 { moved.replaceSubrange(list[(d + 1) % 3].range, with: ansatz.parameters[list[d].range]) }
    }
    let x = walkers(particles)
    let (before, after) = (ansatz.evaluate(x), DeterminantAnsatz(ansatz.shape, parameters: moved).evaluate(x))
    #expect(after.sign == before.sign)
    #expect(after.logPsi ≈ before.logPsi ± 1e-12)
    #expect(after.gradient ≈ before.gradient.within(relative: 1e-10))
    #expect(after.laplacian ≈ before.laplacian.within(relative: 1e-10))
  }

  @Test("all biases negated, ψ is reflected: (-1)^A ψ(-X)", arguments: shapes)
  func reflection(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, determinants: determinants)
    let mirrored = ansatz.changing { group, p in
      for i in p.indices where group.layout.hasBias && i >= group.layout.biasStart { p[i] = -p[i] }
    }
    let x = walkers(particles)
    let before = ansatz.evaluate(x)
    let after = mirrored.evaluate(Walkers(x.positions.map { -$0 }, particles: particles))
    #expect(after.sign == before.sign.map { particles % 2 == 0 ? $0 : -$0 })
    #expect(after.logPsi ≈ before.logPsi ± 1e-12)
    #expect(after.gradient ≈ before.gradient.map { -$0 }.within(relative: 1e-10))
    #expect(after.laplacian ≈ before.laplacian.within(relative: 1e-10))
  }

  @Test("orbitals may be mixed: adding one to another leaves the determinant, doubling one adds ln 2")
  func mixedOrbitals() throws {
    // The start has one width for all envelopes: then M has the columns W h + b times a common factor.
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 6), seed: 2)
    let x = walkers(3)
    let before = ansatz.evaluate(x)
    let mixed = ansatz.changing { group, p in
      guard case .orbitals = group.role else { return }
      for k in 0..<6 { p[k] += 0.7 * p[6 + k] }
      p[18] += 0.7 * p[19]
    }.evaluate(x)
    let doubled = ansatz.changing { group, p in
      guard case .orbitals = group.role else { return }
      for k in 0..<6 { p[12 + k] *= -2 }
      p[20] *= -2
    }.evaluate(x)
    #expect(mixed.sign == before.sign)
    #expect(mixed.logPsi ≈ before.logPsi ± 1e-10)
    #expect(mixed.laplacian ≈ before.laplacian.within(relative: 1e-9))
    #expect(doubled.sign == before.sign.map { -$0 })
    #expect(doubled.logPsi ≈ before.logPsi.map { $0 + Double.log(2) } ± 1e-12)
  }

  @Test("the sign of an envelope's width means nothing")
  func widthSign() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, determinants: 2)
    let negated = ansatz.changing { group, p in if case .envelope = group.role { p[0] = -p[0] } }
    let x = walkers(2)
    #expect(negated.evaluate(x).logPsi == ansatz.evaluate(x).logPsi)
    #expect(negated.evaluate(x).laplacian == ansatz.evaluate(x).laplacian)
  }
}
