import Ch00Lanes
import Ch04DeterminantAnsatz

/// The ground state of A free fermions in the trap, a determinant that is a product:
///
///     det_ij φ_j(x_i) ∝ ∏_{i<j} (x_j - x_i) · exp(-Σ_i x_i²/2)
///
/// The orbital φ_j is a polynomial of degree j under e^{-x²/2}; rows may be combined until only x^j is left of it, and
/// Vandermonde's determinant remains. A sweep costs A²/2 multiplications a walker where a network costs ten thousand:
/// walkers that begin here begin near the ground state of any system that is not too different.
///
/// - Complexity: A (A - 1)/2 multiplications and a logarithm for every sixteen of them, at least A - 1.
public struct FreeFermions: WaveFunction {
  /// A, the number of particles.
  public let particles: Int

  /// The ground state of A free fermions; fewer than one stop the program.
  public init(particles: Int) {
    precondition(particles > 0, "at least one particle is needed, got \(particles)")
    self.particles = particles
  }

  /// No memory is needed.
  public func makeWorkspace() {}

  /// sign ψ and ln|ψ| of the 32 walkers of one tile, up to a constant of A; -∞ where two particles meet, with a sign of
  /// ±1.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Void
  ) {
    let one = Lanes32(repeating: 1)
    sign = one
    logMagnitude = .zero
    for j in 0..<particles {
      let x = positions[start + j]
      logMagnitude.addProduct(-0.5, x * x)
      // One logarithm for sixteen differences of a particle to those before it: the product of hundreds overflows.
      for first in stride(from: 0, to: j, by: 16) {
        var product = one
        for i in first..<min(first + 16, j) { product = product * (x - positions[start + i]) }
        sign = sign * product.map { Lanes(repeating: 1).withSign(of: $0) }
        logMagnitude = logMagnitude + product.map { Lanes.log($0.magnitude) }
      }
    }
  }
}
