import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// GMRES: the x in a growing Krylov space for which ‖b - (A + λ)x‖ is least, for any A.
///
/// MINRES without symmetry: every new vector is made orthogonal to all before it, and all of them are kept.
///
/// - Source: Saad and Schultz, SIAM J. Sci. Stat. Comput. 7, 856 (1986).
public struct GMRES: LinearSolver {
  /// Largest ‖r‖/‖b‖ at which to stop.
  public var tolerance: Double
  /// The most iterations; reaching it is no error.
  public var iterationLimit: Int

  /// Limits as given; a negative tolerance or no iteration stops the program.
  public init(tolerance: Double = 1e-8, iterationLimit: Int = 50) {
    precondition(tolerance >= 0 && iterationLimit > 0, "a tolerance and at least one iteration are needed")
    (self.tolerance, self.iterationLimit) = (tolerance, iterationLimit)
  }

  public var precision: ParameterDerivatives.Precision { .double }
  public var diagnostic: Diagnostic? { .gmresIterations }

  /// x, and the iterations that it took. A preconditioner is not asked.
  ///
  /// - Complexity: one product an iteration, one more for a start; k² inner products and k vectors for k iterations.
  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    var (x, residual) = system.beginning
    let (size, first) = (norm(system.rightHandSide), norm(residual))
    guard first > tolerance * size, first.isFinite else { return (x, 0) }
    scale(&residual, by: 1 / first)
    var basis = [residual]
    // H is upper Hessenberg; rotations make it a triangle R, and ‖r‖ the last entry of the rotated right side.
    var triangle: [[Double]] = []
    var rotations: [(c: Double, s: Double)] = []
    var right = [first]
    while triangle.count < iterationLimit, abs(right[triangle.count]) > tolerance * size {
      var next = system.image(basis[triangle.count])
      var column: [Double] = []
      for v in basis {
        let overlap = dot(v, next)
        column.append(overlap)
        add(-overlap, v, to: &next)
      }
      let length = norm(next)
      guard length.isFinite else { break }
      column.append(length)
      for (k, rotation) in rotations.enumerated() {
        let (p, q) = (column[k], column[k + 1])
        (column[k], column[k + 1]) = (rotation.c * p + rotation.s * q, rotation.c * q - rotation.s * p)
      }
      let k = triangle.count
      let hypotenuse = (column[k] * column[k] + column[k + 1] * column[k + 1]).squareRoot()
      guard hypotenuse > 0 else { break }
      let rotation = (c: column[k] / hypotenuse, s: column[k + 1] / hypotenuse)
      rotations.append(rotation)
      column[k] = hypotenuse
      triangle.append(Array(column[...k]))
      right.append(-rotation.s * right[k])
      right[k] *= rotation.c
      guard length > 1e-14 * hypotenuse else { break }
      scale(&next, by: 1 / length)
      basis.append(next)
    }
    var weights = Array(right[..<triangle.count])
    for row in weights.indices.reversed() {
      for column in (row + 1)..<max(weights.count, row + 1) { weights[row] -= triangle[column][row] * weights[column] }
      weights[row] /= triangle[row][row]
    }
    for (weight, v) in zip(weights, basis) { add(weight, v, to: &x) }
    return (x, triangle.count)
  }
}

extension Diagnostic {
  /// The largest number of iterations of GMRES of any block.
  public static let gmresIterations = Diagnostic(
    "gmres_iterations", symbol: "iterations", "iterations of GMRES, the most of any block")
}
