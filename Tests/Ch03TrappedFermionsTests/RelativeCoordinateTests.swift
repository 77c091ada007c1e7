import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.2 Two fermions, relative coordinate") struct RelativeCoordinateTests {
  @Test("without interaction two fermions have two quanta, whatever the range", arguments: [0.25, 0.5, 1])
  func free(range: Double) throws {
    let reference = try relativeCoordinate(TrappedFermions(particles: 2, strength: 0, range: range))
    #expect(reference.energy ≈ 2 ± 1e-10)
    #expect(reference.isConverged)
  }

  @Test("springs: one mode of frequency 1, one of √(1 + 2κ)", arguments: [-0.3, 0.5, 4])
  func springs(stiffness: Double) throws {
    let springs = Springs(stiffness: stiffness)
    let reference = try relativeCoordinate(TrappedFermions(particles: 2, interaction: springs))
    #expect(reference.energy ≈ springs.groundState(particles: 2) ± 1e-10)
  }

  @Test("a trap of frequency ω scales all energies by ω")
  func frequency() throws {
    // With lengths in 1/√ω, V0 and σ0 of the trap ω = 4 are those of ω = 1 times √ω and 1/√ω.
    let wide = try relativeCoordinate(TrappedFermions(particles: 2, strength: -10, range: 0.5))
    let interaction = GaussianInteraction(strength: -10 * 2, range: 0.25)
    let narrow = try relativeCoordinate(
      TrappedFermions(particles: 2, trap: HarmonicTrap(frequency: 4), interaction: interaction))
    #expect(narrow.energy ≈ 4 * wide.energy ± 1e-9)
  }

  @Test("a weak interaction costs its mean value, and a point-like one nothing")
  func perturbation() throws {
    let strength = 1e-4
    for range in [0.5, 0.1, 0.05] {
      let reference = try relativeCoordinate(TrappedFermions(particles: 2, strength: strength, range: range))
      // ∫ v(r) r² exp(-r²/2)/√(2π) dr, where 1/s² = 1/σ0² + 1.
      let s = range / (1 + range * range).squareRoot()
      let mean = strength * s * s * s / (range * (2 * Double.pi).squareRoot())
      // The next order is about V0².
      #expect(reference.energy - 2 ≈ mean ± (strength * strength))
    }
  }

  @Test("three fermions, or another trap, are refused")
  func refused() {
    #expect(throws: ReferenceError.self) { try relativeCoordinate(TrappedFermions(particles: 3, strength: 1)) }
    #expect(throws: ReferenceError.self) {
      try relativeCoordinate(
        TrappedFermions(particles: 2, trap: QuarticTrap(), interaction: GaussianInteraction(strength: 1)))
    }
  }
}
