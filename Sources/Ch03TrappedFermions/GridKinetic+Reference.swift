import Ch01LinearAlgebra

/// The lowest level on one grid the plain way: all sets of points, and the kinetic energy by the tables of
/// ``SubsetProduct``.
///
/// This is the version to read first, and what tests hold ``GridKinetic`` and its mirror pairs against. It begins with a
/// vector without symmetry, so the level is the lowest of all.
/// - Complexity: O(N²) an iteration and rest, and tables of C(N, A-1)·N numbers.
package func gridGroundStateByTables(_ fermions: TrappedFermions, grid: LineGrid, tolerance: Double) -> Double {
  let sets = FermionSets(
    particles: fermions.particles, one: grid.points.map { fermions.trap($0) },
    two: (0..<grid.count).map { fermions.interaction(Double($0) * grid.spacing) })
  let t = grid.kineticByDistance
  let matrix = (0..<grid.count * grid.count).map { t[abs($0 / grid.count - $0 % grid.count)] }
  guard var kinetic = SubsetProduct(sets, order: 1, matrix: matrix) else { return .nan }
  var start = [Double](repeating: 0, count: sets.count + 1)
  for k in 1...sets.count { start[k] = 1 / (1 + Double(k % 7) + abs(sets.energies[k])) }
  return lanczosLowestLevel(start: start, tolerance: tolerance, iterationLimit: 4000, wantsVector: false) { x, y in
    kinetic.apply(x, &y, diagonal: sets.energies, threads: 1)
  }.value
}
