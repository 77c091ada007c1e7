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
    /// Why an iteration ended. `solve` has checked with another product what the first two say.
    public enum Stop: Sendable, Equatable {
      /// ‖b - (A + λ) x‖ ≤ tolerance · ‖b‖.
      case converged
      /// x is the best there is, of a singular system too: for r = b - (A + λ) x it is ‖(A + λ) r‖ ≤ 1e-10 ‖A + λ‖ ‖r‖,
      /// with a preconditioner in its norm, and going on from there has not brought ‖r‖ down.
      case exhausted
      /// The limit came before the tolerance was met; `relativeResidual` is that of the recurrence.
      case iterationLimit
      /// Rounding keeps the residual above the tolerance: the recurrence has met it and the true residual has not, also
      /// after another start from there.
      case stagnated
      /// A number that is not finite turned up; x is what there was before.
      case notFinite
    }
    /// The solution, shape of b.
    public let x: [Double]
    /// ‖b - (A + λ) x‖ after each iteration in the P⁻¹ norm, the first before any: never rises, unless a check has found
    /// it larger than the recurrence did.
    public let residuals: [Double]
    /// ‖b - (A + λ) x‖ / ‖b‖ in the Euclidean norm: the true one where it was checked, else by recurrence, which is the
    /// true one up to rounding times the condition number of A + λ.
    public let relativeResidual: Double
    /// Products that went into x.
    public let iterations: Int
    /// Why the iteration ended.
    public let stop: Stop
  }

  /// (A + λ) x = b, for x of the least residual in the Krylov space.
  ///
  /// What rounding has taken from the recurrence, as behind a guess that is large against the solution, shows in the
  /// check; the iteration then starts again from there.
  ///
  /// - Parameters:
  ///   - product: v ↦ A v, A symmetric, which is not checked.
  ///   - b: the right-hand side; for b = 0 x is 0, whatever the guess.
  ///   - shift: λ.
  ///   - guess: where to start, as many numbers as b; nil for 0. A bad guess costs iterations, a guess of the wrong sign twice the way.
  ///   - preconditioner: r ↦ P⁻¹ r, P symmetric and positive; nil for none.
  /// - Returns: what came out, converged or not, x of the shape of b: see `Solution.stop`, which is `.notFinite` where b or a
  ///   product is not finite.
  /// - Complexity: one product an iteration, one more for a guess and one for a check; seven vectors.
  public func solve(
    _ product: @escaping ([Double]) -> [Double], rightHandSide b: [Double], shift: Double = 0, guess: [Double]? = nil,
    preconditioner: (([Double]) -> [Double])? = nil
  ) -> Solution {
    let largest = b.reduce(0) { $1.isNaN ? $1 : max($0, abs($1)) }
    if largest == 0 {
      return Solution(x: b.map { _ in 0 }, residuals: [0], relativeResidual: 0, iterations: 0, stop: .converged)
    }
    // Squares of numbers beyond 1e±154 are no numbers: the equation is scaled by a power of two, which is exact.
    guard largest.isFinite, !(1e-100...1e100).contains(largest) else {
      return iterate(
        LinearSystem(product, rightHandSide: b, shift: shift, start: guess, preconditioner: preconditioner),
        checks: true)
    }
    let unit = largest.binade
    let scaled = iterate(
      LinearSystem(
        product, rightHandSide: b.map { $0 / unit }, shift: shift, start: guess?.map { $0 / unit },
        preconditioner: preconditioner), checks: true)
    return Solution(
      x: scaled.x.map { $0 * unit }, residuals: scaled.residuals.map { $0 * unit },
      relativeResidual: scaled.relativeResidual, iterations: scaled.iterations, stop: scaled.stop)
  }

  /// Starts as often as checks ask for it.
  private func iterate(_ system: LinearSystem, checks: Bool) -> Solution {
    var iteration = Iteration(
      system, tolerance: tolerance, iterationLimit: iterationLimit, goesOnWhereLittleIsLeft: checks)
    var before = norm(iteration.residual)
    while true {
      let start = iteration.iterations
      let stop = iteration.run()
      guard checks, stop != .notFinite, iteration.iterations > start else { return iteration.solution(stop) }
      if let least = iteration.leastSquares {
        // Beyond this x only levels could help that are 1e-10 of the largest. Are there any, or was that rounding?
        let beyond = iteration.x
        iteration.measureResidual(of: least)
        let there = norm(iteration.residual)
        let isOutOfReach = iteration.residualIsOutOfReach
        iteration.measureResidual(of: beyond)
        if !(norm(iteration.residual) < 0.999 * there) {
          iteration.measureResidual(of: least)
          return iteration.solution(isOutOfReach ? .exhausted : .stagnated)
        }
      } else {
        guard stop != .iterationLimit else { return iteration.solution(stop) }
        iteration.measureResidual(of: iteration.x)
      }
      let now = norm(iteration.residual)
      if now <= tolerance * iteration.size { return iteration.solution(.converged) }
      if stop == .exhausted, iteration.residualIsOutOfReach { return iteration.solution(.exhausted) }
      if stop == .iterationLimit { return iteration.solution(stop) }
      guard now <= 0.5 * before else { return iteration.solution(.stagnated) }
      before = now
    }
  }
}

