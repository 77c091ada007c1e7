import Ch03TrappedFermions
import TestSupport
import Testing

/// A trap that is not even, whose levels are not known.
struct TiltedWell: Potential {
  func callAsFunction(_ x: Double) -> Double { 0.5 * x * x + 0.1 * x * x * x + 0.05 * x * x * x * x }
}

@Suite("3.8 Parity and excited levels") struct GridLevelsTests {
  /// The lowest levels on one grid that is symmetric about 0.
  func levels(_ particles: Int, strength: Double, points: Int, parity: Bool, states: Int = 4) throws -> [Double] {
    let fermions = TrappedFermions(particles: particles, strength: strength)
    let half = 0.35 * Double(points / 2)
    var settings = GridSettings(threads: 2)
    settings.usesParity = parity
    let grid = LineGrid(from: -half, to: half, spacing: 0.35, anchor: 0)
    let level = try #require(GridLevel(fermions, grid: grid, states: states, tolerance: 1e-13, settings: settings))
    return level.levels.map(\.result.value)
  }

  // Rounding of some hundred products, on a spectrum that reaches 200 ħω, leaves 1e-12.
  @Test(
    "mirror pairs give the even and odd levels that all sets give",
    arguments: [(1, 21), (2, 21), (3, 17), (4, 15), (5, 13)])
  func parity(particles: Int, points: Int) throws {
    for strength in [-10.0, 10] {
      let halves = try levels(particles, strength: strength, points: points, parity: true)
      let whole = try levels(particles, strength: strength, points: points, parity: false)
      #expect(halves ≈ whole ± 1e-11, "A = \(particles), V0 = \(strength)")
    }
  }

  @Test("one level is the lowest of several, with parity and without", arguments: 1...5)
  func ground(particles: Int) throws {
    for parity in [true, false] {
      let one = try levels(particles, strength: -5, points: 13, parity: parity, states: 1)
      let few = try levels(particles, strength: -5, points: 13, parity: parity, states: 2)
      #expect(one[0] ≈ few[0] ± 1e-11)
    }
  }

  @Test("the grid's operator is the one of the tables", arguments: 1...5)
  func reference(particles: Int) throws {
    let whole = try levels(particles, strength: 7, points: 13, parity: true, states: 1)[0]
    let tables = gridGroundStateByTables(
      TrappedFermions(particles: particles, strength: 7),
      grid: LineGrid(from: -2.1, to: 2.1, spacing: 0.35, anchor: 0), tolerance: 1e-13)
    #expect(whole ≈ tables ± 1e-11)
  }

  @Test("free fermions: all levels, equal ones as often as they occur")
  func free() throws {
    // Sums of A different levels n + ½, ascending.
    let expected: [[Double]] = [
      [0.5, 1.5, 2.5, 3.5], [2, 3, 4, 4, 5, 5, 6, 6, 6], [4.5, 5.5, 6.5, 6.5, 7.5, 7.5, 7.5],
    ]
    for (particles, energies) in zip(1..., expected) {
      let fermions = TrappedFermions(particles: particles, strength: 0)
      let found = try gridLevels(fermions, states: energies.count, settings: GridSettings(tolerance: 1e-7))
      #expect(found.isConverged)
      #expect(found.energies ≈ energies ± 1e-7)
    }
  }

  @Test("ten levels of one fermion need some hundred points") func ten() throws {
    let found = try gridLevels(TrappedFermions(particles: 1, strength: 0), states: 10)
    #expect(found.energies ≈ (0..<10).map { Double($0) + 0.5 } ± 1e-9)
    #expect(found.dimension < 100, "of one parity")
  }

  @Test("where ten digits are out of reach, refinement ends early and says so; fewer digits are found") func kink()
    throws
  {
    struct Wedge: Potential {
      func callAsFunction(_ x: Double) -> Double { abs(x) }
    }
    let wedge = TrappedFermions(particles: 1, trap: Wedge(), interaction: Springs(stiffness: 0))
    let ten = try gridLevels(wedge, states: 1, settings: GridSettings(memoryLimit: 0.1))
    #expect(!ten.isConverged && ten.dimension < 600)
    let four = try gridLevels(wedge, states: 1, settings: GridSettings(tolerance: 1e-4))
    // Ai has its first extremum at -1.018793; E_0 is minus that times 2^(-1/3).
    #expect(four.isConverged)
    #expect(four.energies[0] ≈ 0.8086165 ± 1e-4)
  }

  @Test("a barrier that the first grids miss is found: ten digits need a finer grid, not a coarser answer") func thin()
    throws
  {
    struct ThinBarrier: Potential {
      func callAsFunction(_ x: Double) -> Double { 0.5 * x * x + 50 * Double.exp(-50 * x * x) }
    }
    let found = try gridLevels(
      TrappedFermions(particles: 1, trap: ThinBarrier(), interaction: Springs(stiffness: 0)), states: 2)
    #expect(found.isConverged)
    let levels = (0...1).map { shootingLevel($0, trap: ThinBarrier(), edge: 6, step: 0.001) }
    // Numerov's error.
    #expect(found.energies ≈ levels ± 1e-7)
  }

