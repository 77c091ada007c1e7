import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// MINRES: the x in a growing Krylov space for which ‖b - (A + λ) x‖ is smallest, A symmetric, definite or not.
///
/// Lanczos turns A into a tridiagonal matrix, one column an iteration; a rotation an iteration keeps its QR
/// factorisation, and the solution follows by a recurrence of three terms. Residuals never rise, because each space
/// contains the last one; conjugate gradients promise that of the energy norm only, and only for a positive matrix.
///
/// With a preconditioner P (symmetric, positive, given by its inverse) it is the residual's P⁻¹ norm that falls.
///
/// - Source: Paige and Saunders, SIAM J. Numer. Anal. 12, 617 (1975).
public struct MinimumResidual: Sendable {
  /// Largest ‖r‖/‖b‖ at which to stop.
  public var tolerance: Double
  /// The most iterations; reaching it is no error.
  public var iterationLimit: Int
  /// In how many digits products are asked for: seven where the tolerance asks for no more, unless it is set.
  public var precision: ParameterDerivatives.Precision {
    get { chosenPrecision ?? .sufficient(for: tolerance) }
    set { chosenPrecision = newValue }
  }
  private var chosenPrecision: ParameterDerivatives.Precision?

  /// Limits as given; negative ones stop the program.
  public init(
    tolerance: Double = 1e-8, iterationLimit: Int = 50, precision: ParameterDerivatives.Precision? = nil
  ) {
    precondition(tolerance >= 0 && iterationLimit >= 0, "tolerance and iteration limit must not be negative")
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    chosenPrecision = precision
  }

  /// What came out, and why it stopped there.
  public struct Solution: Sendable {
    /// Why an iteration ended.
    public enum Stop: Sendable, Equatable {
      /// ‖r‖ ≤ tolerance · ‖b‖.
      case converged
      /// The limit came before the tolerance was met.
      case iterationLimit
      /// The Krylov space is exhausted: x is the best there is, of a singular system too.
      case exhausted
      /// A number that is not finite turned up; x is what there was before.
      case notFinite
    }
    /// The solution, shape of b.
    public let x: [Double]
    /// ‖b - (A + λ) x‖ after each iteration in the P⁻¹ norm, the first before any: never rises.
    public let residuals: [Double]
    /// ‖b - (A + λ) x‖ / ‖b‖ in the Euclidean norm, by recurrence: the true one up to rounding times the condition
    /// number of A + λ. Of b = 0 it is ‖(A + λ) x‖.
    public let relativeResidual: Double
    /// Columns of the tridiagonal matrix that went into x.
    public let iterations: Int
    /// Why the iteration ended.
    public let stop: Stop
  }

