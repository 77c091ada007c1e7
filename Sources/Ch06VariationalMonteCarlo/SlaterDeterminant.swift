import Ch00Lanes
import Ch01LinearAlgebra
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// A free fermions in any trap: det φ_j(x_i) of its lowest orbitals. In the harmonic trap it is chapter 5's `FreeFermions`,
/// which is a product and cheaper.
///
/// - Complexity: A² cubics and an elimination of A³ operations a walker.
public struct SlaterDeterminant: WaveFunction {
  /// φ_0 … φ_{A-1}.
  public let orbitals: TrapOrbitals

  /// The determinant of these orbitals.
  public init(_ orbitals: TrapOrbitals) { self.orbitals = orbitals }

  /// A, as many as there are orbitals.
  public var particles: Int { orbitals.count }

  /// Room for a row of orbitals, and for the matrix.
  public func makeWorkspace() -> (row: ContiguousArray<Lanes32>, matrix: ContiguousArray<Lanes32>) {
    let n = particles
    return (ContiguousArray(repeating: .zero, count: n), ContiguousArray(repeating: .zero, count: n * n))
  }

  /// sign ψ and ln|ψ| of the 32 walkers of one tile; -∞ where two particles meet, and where one is outside of the table.
  public func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout (row: ContiguousArray<Lanes32>, matrix: ContiguousArray<Lanes32>)
  ) {
    let n = particles
    for i in 0..<n {
      orbitals.evaluate(positions[start + i], into: &workspace.row)
      for j in 0..<n { workspace.matrix[i * n + j] = workspace.row[j] }
    }
    logDeterminants(&workspace.matrix, size: n, sign: &sign, logMagnitude: &logMagnitude)
  }
}
