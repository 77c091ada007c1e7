/// The exact ground state energy of a system of the book.
public struct ExactEnergy: Sendable, Equatable, CustomStringConvertible {
  /// A, the number of particles.
  public let particles: Int
  /// V0, in ħω times an oscillator length.
  public let strength: Double
  /// σ0, in oscillator lengths.
  public let range: Double
  /// E, in ħω.
  public let energy: Double
  /// How far the last refinement of the grid moved it, in ħω.
  public let uncertainty: Double

  /// A row as it is; nothing is checked.
  public init(particles: Int, strength: Double, range: Double = 0.5, energy: Double, uncertainty: Double) {
    self.particles = particles
    self.strength = strength
    self.range = range
    self.energy = energy
    self.uncertainty = uncertainty
  }

  /// A line of the table `known`, as source text. The range is left out: it is that of the book.
  public var description: String {
    "ExactEnergy(particles: \(particles), strength: \(strength), energy: \(energy), uncertainty: \(uncertainty)),"
  }

  /// The energy of a system, where it is known without a calculation: in the table, without interaction, or for one
  /// particle. Nil elsewhere, and for potentials that are not the book's.
  public static func known(_ fermions: TrappedFermions) -> ExactEnergy? {
    guard let (strength, range) = fermions.standard else { return nil }
    let particles = fermions.particles
    if strength == 0 || particles == 1 {
      // The A lowest levels, Σ (n + ½).
      let energy = 0.5 * Double(particles) * Double(particles)
      return ExactEnergy(particles: particles, strength: strength, range: range, energy: energy, uncertainty: 0)
    }
    return table.first { $0.particles == particles && $0.strength == strength && $0.range == range }
  }

  /// Calculates the table anew: A = 2 … 7, V0 = -20, -10, 0, 10, 20, by grid diagonalisation.
  ///
  /// - Parameter threads: at least 1.
  /// - Parameter onEnergy: called with each line as it is ready.
  /// - Returns: 30 rows, by A and then by V0.
  /// - Throws: `ReferenceError.tooLarge` where a first grid needs more than 8 GiB.
  /// - Complexity: seconds up to A = 4, half an hour of processor time for six fermions and as much for seven, and 8 GiB.
  ///   Where that limit is met before the tolerance, a row says how far it came.
  public static func computeTable(
    threads: Int = 2, onEnergy: (ExactEnergy) -> Void = { _ in }
  ) throws(ReferenceError) -> [ExactEnergy] {
    var rows: [ExactEnergy] = []
    for (particles, tolerance) in [(2, 1e-10), (3, 1e-9), (4, 1e-8), (5, 1e-7), (6, 1e-6), (7, 1e-4)] {
      for strength in [-20.0, -10, 0, 10, 20] {
        let settings = GridSettings(tolerance: tolerance, threads: threads, memoryLimit: 8)
        let reference = try gridDiagonalisation(
          TrappedFermions(particles: particles, strength: strength), settings: settings)
        let row = ExactEnergy(
          particles: particles, strength: strength, energy: reference.energy, uncertainty: reference.uncertainty)
        onEnergy(row)
        rows.append(row)
      }
    }
    return rows
  }
}
