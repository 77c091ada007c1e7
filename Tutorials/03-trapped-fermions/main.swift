import AppendixText
import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch03TrappedFermions

// region: local
/// ψ = (x_1 - x_2) exp(-½ a (x_1² + x_2²))
func trial<S: DifferentiableScalar>(_ x: [S], narrowness a: Double) -> S {
  (x[0] - x[1]) * exp(S(-0.5 * a) * (x[0] * x[0] + x[1] * x[1]))
}
func localEnergy(_ fermions: TrappedFermions, _ x: [Double], narrowness a: Double) -> Double {
  let kinetic = -0.5 * laplacian(of: { trial($0, narrowness: a) }, at: x) / trial(x, narrowness: a)
  let potential = fermions.potentialEnergy(x)
  return kinetic + potential.trap + potential.interaction
}
// end

func localEnergies() {
  print("== scatter ==")
  // region: scatter
  let places = [[0.5, -0.3], [0.9, 0.2], [1.5, -1.0]]
  for (strength, a) in [(0.0, 1.0), (-20, 1), (-20, 2), (-20, 3)] {
    let pair = TrappedFermions(particles: 2, strength: strength)
    let energies = places.map { localEnergy(pair, $0, narrowness: a) }
    print("V0 = \(fixed(strength, 0)), a = \(fixed(a, 0)):", columns(energies, 4, width: 9))
  }
  // end
}

// region: distance
/// ½ (r²/4 + v(r)): what the distance of two fermions feels, for a Hamiltonian of -½ d²/dr² + potential.
struct Distance: Potential {
  let interaction: GaussianInteraction
  func callAsFunction(_ r: Double) -> Double { 0.5 * (0.25 * r * r + interaction(r)) }
}

func pairEnergy(strength: Double, spacing: Double) -> Double {
  let grid = LineGrid(from: -9, to: 9, spacing: spacing, anchor: 0)
  let hamiltonian = grid.hamiltonian(Distance(interaction: GaussianInteraction(strength: strength)))
  return 0.5 + 2 * SymmetricEigen(hamiltonian, vectors: false).values[1]
}
// end

func twoFermions() throws {
  print("== pair ==")
  // region: pair
  for strength in [-20.0, -10, 0, 10, 20] {
    let exact = try relativeCoordinate(TrappedFermions(particles: 2, strength: strength))
    let own = pairEnergy(strength: strength, spacing: 0.15)
    let apart = abs(own - exact.energy)
    print("V0 = \(fixed(strength, 0)): E = \(fixed(exact.energy, 7));", terminator: " ")
    print("pairEnergy is off by ≈ \(scientific(apart, 0)), below 1e-9: \(yesOrNo(apart < 1e-9))")
  }
  // end

  print("== spacing ==")
  // region: spacing
  let exact = try relativeCoordinate(TrappedFermions(particles: 2, strength: -20)).energy
  for spacing in [0.6, 0.5, 0.4, 0.3, 0.2] {
    print("h = \(spacing): error", scientific(pairEnergy(strength: -20, spacing: spacing) - exact, 0))
  }
  // end
}

func meanField() throws {
  print("== free ==")
  // region: free
  let free = try (2...5).map { try hartreeFock(TrappedFermions(particles: $0, strength: 0)).energy }
  print("A = 2 to 5:", columns(free, 6))
  // end

  print("== mean ==")
  // region: mean
  print("  V0   mean field    exact   too high by")
  for strength in [-20.0, -10, 10, 20] {
    let three = TrappedFermions(particles: 3, strength: strength)
    let mean = try hartreeFock(three).energy
    let exact = try gridDiagonalisation(three, settings: GridSettings(tolerance: 1e-6)).energy
    let share = 100 * (mean - exact) / abs(exact)
    print(columns([strength], 0), columns([mean, exact, mean - exact], 4, width: 10), columns([share], 1), "%")
  }
  // end
}

func modes() throws {
  print("== modes ==")
  // region: modes
  for modes in [10, 20, 30, 40] {
    let excess = try [-20.0, 20].map { strength in
      let pair = TrappedFermions(particles: 2, strength: strength)
      let mixed = try configurationInteraction(pair, settings: ModeSettings(modes: modes))
      return mixed.energy - (try relativeCoordinate(pair).energy)
    }
    print("\(modes) modes: \(scientific(excess[0], 0)) at V0 = -20, \(scientific(excess[1], 0)) at V0 = 20")
  }
  // end
}

