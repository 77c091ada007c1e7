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
  var energy = Double.infinity
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
    let next = 0.5 * trap.frequency + SymmetricEigen(hamiltonian, vectors: false).values[0]
    move = abs(next - energy)
    energy = next
    reach *= 1.3
    spacing *= 0.85
    refinements += 1
  }
  return Reference(
    method: .relativeCoordinate, energy: energy, uncertainty: move, isConverged: move <= tolerance, dimension: points,
    iterations: refinements, densities: nil)
}
