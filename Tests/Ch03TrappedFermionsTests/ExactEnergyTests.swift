import Ch03TrappedFermions
import TestSupport
import Testing

@Suite("3.7 The table of exact energies") struct ExactEnergyTests {
  @Test("30 systems stand in it, each once, each to its uncertainty")
  func complete() {
    #expect(ExactEnergy.table.count == 30)
    for particles in 2...7 {
      for strength in [-20.0, -10, 0, 10, 20] {
        let rows = ExactEnergy.table.filter { $0.particles == particles && $0.strength == strength }
        #expect(rows.count == 1)
        #expect(rows.allSatisfy { $0.uncertainty <= (particles < 7 ? 1e-5 : 1e-4) && $0.range == 0.5 })
      }
    }
  }

  @Test("free rows are A²/2, and stronger repulsion costs more")
  func order() throws {
    for particles in 2...7 {
      let rows = ExactEnergy.table.filter { $0.particles == particles }.sorted { $0.strength < $1.strength }
      #expect(rows.map(\.energy) == rows.map(\.energy).sorted())
      try #require(rows.count == 5)
      #expect(rows[2].energy ≈ 0.5 * Double(particles * particles) ± max(1e-9, rows[2].uncertainty))
    }
  }

  @Test("rows for two and three fermions are what the grid gives now", arguments: [2, 3])
  func reproduced(particles: Int) throws {
    for row in ExactEnergy.table where row.particles == particles {
      let fermions = TrappedFermions(particles: particles, strength: row.strength)
      let reference = try gridDiagonalisation(fermions, settings: GridSettings(tolerance: 1e-7))
      #expect(reference.energy ≈ row.energy ± 1e-7)
    }
  }

  @Test("rows for four fermions are what the grid gives now", .enabled(if: slowTests))
  func reproducedFour() throws {
    for row in ExactEnergy.table where row.particles == 4 {
      let reference = try gridDiagonalisation(TrappedFermions(particles: 4, strength: row.strength))
      #expect(reference.energy ≈ row.energy ± 1e-6)
    }
  }

  @Test("one fermion and free fermions are known without a table, other ranges and traps are not")
  func known() {
    #expect(ExactEnergy.known(TrappedFermions(particles: 1, strength: -20, range: 2))?.energy == 0.5)
    #expect(ExactEnergy.known(TrappedFermions(particles: 9, strength: 0))?.energy == 40.5)
    #expect(ExactEnergy.known(TrappedFermions(particles: 2, strength: -20, range: 0.4)) == nil)
    let own = TrappedFermions(particles: 2, trap: QuarticTrap(), interaction: GaussianInteraction(strength: -20))
    #expect(ExactEnergy.known(own) == nil)
  }
}
