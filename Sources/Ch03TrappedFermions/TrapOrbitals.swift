import Ch00Lanes
import Ch01LinearAlgebra

/// The A lowest states of one particle in a trap, as functions that 32 walkers can ask for at once.
///
/// They are found on a grid, and tabulated on one of an eighth of its spacing, between whose points a cubic passes.
public struct TrapOrbitals: Sendable {
  /// e_0 ≤ e_1 ≤ …, in ħω, [orbitals].
  public let energies: [Double]
  /// ∫ x n(x) dx / A of the A fermions that fill them, in √(ħ/mω). A network's envelopes are about 0: where this is further away
  /// than a length or so, write the trap about another origin.
  public let center: Double
  /// How much larger the trap is than the one of the book: √(2 ⟨(x - center)²⟩ / A), where A free fermions of the book have
  /// ⟨x²⟩ = A/2. In √(ħ/mω).
  public let length: Double
  private let first: Double
  private let spacing: Double
  /// φ_k at the points of the table, [points][orbitals].
  private let table: [Double]

  /// The states that `fermions` would fill without interaction.
  ///
  /// - Throws: ``ReferenceError/notApplicable(method:reason:)`` where the trap does not hold that many.
  /// - Complexity: a few symmetric eigenproblems of 30 to 600 rows.
  public init(_ fermions: TrappedFermions) throws(ReferenceError) {
    let count = fermions.particles
    let free = TrappedFermions(particles: count, trap: fermions.trap, interaction: GaussianInteraction(strength: 0))
    // To a thousandth where the trap has a kink: ψ begins with them, and is improved.
    let basis = try ModeBasis(free, modes: count, accuracy: 1e-3)
    energies = basis.energies
    let grid = basis.grid
    // √h φ on the grid is Σ_i φ_i sinc; its sign is that of its outermost swing to the right.
    let fine = 8
    let points = (grid.count - 1) * fine + 1
    var table = [Double](repeating: 0, count: points * count)
    let norm = 1 / grid.spacing.squareRoot()
    for p in 0..<points {
      let weights = grid.interpolation(at: grid.first + Double(p) * grid.spacing / Double(fine))
      for k in 0..<count {
        var value = 0.0
        for i in weights.indices { value += weights[i] * basis.functions[k, i] }
        table[p * count + k] = norm * value
      }
    }
    for k in 0..<count {
      let sizes: [Double] = (0..<points).map { abs(table[$0 * count + k]) }
      let largest = sizes.max() ?? 0
      let outermost = sizes.lastIndex { $0 > 0.1 * largest } ?? 0
      guard table[outermost * count + k] < 0 else { continue }
      for p in 0..<points { table[p * count + k] = -table[p * count + k] }
    }
    var (sum, squares) = (0.0, 0.0)
    for (i, x) in grid.points.enumerated() {
      var density = 0.0
      for k in 0..<count { density += basis.functions[k, i] * basis.functions[k, i] }
      sum += x * density
      squares += x * x * density
    }
    center = sum / Double(count)
    length = (2 * (squares / Double(count) - center * center) / Double(count)).squareRoot()
    first = grid.first
    spacing = grid.spacing / Double(fine)
    self.table = table
  }

  /// Number of orbitals.
  public var count: Int { energies.count }

  /// φ_0(x) … φ_{A-1}(x) for 32 positions; zero outside of the table.
  ///
  /// - Parameters:
  ///   - x: positions.
  ///   - orbitals: overwritten; its length is that of `energies`.
  public func evaluate(_ x: Lanes32, into orbitals: inout ContiguousArray<Lanes32>) {
    precondition(orbitals.count == count, "\(count) orbitals, room for \(orbitals.count)")
    let points = table.count / count
    for walker in 0..<Lanes32.count {
      let place = (x[walker] - first) / spacing
      // Also where x is not a number.
      guard place >= 1, place < Double(points - 2) else {
        for k in 0..<count { orbitals[k][walker] = x[walker].isNaN ? .nan : 0 }
        continue
      }
      let p = Int(place)
      let t = place - Double(p)
      for k in 0..<count {
        let (a, b) = (table[(p - 1) * count + k], table[p * count + k])
        let (c, d) = (table[(p + 1) * count + k], table[(p + 2) * count + k])
        // Lagrange's cubic through four points.
        let left = -a * t * (t - 1) * (t - 2) / 6 + b * (t + 1) * (t - 1) * (t - 2) / 2
        orbitals[k][walker] = left - c * (t + 1) * t * (t - 2) / 2 + d * (t + 1) * t * (t - 1) / 6
      }
    }
  }
}
