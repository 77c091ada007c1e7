import Ch00Lanes

/// H = -½ Σ_i ∂²/∂x_i² + V(X): particles of mass 1 on a line, with a potential that a walker's coordinates fix.
///
/// What variational Monte Carlo asks of a system is the potential: the kinetic energy follows from ψ. The trapped
/// fermions of this book are one; a few copies of them, side by side in one set of coordinates, are another. The
/// potential comes in two parts, since runs report both; a system that has but one returns zeros for the other.
public protocol Hamiltonian: Sendable {
  /// Coordinates of a walker, A ≥ 1.
  var particles: Int { get }

  /// The length ℓ in which the ground state of A particles without interaction is as wide as in the trap of the book, in
  /// √(ħ/mω); 1 if not written. A²/(2ℓ²) is their energy there, in ħω: what bounds of a step are measured in.
  var length: Double { get }

  /// One-body and interaction energy of the 32 walkers of a tile, in ħω.
  ///
  /// - Parameter positions: an element a particle, [particles][32], in oscillator lengths.
  /// - Returns: sums over the particles and over the pairs, walker by walker, in ħω.
  func potentialEnergy(_ positions: Span<Lanes32>) -> (trap: Lanes32, interaction: Lanes32)
}

extension Hamiltonian {
  /// 1: as in the trap of the book.
  public var length: Double { 1 }
}

extension TrappedFermions: Hamiltonian {}
