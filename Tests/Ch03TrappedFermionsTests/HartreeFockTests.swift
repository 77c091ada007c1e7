import Ch01LinearAlgebra
import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.3 Hartree-Fock") struct HartreeFockTests {
  @Test("free fermions are a determinant: A²/2", arguments: 1...6)
  func free(particles: Int) throws {
    let reference = try hartreeFock(TrappedFermions(particles: particles, strength: 0))
    #expect(reference.energy ≈ 0.5 * Double(particles * particles) ± 1e-10)
  }

  @Test("one fermion does not feel itself, however strong the interaction", arguments: [-20.0, 20])
  func alone(strength: Double) throws {
    #expect(try hartreeFock(TrappedFermions(particles: 1, strength: strength)).energy ≈ 0.5 ± 1e-10)
  }

  @Test(
    "the best determinant lies above the exact energy, and below the one without self-consistency",
    arguments: [-20.0, 10], 2...6)
  func bounds(strength: Double, particles: Int) throws {
    let fermions = TrappedFermions(particles: particles, strength: strength)
    let reference = try hartreeFock(fermions)
    let exact = try #require(ExactEnergy.known(fermions)).energy
    let oneDeterminant = try configurationInteraction(fermions, settings: ModeSettings(modes: particles))
    #expect(reference.isConverged)
    #expect(reference.uncertainty <= 1e-10)
    #expect(reference.energy > exact + 1e-3)
    #expect(reference.energy < oneDeterminant.energy - 1e-3)
  }

  @Test("its own trap, its own interaction: two free fermions in x⁴")
  func quartic() throws {
    let fermions = TrappedFermions(particles: 2, trap: QuarticTrap(), interaction: Springs(stiffness: 0))
    let levels = (0...1).map { shootingLevel($0, trap: QuarticTrap(), edge: 4.5, step: 0.002) }
    // Numerov's error with this step is 1e-9.
    #expect(try hartreeFock(fermions).energy ≈ levels[0] + levels[1] ± 1e-8)
  }

  @Test("the determinant's densities count its fermions and pairs, and ρ is a projector")
  func densities() throws {
    let reference = try hartreeFock(TrappedFermions(particles: 3, strength: -10), wantsDensities: true)
    let densities = try #require(reference.densities)
    let h = densities.grid.spacing
    let rho = densities.densityMatrix
    #expect(h * densities.oneBody.reduce(0, +) ≈ 3 ± 1e-12)
    #expect(h * h * densities.pair.elements.reduce(0, +) ≈ 6 ± 1e-12)
    let squared = h * (rho * rho)
    #expect(Array(squared.elements) ≈ Array(rho.elements) ± 1e-12)
  }
}