  /// (A + λ) x = b, for x of the least residual in the Krylov space.
  ///
  /// - Parameters:
  ///   - product: v ↦ A v, A symmetric, which is not checked.
  ///   - rightHandSide: b.
  ///   - shift: λ.
  ///   - guess: where to start; nil for 0. A bad guess costs iterations, a guess of the wrong sign twice the way.
  ///   - preconditioner: r ↦ P⁻¹ r, P symmetric and positive; nil for none.
  /// - Returns: what came out, converged or not: see `Solution.stop`.
  /// - Complexity: one product an iteration, one more for a guess; seven vectors.
  public func solve(
    _ product: ([Double]) -> [Double], rightHandSide b: [Double], shift: Double = 0, guess: [Double]? = nil,
    preconditioner: (([Double]) -> [Double])? = nil
  ) -> Solution {
    let precondition = preconditioner ?? { $0 }
    func shifted(_ v: [Double]) -> [Double] {
      var y = product(v)
      add(shift, v, to: &y)
      return y
    }
    /// √(rᵀP⁻¹r); what rounding makes negative is 0, what is not a number stays none.
    func length(_ r: [Double], _ z: [Double]) -> Double {
      let square = dot(r, z)
      return square < 0 ? 0 : square.squareRoot()
    }
    var x = guess ?? [Double](repeating: 0, count: b.count)
    var residual = b
    if guess != nil { add(-1, shifted(x), to: &residual) }
    let size = norm(b)
    let scale = size > 0 ? size : 1

    // Lanczos vectors: `old`, `new` before preconditioning, z = P⁻¹ new.
    var old = residual
    var new = residual
    var z = precondition(residual)
    var beta = length(new, z)
    var oldBeta = 0.0
    // The last two rotations, the last two search directions.
    var (cosine, sine) = (-1.0, 0.0)
    var (deltaBar, epsilon) = (0.0, 0.0)
    var phi = beta
    var w = [Double](repeating: 0, count: b.count)
    var lastW = w
    var residuals = [phi]
    var largest = 0.0
    var iterations = 0
    func finished(_ stop: Solution.Stop) -> Solution {
      Solution(
        x: x, residuals: residuals, relativeResidual: norm(residual) / scale, iterations: iterations, stop: stop)
    }
    guard size.isFinite, norm(residual).isFinite, beta.isFinite else { return finished(.notFinite) }
    if norm(residual) <= tolerance * size { return finished(.converged) }
    if beta == 0 { return finished(.exhausted) }

    while iterations < iterationLimit {
      // Lanczos: the next column of the tridiagonal matrix.
      var v = z
      Ch01LinearAlgebra.scale(&v, by: 1 / beta)
      var y = shifted(v)
      if iterations > 0 { add(-beta / oldBeta, old, to: &y) }
      let alpha = dot(v, y)
      add(-alpha / beta, new, to: &y)
      old = new
      new = y
      z = precondition(new)
      oldBeta = beta
      beta = length(new, z)

      // The rotation that makes the column's lower entry vanish.
      let oldEpsilon = epsilon
      let delta = cosine * deltaBar + sine * alpha
      let gammaBar = sine * deltaBar - cosine * alpha
      epsilon = sine * beta
      deltaBar = -cosine * beta
      // ‖A r‖ over ‖A‖ ‖r‖: where it vanishes, r is orthogonal to all that A can reach, and x is a least-squares
      // solution.
      largest = max(largest, abs(alpha) + beta)
      let gamma = (gammaBar * gammaBar + beta * beta).squareRoot()
      let reach = (gammaBar * gammaBar + deltaBar * deltaBar).squareRoot()
      guard gamma.isFinite else { return finished(.notFinite) }
      if gamma <= 1e-14 * largest || reach <= 1e-10 * largest { return finished(.exhausted) }
      cosine = gammaBar / gamma
      sine = beta / gamma

      // The solution, along a direction from three terms.
      let step = cosine * phi
      phi *= sine
      let next = v.indices.map { (v[$0] - oldEpsilon * lastW[$0] - delta * w[$0]) / gamma }
      lastW = w
      w = next
      add(step, w, to: &x)

      // r ← s² r - φ c v_next: the residual itself, without another product.
      Ch01LinearAlgebra.scale(&residual, by: sine * sine)
      if beta > 0 { add(-phi * cosine / beta, new, to: &residual) }
      residuals.append(phi)
      iterations += 1
      if norm(residual) <= tolerance * size { return finished(.converged) }
      if beta <= 1e-14 * largest { return finished(.exhausted) }
    }
    return finished(.iterationLimit)
  }
}

extension MinimumResidual: LinearSolver {
  /// `minresIterations`.
  public var diagnostic: Diagnostic? { .minresIterations }

  /// x of `solve`, and the iterations that it took.
  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    let solution = solve(
      system.product, rightHandSide: system.rightHandSide, shift: system.shift, guess: system.start,
      preconditioner: system.preconditioner)
    return (solution.x, solution.iterations)
  }
}

extension Diagnostic {
  /// The largest number of MINRES iterations of any block.
  public static let minresIterations = Diagnostic(
    "minres_iterations", symbol: "iterations", "iterations of MINRES, the most of any block")
}
