import Ch01LinearAlgebra

/// What a reference calculation found: an energy, and how far it may be off.
public struct Reference: Sendable {
  /// How an energy was calculated; the raw value is its name on the command line.
  public enum Method: String, Sendable, CaseIterable {
    /// Two fermions by the equation of their distance; exact.
    case relativeCoordinate = "relative"
    /// The best single determinant; an upper bound of the exact energy.
    case hartreeFock = "hf"
    /// All determinants of some modes; an upper bound of the exact energy.
    case configurationInteraction = "ci"
    /// All determinants on the points of a grid; exact.
    case grid
  }

  /// How the energy was calculated.
  public var method: Method
  /// E, in ħω.
  public var energy: Double
  /// How far the last refinement of the method's own basis moved the energy, in ħω. It bounds no error of the method
  /// itself: Hartree-Fock is converged to 1e-10 and may be wrong by half the energy.
  public var uncertainty: Double
  /// Whether the uncertainty is below the tolerance that was asked for.
  public var isConverged: Bool
  /// Numbers in the last vector: grid points, orbitals' coefficients or sets of places.
  public var dimension: Int
  /// Iterations at the last refinement.
  public var iterations: Int
  /// Nil where not asked for, or where the method has none. On the grid of the last refinement.
  public var densities: Densities?
}

/// A calculation that cannot be done: the request was too large or does not apply.
public enum ReferenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The smallest useful calculation would need more memory than allowed; infinite where its terms cannot even be
  /// numbered.
  case tooLarge(method: Reference.Method, particles: Int, gibibytes: Double, limit: Double)
  /// The method is not for this system, or cannot resolve it; the reason in words.
  case notApplicable(method: Reference.Method, reason: String)

  /// One line for the user: what was asked, and what stands against it.
  public var description: String {
    switch self {
    case .tooLarge(let method, let particles, let gibibytes, let limit):
      guard gibibytes.isFinite else {
        return "method \(method.rawValue) for \(particles) particles has more terms than can be numbered, "
          + "whatever the memory"
      }
      let size = "\((gibibytes * 10).rounded() / 10) GiB"
      return "method \(method.rawValue) for \(particles) particles needs about \(size), the limit is \(limit) GiB"
    case .notApplicable(let method, let reason):
      return "method \(method.rawValue) does not apply: \(reason)"
    }
  }
}

/// Where the fermions of a state are.
///
///     n(x) = A ∫ |ψ(x, x₂ …)|²,     n(x, x') = A(A-1) ∫ |ψ(x, x', x₃ …)|²,     ρ(x, x') = A ∫ ψ(x, x₂ …) ψ(x', x₂ …)
///
/// on the points of a grid; inverse lengths, inverse squared lengths for the pair density.
public struct Densities: Sendable {
  /// A, the number of particles.
  public let particles: Int
  /// The points x_i of all three densities.
  public let grid: LineGrid
  /// n(x_i), [points], in inverse oscillator lengths; h Σ_i n(x_i) = A.
  public let oneBody: [Double]
  /// n(x_i, x_j), [points, points], in inverse squared oscillator lengths; h² Σ_ij n(x_i, x_j) = A(A-1).
  public let pair: Matrix
  /// ρ(x_i, x_j), [points, points], in inverse oscillator lengths; its diagonal is n(x_i).
  public let densityMatrix: Matrix

  /// √(⟨Σ_i x_i²⟩/A), in oscillator lengths.
  public var rmsRadius: Double {
    let squares = zip(grid.points, oneBody).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    return (squares * grid.spacing / Double(particles)).squareRoot()
  }

  /// n(x) between the points, in inverse oscillator lengths.
  ///
  /// The density varies twice as fast as the wavefunction, and the grid resolves the latter only; so it is ρ that is
  /// interpolated, in both of its arguments.
  /// - Complexity: O(points²).
  public func oneBody(at x: Double) -> Double {
    let weights = grid.interpolation(at: x)
    return dot(weights, densityMatrix * weights)
  }
}
