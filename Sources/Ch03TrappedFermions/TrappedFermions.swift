import Ch00Lanes

/// A spinless fermions on a line: the Hamiltonian that every chapter solves.
///
///     H = Σ_i [ -½ ∂²/∂x_i² + u(x_i) ] + Σ_{i<j} v(x_i - x_j)
///
/// with the harmonic trap u = ½x² and the Gaussian interaction v of strength V0 and range σ0, unless others are given.
/// Harmonic units: lengths in √(ħ/mω), energies in ħω.
///
///     let pair = TrappedFermions(particles: 2, strength: -20)
///     let own = TrappedFermions(particles: 3, trap: DoubleWell(), interaction: GaussianInteraction(strength: 5))
public struct TrappedFermions: Sendable {
  /// A, at least 1.
  public let particles: Int
  /// u(x), in ħω.
  public let trap: any Potential
  /// v(r), in ħω, even in r = x_i - x_j.
  public let interaction: any Potential
  /// How large the trap is, in √(ħ/mω): 1 for the harmonic trap of the book. See `Hamiltonian.length`.
  public let length: Double

  /// H with the harmonic trap and the Gaussian interaction: the system of the book.
  /// - Parameter particles: A ≥ 1; another number stops the program.
  /// - Parameter strength: V0, in ħω times an oscillator length; negative attracts.
  /// - Parameter range: σ0 > 0, in oscillator lengths.
  public init(particles: Int, strength: Double, range: Double = 0.5) {
    self.init(particles: particles, interaction: GaussianInteraction(strength: strength, range: range))
  }

  /// H with any trap and interaction; fewer than one particle, or a length that is not positive, stops the program.
  /// - Parameters:
  ///   - particles: A.
  ///   - trap: u(x).
  ///   - interaction: v(r).
  ///   - length: how large the trap is (``TrapOrbitals/length``); nil for 1/√ω of a harmonic trap, and 1 for another.
  public init(
    particles: Int, trap: any Potential = HarmonicTrap(), interaction: any Potential, length: Double? = nil
  ) {
    precondition(particles > 0, "at least one fermion is needed, got \(particles)")
    let natural = (trap as? HarmonicTrap).map { 1 / $0.frequency.squareRoot() } ?? 1
    self.length = length ?? natural
    precondition(self.length > 0, "a positive length is needed, got \(self.length)")
    self.particles = particles
    self.trap = trap
    self.interaction = interaction
  }

  /// The same H, told how large its trap is.
  ///
  /// For a trap of one's own: `three.with(length: try TrapOrbitals(three).length)`. The optimisers' bounds and the end of a
  /// run go by it, and networks and walks take it to begin with.
  public func with(length: Double) -> TrappedFermions {
    TrappedFermions(particles: particles, trap: trap, interaction: interaction, length: length)
  }

  /// V0 and σ0, in harmonic units, where this is the system of the book; nil where a potential is another one.
  public var standard: (strength: Double, range: Double)? {
    guard let trap = trap as? HarmonicTrap, trap.frequency == 1 else { return nil }
    guard let interaction = interaction as? GaussianInteraction else { return nil }
    return (interaction.strength, interaction.range)
  }

  /// Σ_i u(x_i) and Σ_{i<j} v(x_i - x_j) for one walker, in ħω.
  /// - Parameter positions: [particles], in oscillator lengths; another count stops the program.
  /// - Complexity: A(A - 1)/2 evaluations of the interaction.
  public func potentialEnergy(_ positions: [Double]) -> (trap: Double, interaction: Double) {
    precondition(positions.count == particles, "\(positions.count) positions for \(particles) particles")
    var energy = (trap: 0.0, interaction: 0.0)
    for i in positions.indices {
      energy.trap += trap(positions[i])
      for j in 0..<i { energy.interaction += interaction(positions[i] - positions[j]) }
    }
    return energy
  }

  /// Σ_i u(x_i) and Σ_{i<j} v(x_i - x_j) for 32 walkers at once, in ħω.
  /// - Parameter positions: an element a particle, [particles][32], in oscillator lengths; another count stops the
  ///   program.
  /// - Complexity: A(A - 1)/2 evaluations of the interaction in lanes; no allocation.
  public func potentialEnergy(_ positions: Span<Lanes32>) -> (trap: Lanes32, interaction: Lanes32) {
    precondition(positions.count == particles, "\(positions.count) positions for \(particles) particles")
    let pairs = particles * (particles - 1) / 2
    // Unsafe: memory on the stack, where an array would take an allocation a call (59 ns instead of 31 for 4 KB).
    // Elements below `particles` or below `pairs`, of which `capacity` is the larger number, are set before a span
    // looks at them.
    return withUnsafeTemporaryAllocation(of: Lanes32.self, capacity: max(particles, pairs)) { scratch in
      for i in 0..<particles { scratch.initializeElement(at: i, to: positions[i]) }
      let first = UnsafeMutableBufferPointer(rebasing: scratch[..<particles])
      var ones = first.mutableSpan
      trap.evaluate(&ones)
      var total = Lanes32.zero
      for i in ones.indices { total += ones[i] }

      var pair = 0
      for i in 0..<particles {
        let x = positions[i]
        for j in 0..<i {
          scratch.initializeElement(at: pair, to: x - positions[j])
          pair += 1
        }
      }
      let second = UnsafeMutableBufferPointer(rebasing: scratch[..<pairs])
      var twos = second.mutableSpan
      interaction.evaluate(&twos)
      var mutual = Lanes32.zero
      for k in twos.indices { mutual += twos[k] }
      return (total, mutual)
    }
  }
}
