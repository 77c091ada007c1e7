import Ch00Lanes
import Ch01LinearAlgebra

/// Hartree-Fock: the best single determinant, each fermion in the mean field of the others.
///
/// Strong coupling has several self-consistent states, and the lowest need not share the trap's symmetry: fermions that
/// repel line up, fermions that attract gather at one side. So the field is iterated from several starts on a coarse
/// grid, and the lowest result is carried to finer and wider grids until the energy stands still.
///
///     let reference = try hartreeFock(TrappedFermions(particles: 4, strength: 10))
///
/// An upper bound of the exact energy, within `tolerance`.
///
/// - Parameters:
///   - fermions: the Hamiltonian.
///   - tolerance: wanted change of the energy at the last refinement, in ħω; must be positive.
///   - wantsDensities: one-body and pair densities and the density matrix of the determinant.
/// - Complexity: a symmetric eigenproblem of 50 to 200 rows an iteration, some hundreds of them: up to a few seconds.
/// - Throws: `ReferenceError.notApplicable` where the trap does not hold the particles, or the interaction is too narrow for
///   some hundred points.
public func hartreeFock(
  _ fermions: TrappedFermions, tolerance: Double = 1e-10, wantsDensities: Bool = false
) throws(ReferenceError) -> Reference {
  precondition(tolerance > 0, "the tolerance must be positive, got \(tolerance)")
  let scale = try TrapScale(fermions, for: .hartreeFock)
  // A coarse grid that is right to some per cent: the ends at three times the free fermions' energy.
  var reach = 3 * scale.top + 6
  var spacing = 0.6 * scale.coarsestSpacing
  let coarse = scale.grid(reach: reach, spacing: spacing)
  // Two refinements, at least, have to fit the 400 points at which it ends.
  guard coarse.count >= fermions.particles, coarse.count <= 250 else {
    throw .notApplicable(
      method: .hartreeFock, reason: "it would begin with \(coarse.count) points, it is made for 250 at most")
  }
  var field = MeanField(fermions, grid: coarse)

  // Several starts: even, tilted, squeezed, and lined up with two spacings.
  let edge = scale.box(scale.top)
  let width = edge.upper - edge.lower
  let middle = 0.5 * (edge.upper + edge.lower)
  let waves = Double(fermions.particles) * 2 * Double.pi / width
  let phase = fermions.particles % 2 == 0 ? 0 : Double.pi
  let starts: [(Double) -> Double] = [
    { _ in 0 },
    { x in 4 * scale.top * (x - middle) / width },
    { x in 40 * scale.top * (x - middle) * (x - middle) / (width * width) },
    { x in scale.top * (Double.cos(waves * (x - middle) + phase)) },
    { x in scale.top * (Double.cos(0.75 * waves * (x - middle) + phase) + (x - middle) / width) },
  ]
  var best = field.solve(from: field.orbitals(trapWith: starts[0]), tolerance: 1e-6, iterationLimit: 200)
  for start in starts.dropFirst() {
    let other = field.solve(from: field.orbitals(trapWith: start), tolerance: 1e-6, iterationLimit: 200)
    if other.energy < best.energy - 1e-6 { best = other }
  }

  // Refine spacing and box together; the box must outgrow the spacing, or the number of points would stand still.
  var move = Double.infinity
  best.energy = .infinity
  while move > tolerance {
    reach *= 1.2
    spacing *= 0.88
    let grid = scale.grid(reach: reach, spacing: spacing)
    if grid.count > 400 { break }
    let finer = MeanField(fermions, grid: grid)
    let next = finer.solve(
      from: finer.carried(best.orbitals, from: field.grid), tolerance: 0.01 * tolerance, iterationLimit: 2000)
    move = abs(next.energy - best.energy) + next.gradient
    best = next
    field = finer
  }
  return Reference(
    method: .hartreeFock, energy: best.energy, uncertainty: move, isConverged: move <= tolerance,
    dimension: field.grid.count * fermions.particles, iterations: best.iterations,
    densities: wantsDensities ? field.densities(best.orbitals) : nil)
}
