import Ch01LinearAlgebra
import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.4 Configuration interaction") struct ConfigurationInteractionTests {
  @Test("two fermions at V0 = -20: 20 modes are 2 % above the exact energy")
  func farFromConverged() throws {
    let fermions = TrappedFermions(particles: 2, strength: -20)
    let reference = try configurationInteraction(fermions, settings: ModeSettings(modes: 20, tolerance: 1e-10))
    // From an independent calculation: a dense 190 × 190 matrix of integrals by the trapezoidal rule with 1401 points.
    #expect(reference.energy ≈ -2.425784593478 ± 1e-9)
    #expect(!reference.isConverged)
  }

  @Test("more modes, lower energy, never below the exact one", arguments: [-10.0, 10], 2...4)
  func monotone(strength: Double, particles: Int) throws {
    let fermions = TrappedFermions(particles: particles, strength: strength)
    var above = Double.infinity
    for modes in [particles, 6, 8, 11, 14] {
      let settings = ModeSettings(modes: modes, tolerance: 1e-9)
      let energy = try configurationInteraction(fermions, settings: settings).energy
      #expect(energy < above)
      above = energy
    }
    #expect(above > (try #require(ExactEnergy.known(fermions)).energy) - 1e-7)
  }

  @Test("dropping determinants of high energy raises the level")
  func energyTruncation() throws {
    let fermions = TrappedFermions(particles: 4, strength: 10)
    let all = try configurationInteraction(fermions, settings: ModeSettings(modes: 14))
    let low = try configurationInteraction(fermions, settings: ModeSettings(modes: 14, truncation: .energy))
    #expect(low.energy > all.energy)
    #expect(low.dimension < all.dimension)
    #expect(all.dimension == 1001)
  }

  @Test("springs: the closed form, from above", arguments: 2...4)
  func springs(particles: Int) throws {
    let springs = Springs(stiffness: 0.1)
    let fermions = TrappedFermions(particles: particles, interaction: springs)
    let reference = try configurationInteraction(fermions, settings: ModeSettings(modes: particles + 14))
    #expect(reference.energy > springs.groundState(particles: particles) - 1e-9)
    #expect(reference.energy ≈ springs.groundState(particles: particles) ± 1e-6)
  }

  @Test("the modes are the trap's own: x⁴ is solved by one determinant")
  func quartic() throws {
    let fermions = TrappedFermions(particles: 3, trap: QuarticTrap(), interaction: Springs(stiffness: 0))
    let levels = (0...2).map { shootingLevel($0, trap: QuarticTrap(), edge: 4.5, step: 0.002) }
    let reference = try configurationInteraction(fermions, settings: ModeSettings(modes: 5))
    #expect(reference.energy ≈ levels.reduce(0, +) ± 1e-8)
  }

  @Test("densities of the modes are those of the grid")
  func densities() throws {
    let fermions = TrappedFermions(particles: 3, strength: 10)
    let modes = try configurationInteraction(
      fermions, settings: ModeSettings(modes: 16, tolerance: 1e-9, wantsDensities: true))
    let grid = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-8, wantsDensities: true))
    let coarse = try #require(modes.densities)
    let fine = try #require(grid.densities)
    let h = coarse.grid.spacing
    #expect(coarse.oneBody.reduce(0, +) * h ≈ 3 ± 1e-10)
    #expect(coarse.pair.elements.reduce(0, +) * h * h ≈ 6 ± 1e-10)
    // The level is 2e-4 above the exact one, so the vector is off by about √(2e-4) in directions of high energy.
    #expect(coarse.rmsRadius ≈ fine.rmsRadius ± 1e-3)
    for x in [0, 0.4, 1, 1.7] { #expect(coarse.oneBody(at: x) ≈ fine.oneBody(at: x) ± 1e-2) }
  }

  @Test("one fermion needs no interaction, fewer modes than fermions are refused, too many too")
  func edges() throws {
    let one = try configurationInteraction(TrappedFermions(particles: 1, strength: 5), settings: ModeSettings(modes: 4))
    #expect(one.energy ≈ 0.5 ± 1e-10)
    #expect(throws: ReferenceError.self) {
      try configurationInteraction(TrappedFermions(particles: 4, strength: 5), settings: ModeSettings(modes: 3))
    }
    #expect(throws: ReferenceError.self) {
      try configurationInteraction(TrappedFermions(particles: 8, strength: 5), settings: ModeSettings(modes: 40))
    }
  }
}
