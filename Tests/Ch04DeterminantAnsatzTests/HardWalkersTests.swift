import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import TestSupport
import Testing

@Suite("4.9 Walkers in hard places") struct HardWalkers {
  @Test(
    "each walker has its value, however many there are and wherever a tile ends",
    arguments: [1, 2, 31, 32, 33, 127, 128, 129, 257])
  func counts(count: Int) throws {
    let walkers = Walkers.random(count, particles: 2)
    #expect(walkers.count == count)
    #expect(Walkers(walkers.positions, particles: 2).positions == walkers.positions)
    let ansatz = try DeterminantAnsatz.random(particles: 2)
    let values = ansatz.evaluate(walkers)
    #expect(values.sign.count == count && values.logPsi.count == count)
    #expect(values.gradient.count == 2 * count && values.laplacian.count == count)
    // A walker alone has the values that it has in company, to the last bit.
    let last = Walkers(Array(walkers.positions.suffix(2)), particles: 2)
    #expect(ansatz.evaluate(last).laplacian[0] == values.laplacian[count - 1])
    #expect(ansatz.evaluate(last).logPsi[0] == values.logPsi[count - 1])
  }

  @Test("one particle: ψ is its orbital")
  func oneParticle() throws {
    let ansatz = try DeterminantAnsatz.random(particles: 1, hidden: 2)
    let x = [-1.5, -0.2, 0, 0.9]
    let values = ansatz.evaluate(Walkers(x, particles: 1))
    for (walker, position) in x.enumerated() {
      let orbital = DeterminantAnsatz.referenceOrbitals(
        ansatz.shape, parameters: ansatz.parameters, positions: [position])[0][0][0]
      #expect(values.logPsi[walker] ≈ log(abs(orbital)) ± 1e-13)
      #expect(values.sign[walker] == (orbital < 0 ? -1 : 1))
    }
  }

