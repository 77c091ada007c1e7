import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// A free fermions in any trap: det φ_{n_j}(x_i) of the orbitals that they fill, usually the lowest. In the harmonic
/// trap the lowest are chapter 5's `FreeFermions`, which is a product and cheaper.
///
/// - Complexity: A times the orbitals (cubics in a trap of the reader's own), and an elimination of A³ operations a walker.
public struct SlaterDeterminant: WaveFunction {
  /// φ_0 … of the trap; nil for the oscillator's.
  public let orbitals: TrapOrbitals?
  /// n_0 < n_1 < …, which of them are filled, [particles].
  public let occupation: [Int]

  /// The determinant of all of these orbitals.
  public init(_ orbitals: TrapOrbitals) { self.init(occupation: Array(0..<orbitals.count), orbitals) }

  /// The determinant of some of a trap's orbitals, or of the oscillator's. One that a trap does not have stops the program
  /// at the first value.
  public init(occupation: [Int], _ orbitals: TrapOrbitals? = nil) {
    (self.occupation, self.orbitals) = (occupation, orbitals)
  }

  /// A, as many as there are filled orbitals.
  public var particles: Int { occupation.count }
  /// φ_0 … as many as are looked at for the filled ones.
  package var orbitalCount: Int { orbitals?.count ?? ((occupation.last ?? -1) + 1) }

  /// Room for a row of orbitals, and for the matrix.
  public func makeWorkspace() -> (row: ContiguousArray<Lanes32>, matrix: ContiguousArray<Lanes32>) {
    (
      ContiguousArray(repeating: .zero, count: orbitalCount),
      ContiguousArray(repeating: .zero, count: particles * particles)
    )
  }

  /// sign ψ and ln|ψ| of the 32 walkers of one tile; -∞ where two particles meet, and where one is outside of the table.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout (row: ContiguousArray<Lanes32>, matrix: ContiguousArray<Lanes32>)
  ) {
    for i in 0..<particles {
      fill(positions[start + i], &workspace.row)
      for (j, n) in occupation.enumerated() { workspace.matrix[i * particles + j] = workspace.row[n] }
    }
    logDeterminants(&workspace.matrix, size: particles, sign: &sign, logMagnitude: &logMagnitude)
  }

  /// φ_0(x) …, `orbitalCount` of them.
  package func fill(_ x: Lanes32, _ row: inout ContiguousArray<Lanes32>) {
    if let orbitals { orbitals.evaluate(x, into: &row) } else { oscillatorOrbitals(x, into: &row) }
  }
}