/// One solution as it grows.
private struct Iteration {
  let system: LinearSystem
  let precondition: ([Double]) -> [Double]
  let tolerance: Double
  let iterationLimit: Int
  /// ‖b‖.
  let size: Double
  var x: [Double]
  /// b - (A + λ) x.
  var residual: [Double]
  var residuals: [Double] = []
  var iterations = 0
  /// ‖A + λ‖ in the norm of P, from below.
  var largest = 0.0
  /// Whether a residual that A hardly reaches any more ends the iteration or is noted in `leastSquares`.
  let goesOnWhereLittleIsLeft: Bool
  /// x when that was so for the first time since the last start.
  var leastSquares: [Double]?

  init(_ system: LinearSystem, tolerance: Double, iterationLimit: Int, goesOnWhereLittleIsLeft: Bool) {
    self.goesOnWhereLittleIsLeft = goesOnWhereLittleIsLeft
    self.system = system
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    precondition = system.preconditioner ?? { $0 }
    size = norm(system.rightHandSide)
    (x, residual) = system.beginning
  }

  /// √(rᵀP⁻¹r); what rounding makes negative is 0, what is not a number stays none.
  func length(_ r: [Double], _ z: [Double]) -> Double {
    let square = dot(r, z)
    return square < 0 ? 0 : square.squareRoot()
  }

  /// Goes to another x, with the true residual.
  mutating func measureResidual(of x: [Double]) {
    (self.x, residual) = (x, system.residual(x))
  }

  /// Whether nothing that A + λ reaches would bring the residual down.
  var residualIsOutOfReach: Bool {
    let z = precondition(residual)
    let image = system.image(z)
    return length(image, precondition(image)) <= 1e-10 * largest * length(residual, z)
  }

  func solution(_ stop: MinimumResidual.Solution.Stop) -> MinimumResidual.Solution {
    .init(
      x: x, residuals: residuals, relativeResidual: norm(residual) / (size > 0 ? size : 1), iterations: iterations,
      stop: stop)
  }

  /// From the present x until the recurrence says that it is enough.
  mutating func run() -> MinimumResidual.Solution.Stop {
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
    var w = [Double](repeating: 0, count: x.count)
    var lastW = w
    var isFirst = true
    leastSquares = nil
    if residuals.isEmpty { residuals = [phi] } else { residuals[residuals.count - 1] = phi }
    guard size.isFinite, norm(residual).isFinite, beta.isFinite else { return .notFinite }
    if norm(residual) <= tolerance * size { return .converged }
    if beta == 0 { return .exhausted }

    while iterations < iterationLimit {
      // Lanczos: the next column of the tridiagonal matrix.
      var v = z
      scale(&v, by: 1 / beta)
      var y = system.image(v)
      if !isFirst { add(-beta / oldBeta, old, to: &y) }
      isFirst = false
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
      guard gamma.isFinite else { return .notFinite }
      if gamma <= 1e-14 * largest { return .exhausted }
      if reach <= 1e-10 * largest, leastSquares == nil {
        guard goesOnWhereLittleIsLeft, reach > 1e-13 * largest else { return .exhausted }
        leastSquares = x
      }
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
      scale(&residual, by: sine * sine)
      if beta > 0 { add(-phi * cosine / beta, new, to: &residual) }
      residuals.append(phi)
      iterations += 1
      if norm(residual) <= tolerance * size { return .converged }
      if beta <= 1e-14 * largest { return .exhausted }
    }
    return .iterationLimit
  }
}

extension MinimumResidual: LinearSolver {
  /// `minresIterations`.
  public var diagnostic: Diagnostic? { .minresIterations }

  /// x by recurrence, and the iterations that it took. Nothing is said of why it stopped, and so nothing is checked: a
  /// direction need not be the solution to the last digit.
  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    let solution = iterate(system, checks: false)
    return (solution.x, solution.iterations)
  }
}

extension Diagnostic {
  /// The largest number of MINRES iterations of any block.
  public static let minresIterations = Diagnostic(
    "minres_iterations", symbol: "iterations", "iterations of MINRES, the most of any block")
}