  @Test("a walker with a NaN has a NaN for ψ, and its neighbours notice nothing", arguments: [1, 2])
  func nan(determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: 2, determinants: determinants)
    let walkers = Walkers.random(40, particles: 2)
    var x = walkers.positions
    x[2 * 7 + 1] = .nan
    let (before, after) = (ansatz.evaluate(walkers), ansatz.evaluate(Walkers(x, particles: 2)))
    #expect(after.logPsi[7].isNaN && after.laplacian[7].isNaN)
    #expect(ansatz.evaluate(Walkers(x, particles: 2), order: .value).logPsi[7].isNaN)
    for walker in 0..<40 where walker != 7 {
      #expect(after.logPsi[walker] == before.logPsi[walker])
      #expect(after.laplacian[walker] == before.laplacian[walker])
    }
  }

  @Test(
    "walkers far outside, where the envelope underflows, have finite values and derivatives",
    arguments: [1, 2, 3, 6], [1, 2])
  func farOut(particles: Int, determinants: Int) throws {
    let ansatz = try DeterminantAnsatz.random(particles: particles, hidden: 8, determinants: determinants)
    // One particle at 50, or all of them around there.
    var one = (0..<particles).map { 0.5 * Double($0) - 1 }
    one[0] = 50
    let all = (0..<particles).map { 50 + 0.5 * Double($0) }
    // Six particles that far out all have the same saturated features: their determinant is lost in rounding, and by
    // minors it is 0.
    for x in particles < 6 ? [one, all, all.map { -$0 }] : [one] {
      let walkers = Walkers(x, particles: particles)
      let values = ansatz.evaluate(walkers)
      #expect(values.sign[0] != 0)
      #expect(values.logPsi[0].isFinite && values.logPsi[0] < -100)
      #expect(values.gradient.allSatisfy { $0.isFinite } && values.laplacian[0].isFinite)
      #expect(ansatz.evaluate(walkers, order: .value).logPsi[0] ≈ values.logPsi[0] ± 1e-6)
    }
  }

  @Test("in the tail derivatives are right", arguments: [1, 2])
  func tail(determinants: Int) throws {
    // Width √½: e^{-x²/2} is 1e-136 at x = 25. Further out the scalar modes, which divide by ψ², are no reference.
    let ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 5, determinants: determinants), seed: 1)
    for distance in [5.0, 15, 25] {
      let x = [distance, -0.3]
      let values = ansatz.evaluate(Walkers(x, particles: 2))
      let expected = ScalarDerivatives(ansatz, at: x)
      // ∂²ℓ is of order 1, made of terms of order x²: 1e-12 of those, times the condition.
      #expect(values.sign[0] == expected.sign)
      #expect(values.logPsi[0] ≈ expected.logPsi.within(relative: 1e-12))
      #expect(values.gradient ≈ expected.gradient.within(relative: 1e-9))
      #expect(values.laplacian[0] ≈ expected.laplacian ± (1e-9 * distance * distance))
    }
  }

  @Test("at an exact node: sign 0, ln|ψ| = -∞, one determinant or two", arguments: [1, 2], JetOrder.allCases)
  func node(determinants: Int, order: JetOrder) throws {
    // Orbitals without weights: M = 0.
    let ansatz = try DeterminantAnsatz.random(particles: 2, determinants: determinants).changing { group, p in
      if case .orbitals = group.role { p = p.map { _ in 0 } }
    }
    let values = ansatz.evaluate(.random(3, particles: 2), order: order)
    #expect(values.sign == [0, 0, 0])
    #expect(values.logPsi.allSatisfy { $0 == -.infinity })
  }

  @Test("close to a node the kinetic energy grows like 1/distance, as it must", arguments: [1e-2, 1e-4, 1e-6])
  func nearNode(distance: Double) throws {
    // ψ ~ x₁ - x₂ between the particles: ∂₁ℓ = 1/(x₁ - x₂) plus something bounded.
    let ansatz = try DeterminantAnsatz.random(particles: 2)
    let values = ansatz.evaluate(Walkers([0.4 + distance, 0.4], particles: 2), order: .gradient)
    // Rounding: 1e-16 in M is a relative error of 1e-16/distance in ψ.
    #expect(distance * values.gradient[0] ≈ 1 ± (20 * distance + 1e-13 / distance))
    #expect(distance * values.gradient[1] ≈ -1 ± (20 * distance + 1e-13 / distance))
  }

  // Measured: 7e-8, 7e-13 and 2e-9; four times that. Products with the inverse on the other side gave 6e-7 and 1e-11 of the
  // first two.
  @Test(
    "twelve and more fermions: the kinetic energy has the digits of long arithmetic", arguments: Golden.manyParticles)
  func manyParticles(name: String) throws {
    let golden = try Golden.load(name)
    let values = try golden.ansatz.evaluate(golden.walkers)
    #expect(values.sign == golden.sign)
    for (walker, expected) in golden.kinetic.enumerated() {
      let n = golden.particles
      let gradient = values.gradient[(walker * n)..<((walker + 1) * n)]
      let kinetic = -0.5 * (values.laplacian[walker] + gradient.reduce(0) { $0 + $1 * $1 })
      let tolerance = try #require(["crowded_a12": 3e-7, "trained_a12": 3e-12, "trained_a24": 1e-8][name])
      #expect(kinetic ≈ expected.within(relative: tolerance))
    }
  }

  // Orbitals B φ for a matrix B span the same space as φ, and their determinant is det B times that of φ. With B = 11ᵀ
  // + s they are alike but for s: the condition number κ of M grows by 6/s. Rounding the mixed weights alone moves ψ
  // by κ times 1e-16; an inverse multiplied from the wrong side costs κ² times that, which is everything at s = 1e-7.
  @Test("orbitals that are almost alike cost digits once, not twice", arguments: [1e-3, 1e-5, 1e-7])
  func alikeOrbitals(s: Double) throws {
    let particles = 6
    let plain = try DeterminantAnsatz.random(particles: particles, hidden: 16).changing { group, p in
      if case .envelope = group.role { p = p.map { _ in 0.7 } }
    }
    let alike = plain.changing { group, p in
      guard case .orbitals = group.role else { return }
      let width = group.layout.columns
      func mix(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0, +)
        return values.map { sum + s * $0 }
      }
      for column in 0..<width {
        let mixed = mix((0..<particles).map { p[$0 * width + column] })
        for row in 0..<particles { p[row * width + column] = mixed[row] }
      }
      let bias = particles * width
      p.replaceSubrange(bias..<(bias + particles), with: mix(Array(p[bias...].prefix(particles))))
    }
    let walkers = Walkers.random(64, particles: particles)
    let (expected, found) = (plain.evaluate(walkers), alike.evaluate(walkers))
    let typical = expected.laplacian.map(abs).sorted()[32]
    let errors = zip(expected.laplacian, found.laplacian).map { abs($0 - $1) / typical }.sorted()
    #expect(errors[32] < 1e-13 / s)
  }
}
