import Ch00Lanes
import Ch03TrappedFermions

/// Σ_i H(x^i): K copies of a system side by side, which do not see each other.
///
/// A walker is K sets of A coordinates, X = (x¹ … x^K). The lowest energy of the copies is K times that of one of them; with a
/// wave function that is antisymmetric in the sets it is the sum of the K lowest levels, as it is for fermions that fill
/// orbitals.
///
///     let copies = CopiedHamiltonian(TrappedFermions(particles: 2, strength: -10), count: 4)
public struct CopiedHamiltonian: Hamiltonian {
  /// H, of one copy.
  public let single: any Hamiltonian
  /// K, at least 1.
  public let count: Int

  /// K copies; fewer than one stop the program.
  public init(_ single: any Hamiltonian, count: Int) {
    precondition(count > 0, "at least one copy is needed, got \(count)")
    self.single = single
    self.count = count
  }

  /// K A.
  public var particles: Int { count * single.particles }

  /// √K times that of one copy, in √(ħ/mω): then (KA)²/2d² with this length d, the unit of an optimiser's bounds, is K times
  /// that of one copy.
  public var length: Double { Double(count).squareRoot() * single.length }

  /// One-body and interaction energy, summed over the copies, in ħω.
  ///
  /// - Parameter positions: [sets · particles][32], set by set, in oscillator lengths; another count stops the program.
  public func potentialEnergy(_ positions: Span<Lanes32>) -> (trap: Lanes32, interaction: Lanes32) {
    precondition(positions.count == particles, "\(positions.count) positions for \(particles) particles")
    let n = single.particles
    var sum = (trap: Lanes32.zero, interaction: Lanes32.zero)
    for i in 0..<count {
      let energy = single.potentialEnergy(positions.extracting((i * n)..<((i + 1) * n)))
      sum.trap += energy.trap
      sum.interaction += energy.interaction
    }
    return sum
  }
}
