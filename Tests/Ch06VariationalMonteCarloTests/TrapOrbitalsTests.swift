import Ch00Lanes
import Ch03TrappedFermions
import Ch04DeterminantAnsatz
import Ch05MetropolisSampling
import Ch06VariationalMonteCarlo
import TestSupport
import Testing

@Suite("6.14 A trap of one's own") struct TrapOrbitalsTests {
  // Tolerance: the cubic between points of an eighth of the grid's spacing.
  @Test("in the harmonic trap they are the oscillator's orbitals, but for their signs")
  func oscillator() throws {
    let orbitals = try TrapOrbitals(TrappedFermions(particles: 4, strength: 0))
    #expect(orbitals.energies ≈ [0.5, 1.5, 2.5, 3.5] ± 1e-9)
    #expect(orbitals.center ≈ 0 ± 1e-9)
    #expect(orbitals.length ≈ 1 ± 1e-9)
    var x = Lanes32.zero
    for w in 0..<32 { x[w] = 0.2 * Double(w) - 3.1 }
    var (found, expected) = (
      ContiguousArray(repeating: Lanes32.zero, count: 4), ContiguousArray(repeating: Lanes32.zero, count: 4)
    )
    orbitals.evaluate(x, into: &found)
    oscillatorOrbitals(x, into: &expected)
    for k in 0..<4 { #expect(found[k].array ≈ expected[k].array ± 1e-4) }
  }

  @Test("a trap of frequency ω is 1/√ω long", arguments: [0.25, 4, 100])
  func length(frequency: Double) throws {
    struct Stiff: Potential {
      let frequency: Double
      func callAsFunction(_ x: Double) -> Double { 0.5 * frequency * frequency * x * x }
    }
    let system = TrappedFermions(
      particles: 3, trap: Stiff(frequency: frequency), interaction: GaussianInteraction(strength: 0))
    #expect(try TrapOrbitals(system).length ≈ 1 / frequency.squareRoot() ± 1e-8)
    #expect(
      TrappedFermions(particles: 3, trap: HarmonicTrap(frequency: 4), interaction: system.interaction).length == 0.5)
  }

  @Test("their determinant is that of free fermions: ln|ψ| differs by a constant")
  func determinant() throws {
    let orbitals = try TrapOrbitals(TrappedFermions(particles: 3, strength: 0))
    let (slater, product) = (SlaterDeterminant(orbitals), Ch05MetropolisSampling.FreeFermions(particles: 3))
    let positions = ContiguousArray(
      (0..<3).map { i -> Lanes32 in
        var x = Lanes32.zero
        for w in 0..<32 { x[w] = 0.7 * Double(i) - 1.1 + 0.02 * Double(w) }
        return x
      })
    var (sign, logarithm) = (Lanes32.zero, Lanes32.zero)
    var workspace = slater.makeWorkspace()
    slater.logPsi(positions, at: 0, sign: &sign, logMagnitude: &logarithm, workspace: &workspace)
    var (otherSign, other) = (Lanes32.zero, Lanes32.zero)
    var none: Void = ()
    product.logPsi(positions, at: 0, sign: &otherSign, logMagnitude: &other, workspace: &none)
    let differences = (logarithm - other).array
    #expect(differences ≈ [Double](repeating: differences[0], count: 32) ± 1e-3)
  }

  @Test("a network that is stretched with its trap is the same network")
  func stretched() throws {
    let shape = try AnsatzShape(particles: 2, hidden: 8)
    let (plain, wide) = (DeterminantAnsatz(shape, seed: 3), DeterminantAnsatz(shape, seed: 3, length: 4))
    let x = [0.3, -0.8, 1.1, 0.2]
    let one = plain.evaluate(Walkers(x, particles: 2))
    let four = wide.evaluate(Walkers(x.map { 4 * $0 }, particles: 2))
    #expect(four.logPsi ≈ one.logPsi ± 1e-12)
  }
}