  @Test("reflection changes the sign of every other state of one fermion, and of Σ x times the ground state")
  func parities() throws {
    let one = try gridLevels(TrappedFermions(particles: 1, strength: 0), states: 4)
    #expect(one.levels.map(\.parity) == [.even, .odd, .even, .odd])
    for particles in 1...4 {
      let ground = try gridLevels(
        TrappedFermions(particles: particles, strength: -3), states: 1, settings: GridSettings(tolerance: 1e-4))
      #expect(ground.levels[0].parity == .groundState(particles: particles))
    }
  }

  // The centre of mass moves in the trap as one particle, whatever the fermions do to each other.
  @Test("Kohn's theorem: one quantum above the ground state there is a level", arguments: [(2, -10.0), (3, 10)])
  func kohn(particles: Int, strength: Double) throws {
    let found = try gridLevels(
      TrappedFermions(particles: particles, strength: strength), states: 4, settings: GridSettings(tolerance: 1e-8))
    let nearest = found.energies.map { abs($0 - found.energies[0] - 1) }.min()
    // Two levels, each to its tolerance, and a margin.
    #expect(try #require(nearest) < 1e-7)
  }

  @Test("two fermions: quanta of the centre of mass on levels of the distance", arguments: [-10.0, 10])
  func relative(strength: Double) throws {
    let fermions = TrappedFermions(particles: 2, strength: strength)
    let found = try gridLevels(fermions, states: 6, settings: GridSettings(tolerance: 1e-8))
    // Odd levels of -d²/dr² + r²/4 + v(r), as twice those of one particle in half that potential.
    struct Distance: Potential {
      let interaction: any Potential
      func callAsFunction(_ r: Double) -> Double { 0.5 * (0.25 * r * r + interaction(r)) }
    }
    let distance = (0..<4).map {
      2
        * shootingLevel(
          2 * $0 + 1, trap: Distance(interaction: fermions.interaction), edge: 11, step: 0.005, lowest: -10)
    }
    let expected = distance.flatMap { e in (0..<6).map { e + 0.5 + Double($0) } }.sorted()
    // Numerov's error, h⁴.
    #expect(found.energies ≈ Array(expected[..<6]) ± 1e-7)
  }

  @Test("a trap that is not even: no parities, and the levels of one fermion")
  func tilted() throws {
    let fermions = TrappedFermions(particles: 1, trap: TiltedWell(), interaction: Springs(stiffness: 0))
    let found = try gridLevels(fermions, states: 3, settings: GridSettings(tolerance: 1e-8))
    #expect(found.levels.allSatisfy { $0.parity == nil })
    let levels = (0...2).map { shootingLevel($0, trap: TiltedWell(), edge: 5.5, step: 0.002) }
    #expect(found.energies ≈ levels ± 2e-8)
  }

  @Test("a trap that is not even: two free fermions, equal levels too", arguments: [0.0, 0.3])
  func tiltedPair(center: Double) throws {
    struct Shifted: Potential {
      let center: Double
      func callAsFunction(_ x: Double) -> Double { 0.5 * (x - center) * (x - center) }
    }
    let fermions = TrappedFermions(particles: 2, trap: Shifted(center: center), interaction: Springs(stiffness: 0))
    let found = try gridLevels(fermions, states: 6, settings: GridSettings(tolerance: 1e-7))
    #expect(found.energies ≈ [2, 3, 4, 4, 5, 5] ± 1e-7)
    #expect(found.levels.allSatisfy { ($0.parity == nil) == (center != 0) })
  }

  @Test("the same bits on eight threads as on one, every time", arguments: [3, 5])
  func race(particles: Int) throws {
    // Many short products. (Threads that write one number together are found for certain by the thread sanitizer:
    // swift build --sanitize=thread --product tutorial-03, and run it.)
    let fermions = TrappedFermions(particles: particles, strength: -10)
    let grid = LineGrid(from: -2.1, to: 2.1, spacing: 0.35, anchor: 0)
    for parity in [true, false] {
      let energies = try ([1] + [Int](repeating: 8, count: 5))
        .map { threads in
          var settings = GridSettings(threads: threads)
          settings.usesParity = parity
          let level = try #require(GridLevel(fermions, grid: grid, tolerance: 1e-12, settings: settings))
          return level.levels[0].result.value
        }
      #expect(Set(energies).count == 1)
    }
  }

  @Test("a forecast is within a factor of three of what is needed", arguments: [(-20.0, 1e-4), (10, 1e-6)])
  func forecast(strength: Double, tolerance: Double) throws {
    let fermions = TrappedFermions(particles: 4, strength: strength)
    let settings = GridSettings(tolerance: tolerance)
    let forecast = try gridForecast(fermions, settings: settings)
    let found = try gridLevels(fermions, states: 1, settings: settings)
    #expect((1.0 / 3...3).contains(forecast.dimension / Double(found.dimension)))
  }
}
