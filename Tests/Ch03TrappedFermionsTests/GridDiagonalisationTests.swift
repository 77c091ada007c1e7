import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.5 Grid diagonalisation") struct GridDiagonalisationTests {
  @Test("free fermions: A²/2 at the default tolerance", arguments: 1...3)
  func free(particles: Int) throws {
    let reference = try gridDiagonalisation(TrappedFermions(particles: particles, strength: 0))
    #expect(reference.energy ≈ 0.5 * Double(particles * particles) ± 1e-9)
    #expect(reference.isConverged)
  }

  @Test("two fermions: the grid agrees with the relative coordinate", arguments: [-20.0, -10, 3, 10, 20])
  func relative(strength: Double) throws {
    let fermions = TrappedFermions(particles: 2, strength: strength)
    let grid = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-8))
    #expect(grid.energy ≈ (try relativeCoordinate(fermions).energy) ± 1e-8)
  }

  @Test(
    "three fermions: known values",
    arguments: [(-20.0, -7.5244718), (-10, 0.7147967), (10, 5.8780261), (20, 6.5148587)])
  func three(strength: Double, energy: Double) throws {
    let reference = try gridDiagonalisation(TrappedFermions(particles: 3, strength: strength))
    // The values have seven decimals, cut or rounded.
    #expect(reference.energy ≈ energy ± 1e-7)
    #expect(reference.uncertainty <= 1e-9)
  }

  @Test("the reported uncertainty bounds the error", arguments: [1e-3, 1e-5, 1e-7])
  func honest(tolerance: Double) throws {
    for (strength, particles) in [(-20.0, 2), (20, 2), (-20, 3), (20, 3)] {
      let fermions = TrappedFermions(particles: particles, strength: strength)
      let exact = try #require(ExactEnergy.known(fermions)).energy
      let reference = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: tolerance))
      #expect(abs(reference.energy - exact) <= reference.uncertainty)
      #expect(reference.uncertainty <= tolerance)
    }
  }

  @Test("springs: the closed form", arguments: [-0.2, 0.5, 5], 2...4)
  func springs(stiffness: Double, particles: Int) throws {
    let springs = Springs(stiffness: stiffness)
    let reference = try gridDiagonalisation(
      TrappedFermions(particles: particles, interaction: springs), settings: GridSettings(tolerance: 1e-6))
    #expect(reference.energy ≈ springs.groundState(particles: particles) ± 1e-6)
  }

  @Test("a trap of one's own: one, two and three free fermions in x⁴ fill its levels")
  func quartic() throws {
    let levels = (0...2).map { shootingLevel($0, trap: QuarticTrap(), edge: 4.5, step: 0.002) }
    for particles in 1...3 {
      let fermions = TrappedFermions(particles: particles, trap: QuarticTrap(), interaction: Springs(stiffness: 0))
      let reference = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-8))
      #expect(reference.energy ≈ levels[..<particles].reduce(0, +) ± 2e-8)
    }
  }

  @Test("a double well: repelling fermions sit one in each well")
  func doubleWell() throws {
    let well = DoubleWell(distance: 2, height: 4)
    let fermions = TrappedFermions(particles: 2, trap: well, interaction: GaussianInteraction(strength: 5))
    let reference = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-7, wantsDensities: true))
    let levels = (0...1).map { shootingLevel($0, trap: well, edge: 5, step: 0.002) }
    // They hardly meet, so the interaction costs little, but costs.
    #expect(reference.energy > levels[0] + levels[1])
    #expect(reference.energy < levels[0] + levels[1] + 0.1)
    let densities = try #require(reference.densities)
    #expect(densities.oneBody(at: 2) > 5 * densities.oneBody(at: 0))
  }

  @Test("the same bits on one, two and three threads")
  func threads() throws {
    let fermions = TrappedFermions(particles: 4, strength: -10)
    let energies = try [1, 2, 3].map {
      try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-4, threads: $0)).energy
    }
    #expect(energies[0] == energies[1] && energies[1] == energies[2])
  }

  @Test("an interaction of short range does not slip between the points", arguments: [0.2, 0.08])
  func shortRange(range: Double) throws {
    let fermions = TrappedFermions(particles: 2, strength: 3, range: range)
    let grid = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-6))
    #expect(grid.energy > 2.005)
    #expect(grid.energy ≈ (try relativeCoordinate(fermions).energy) ± 1e-6)
  }

  @Test("what cannot be done is said in one line")
  func refused() throws {
    let crowd = TrappedFermions(particles: 40, strength: 1)
    let crowded = #expect(throws: ReferenceError.self) { try gridDiagonalisation(crowd) }
    #expect(
      crowded?.description
        == "method grid for 40 particles has more terms than can be numbered, whatever the memory")
    let flat = TrappedFermions(particles: 2, trap: FlatTrap(), interaction: GaussianInteraction(strength: 1))
    let escaped = #expect(throws: ReferenceError.self) { try gridDiagonalisation(flat) }
    #expect(escaped?.description == "method grid does not apply: the trap does not hold 2 particles")
    #expect(throws: ReferenceError.self) { try hartreeFock(flat) }
  }

  @Test("a memory limit that is met on the way gives the last energy, marked as not converged")
  func memory() throws {
    let fermions = TrappedFermions(particles: 4, strength: -20)
    let settings = GridSettings(tolerance: 1e-9, memoryLimit: 0.01)
    let reference = try gridDiagonalisation(fermions, settings: settings)
    #expect(!reference.isConverged)
    #expect(reference.uncertainty > 1e-9)
    #expect(reference.energy ≈ (try #require(ExactEnergy.known(fermions)).energy) ± reference.uncertainty)
  }

  @Test("six fermions at V0 = ±20, to 1e-5", .enabled(if: slowTests), arguments: [-20.0, 20])
  func six(strength: Double) throws {
    let fermions = TrappedFermions(particles: 6, strength: strength)
    let reference = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-5))
    #expect(reference.isConverged)
    #expect(reference.energy ≈ (try #require(ExactEnergy.known(fermions)).energy) ± 1e-5)
  }
}
