import Ch00Lanes
import Ch01LinearAlgebra

/// Two fermions in the harmonic trap are two particles that do not know of each other: their centre and their distance.
///
/// With r = x₁ - x₂ and trap frequency ω the Hamiltonian is a sum. The centre of mass rests in ½ω, and the distance has
///
///     h = -∂²/∂r² + ω² r²/4 + v(r),      ψ(-r) = -ψ(r)
///
/// so E = ½ω + lowest odd level of h. Odd functions of r live on half a grid: the basis is (sinc_k - sinc_-k)/√2 at the
/// points r = k h, k = 1 … N, and the kinetic energy between them is 2 (t(k - l) - t(k + l)).
///
/// - Parameters:
///   - fermions: two of them, in a harmonic trap.
///   - tolerance: wanted change of the energy at the last refinement, in ħω; must be positive.
/// - Complexity: a few symmetric eigenproblems of 50 to 200 rows: milliseconds.
/// - Throws: `ReferenceError.notApplicable` unless there are two fermions in a ``HarmonicTrap``, and their interaction is
///   not too narrow for 1200 points.
public func relativeCoordinate(
  _ fermions: TrappedFermions, tolerance: Double = 1e-10
) throws(ReferenceError) -> Reference {
  let found = try relativeRefinement(fermions, states: 1, tolerance: tolerance)
  return Reference(
    method: .relativeCoordinate, energy: found.energies[0], uncertainty: found.move,
    isConverged: found.move <= tolerance, dimension: found.points, iterations: found.refinements, densities: nil)
}

/// The lowest levels of two fermions in the harmonic trap: ω(N + ½) of the centre of mass on top of each odd level of h.
///
///     let levels = try relativeLevels(TrappedFermions(particles: 2, strength: -10), states: 4)
///     // 0.5959, 1.5959, 2.5959, 3.2512
///
/// - Parameters:
///   - fermions: two of them, in a harmonic trap.
///   - states: how many levels, at least 1; another number stops the program.
///   - tolerance: wanted change of each level at the last refinement, in ħω; must be positive.
/// - Returns: the levels from the lowest, [states], in ħω; nil where they do not come to rest on 1200 points.
/// - Throws: as ``relativeCoordinate(_:tolerance:)``.
public func relativeLevels(
  _ fermions: TrappedFermions, states: Int, tolerance: Double = 1e-10
) throws(ReferenceError) -> [Double]? {
  precondition(states > 0, "at least one state is needed, got \(states)")
  let found = try relativeRefinement(fermions, states: states, tolerance: tolerance)
  guard found.move <= tolerance, let trap = fermions.trap as? HarmonicTrap else { return nil }
  let levels = found.energies.flatMap { energy in (0..<states).map { energy + Double($0) * trap.frequency } }
  return Array(levels.sorted().prefix(states))
}

/// ½ω + the lowest odd levels of h on finer and finer grids, until none of them moves by more than the tolerance.
private func relativeRefinement(
  _ fermions: TrappedFermions, states: Int, tolerance: Double
) throws(ReferenceError) -> (energies: [Double], move: Double, points: Int, refinements: Int) {
  precondition(tolerance > 0, "the tolerance must be positive, got \(tolerance)")
  guard fermions.particles == 2 else {
    throw .notApplicable(
      method: .relativeCoordinate, reason: "it is for 2 particles, not \(fermions.particles)")
  }
  guard let trap = fermions.trap as? HarmonicTrap else {
    throw .notApplicable(method: .relativeCoordinate, reason: "only a harmonic trap separates")
  }
  let scale = try TrapScale(fermions, for: .relativeCoordinate)
  var reach = 6 * scale.top
  var spacing = 0.5 * scale.coarsestSpacing
  var energies = [Double](repeating: .infinity, count: states)
  var move = Double.infinity
  var points = 0
  var refinements = 0
  while move > tolerance {
    // In the distance the trap is ω²r²/4: √2 times as wide as in a position.
    let width = 2.0.squareRoot() * scale.box(reach).upper
    points = Int((width / spacing).rounded(.up))
    if points > 1200 {
      // Without two energies nothing is known, not even roughly.
      guard refinements < 2 else { break }
      throw .notApplicable(
        method: .relativeCoordinate, reason: "\(points) points would be needed, it is made for 1200 at most")
    }
    let t = LineGrid(from: 0, to: Double(2 * points) * spacing, spacing: spacing, anchor: 0).kineticByDistance
    let hamiltonian = Matrix(rows: points, columns: points) { k, l in
      let r = Double(k + 1) * spacing
      let potential = 0.25 * trap.frequency * trap.frequency * r * r + fermions.interaction(r)
      return 2 * (t[abs(k - l)] - t[k + l + 2]) + (k == l ? potential : 0)
    }
    let values = SymmetricEigen(hamiltonian, vectors: false).values
    let next = (0..<states).map { $0 < points ? 0.5 * trap.frequency + values[$0] : .infinity }
    // A level that a coarse grid does not have is not at rest.
    move = zip(next, energies).reduce(0) { $1.0.isFinite ? max($0, abs($1.0 - $1.1)) : .infinity }
    energies = next
    reach *= 1.3
    spacing *= 0.85
    refinements += 1
  }
  return (energies, move, points, refinements)
}