func points() throws {
  print("== points ==")
  // region: points
  let three = TrappedFermions(particles: 3, strength: -20)
  var last = Double.nan
  let reference = try gridDiagonalisation(three, settings: GridSettings(tolerance: 1e-6)) { grid, energy in
    let move = scientific(abs(energy - last), 0)
    print("\(grid.count) points, h = \(fixed(grid.spacing, 3)): E = \(fixed(energy, 6)), moved by \(move)")
    last = energy
  }
  let uncertainty = reference.uncertainty
  print("\(reference.dimension) pairs of sets", terminator: ", ")
  print("uncertainty ≈ \(scientific(uncertainty, 0)), below 1e-6: \(yesOrNo(uncertainty < 1e-6))")
  // end
}

func densities() throws {
  print("== densities ==")
  // region: densities
  let three = [-20.0, 0, 20].map { TrappedFermions(particles: 3, strength: $0) }
  let settings = GridSettings(tolerance: 1e-6, wantsDensities: true)
  let exact = try three.map { try gridDiagonalisation($0, settings: settings).densities! }
  print("   x | V0 = -20              | V0 = 0                | V0 = 20               |")
  for k in -8...8 {
    let x = 0.4 * Double(k)
    let bars = exact.map { String(repeating: "#", count: Int((12 * $0.oneBody(at: x)).rounded())) }
    print(columns([x], 1, width: 4), bars.map { "| " + padded($0, 22) }.joined() + "|")
  }

  let mean = try three.map { try hartreeFock($0, wantsDensities: true).densities! }
  for (name, densities) in [("exact:     ", exact), ("mean field:", mean)] {
    print("root mean square radius,", name, columns(densities.map(\.rmsRadius), 3))
  }
  // end
}

// region: own
/// Two wells at x = ±2 with a barrier of height 4 between them.
struct DoubleWell: Potential {
  func callAsFunction(_ x: Double) -> Double { 0.25 * (x * x - 4) * (x * x - 4) }
}

/// q/√(r² + ¼): the energy of two charges, smoothed where they meet.
struct SoftCoulomb: Potential {
  var charge: Double
  func callAsFunction(_ r: Double) -> Double { charge / (r * r + 0.25).squareRoot() }
}
// end

func ownPotentials() throws {
  print("== own ==")
  // region: own-run
  /// |⟨x⟩|: how far from the barrier the fermions are on average.
  func offset(_ densities: Densities) -> Double {
    let moment = zip(densities.grid.points, densities.oneBody).reduce(0) { $0 + $1.0 * $1.1 }
    return abs(moment) * densities.grid.spacing / Double(densities.particles)
  }
  let pair = TrappedFermions(particles: 2, trap: DoubleWell(), interaction: SoftCoulomb(charge: -5))
  let mean = try hartreeFock(pair, wantsDensities: true)
  let modes = ModeSettings(modes: 30, tolerance: 1e-10, wantsDensities: true)
  let mixed = try configurationInteraction(pair, settings: modes)
  let exact = try gridDiagonalisation(pair, settings: GridSettings(wantsDensities: true))
  for reference in [mean, mixed, exact] {
    let name = padded(reference.method.rawValue, 4)
    print(name, "E = \(fixed(reference.energy, 5)), |⟨x⟩| = \(fixed(offset(reference.densities!), 2))")
  }
  do { _ = try relativeCoordinate(pair) } catch { print(error) }
  // end
}

func growth() throws {
  print("== growth ==")
  // region: growth
  for particles in 2...4 {
    let watch = Stopwatch()
    let reference = try gridDiagonalisation(
      TrappedFermions(particles: particles, strength: -20), settings: GridSettings(tolerance: 1e-5))
    print("A = \(particles): \(reference.dimension) pairs of sets, \(fixed(watch.milliseconds, 0)) ms")
  }

  print("with 39 points throughout:")
  var sets = 1.0
  for particles in 1...12 {
    sets *= Double(40 - particles) / Double(particles)
    guard particles % 2 == 0 else { continue }
    let (vector, matrix) = (8 * sets, 8 * sets * sets)
    print("A = \(particles): \(scientific(sets, 0)) sets, bytes:", terminator: " ")
    print("\(scientific(vector, 0)) for a vector, \(scientific(matrix, 0)) for a stored matrix")
  }

  do { _ = try gridDiagonalisation(TrappedFermions(particles: 14, strength: -20)) } catch { print(error) }
  // end
}

func tutorial() throws {
  localEnergies()
  try twoFermions()
  try meanField()
  try modes()
  try points()
  try densities()
  try ownPotentials()
  try growth()
}

try tutorial()
