import Ch00Lanes
import Ch01LinearAlgebra

/// Equally spaced points on a line, and the functions that live on them.
///
/// A function that holds no wavelength shorter than 2h is known from its values at spacing h, f(x) = Σ_i f(x_i) sinc((x - x_i)/h).
/// With these sinc functions as basis, coefficients are √h f(x_i), potentials are diagonal, and -½ d²/dx² is
///
///     t_ii = π²/(6h²),      t_ij = (-1)^(i-j) / (h² (i - j)²)
///
/// What is lost falls off exponentially in 1/h for smooth functions.
/// - Source: D. T. Colbert and W. H. Miller, J. Chem. Phys. 96, 1982 (1992).
public struct LineGrid: Sendable, Equatable {
  /// Position of the first point, in oscillator lengths.
  public let first: Double
  /// h > 0, in oscillator lengths.
  public let spacing: Double
  /// N, the number of points.
  public let count: Int

  /// The points anchor + k·h from the last at or below `lower` to the first at or above `upper`.
  ///
  /// A wider interval with the same anchor and spacing adds points and moves none, so that what changes is the box
  /// alone.
  /// - Precondition: lower < upper, spacing > 0, and fewer than 1e9 points.
  public init(from lower: Double, to upper: Double, spacing: Double, anchor: Double) {
    precondition(lower < upper && spacing > 0, "an interval [\(lower), \(upper)] with spacing \(spacing) holds no grid")
    let below = ((anchor - lower) / spacing - 1e-9).rounded(.up)
    let above = ((upper - anchor) / spacing - 1e-9).rounded(.up)
    precondition(below + above < 1e9, "a grid of \(below + above) points is no use here")
    self.spacing = spacing
    first = anchor - below * spacing
    count = Int(below + above) + 1
  }

  /// Position of the last point, in oscillator lengths.
  public var last: Double { first + spacing * Double(count - 1) }

  /// x_i = first + i h, shape [count], in oscillator lengths.
  public var points: [Double] { (0..<count).map { first + spacing * Double($0) } }

  /// t by the distance i - j of two points, [count].
  package var kineticByDistance: [Double] {
    (0..<count).map { distance in
      let n = Double(distance) * spacing
      if distance == 0 { return Double.pi * Double.pi / (6 * spacing * spacing) }
      return (distance % 2 == 0 ? 1 : -1) / (n * n)
    }
  }

  /// t_ij + u(x_i) δ_ij, [count × count], in ħω: the Hamiltonian of one particle in a trap.
  /// - Complexity: O(count²).
  public func hamiltonian(_ trap: any Potential) -> Matrix {
    let kinetic = kineticByDistance
    var matrix = Matrix(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count { matrix[i, j] = kinetic[abs(i - j)] }
      matrix[i, i] += trap(first + spacing * Double(i))
    }
    return matrix
  }

  /// sinc((x - x_i)/h) for all points, [count].
  ///
  /// Σ_i f(x_i)·interpolation(at: x)[i] is f(x) for every f that the grid resolves and that vanishes outside it.
  /// - Complexity: O(count), with one sine.
  public func interpolation(at x: Double) -> [Double] {
    let distance = (x - first) / spacing
    let nearest = distance.rounded()
    let fraction = distance - nearest
    // sin(π(d - i)) is ± sin(π·fraction): one sine for all points, and exact zeros on the grid.
    let sine = Double.sin(Double.pi * fraction)
    return (0..<count).map { i in
      let offset = distance - Double(i)
      if abs(offset) < 1e-9 { return 1 }
      let odd = (nearest - Double(i)).truncatingRemainder(dividingBy: 2) != 0
      return (odd ? -sine : sine) / (Double.pi * offset)
    }
  }
}
