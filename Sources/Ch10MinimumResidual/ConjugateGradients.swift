import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// Conjugate gradients: the x in a growing Krylov space for which ½ xᵀ(A + λ)x - bᵀx is least, A + λ symmetric and
/// positive.
///
/// For a direction that is the quadratic model itself: every iteration promises at least as much of the energy as the
/// last. MINRES brings down the residual instead, and takes indefinite matrices too; where A + λ turns out not to be
/// positive, this one stops at the x it has.
///
/// - Source: Hestenes and Stiefel, J. Res. Natl. Bur. Stand. 49, 409 (1952).
public struct ConjugateGradients: LinearSolver {
  /// Largest ‖r‖/‖b‖ at which to stop.
  public var tolerance: Double
  /// The most iterations; reaching it is no error.
  public var iterationLimit: Int
  /// ε: the iteration ends where its last k = max(10, i/10) steps have on the average brought less than ε of what all i have
  /// brought of the quadratic model's decrease (Martens, ICML 2010, has 5e-4); nil to go by the residual alone.
  public var progress: Double?
  /// In how many digits products are asked for: seven where the tolerance asks for no more, unless it is set.
  public var precision: ParameterDerivatives.Precision {
    get { chosenPrecision ?? .sufficient(for: tolerance) }
    set { chosenPrecision = newValue }
  }
  private var chosenPrecision: ParameterDerivatives.Precision?

  /// Limits as given; negative ones stop the program.
  public init(
    tolerance: Double = 1e-8, iterationLimit: Int = 50, progress: Double? = nil,
    precision: ParameterDerivatives.Precision? = nil
  ) {
    precondition(tolerance >= 0 && iterationLimit >= 0, "tolerance and iteration limit must not be negative")
    self.tolerance = tolerance
    self.iterationLimit = iterationLimit
    self.progress = progress
    chosenPrecision = precision
  }

  /// `conjugateGradientIterations`.
  public var diagnostic: Diagnostic? { .conjugateGradientIterations }

  /// x ≈ (A + λ)⁻¹ b, shape of b, and the iterations that it took; for an indefinite A + λ the x before that showed.
  ///
  /// - Complexity: one product an iteration, one more for a start; five vectors.
  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    let preconditioned = system.preconditioner ?? { $0 }
    let size = norm(system.rightHandSide)
    var (x, residual) = system.beginning
    var z = preconditioned(residual)
    var direction = z
    var square = dot(residual, z)
    var iterations = 0
    // The decrease of ½ xᵀ(A + λ)x - bᵀx from the start, after each iteration.
    var decreases = [0.0]
    while iterations < iterationLimit, norm(residual) > tolerance * size {
      let image = system.image(direction)
      let curvature = dot(direction, image)
      guard curvature > 0, square > 0, (square / curvature).isFinite else { break }
      // To the least value along the direction, then a direction conjugate to all before it.
      add(square / curvature, direction, to: &x)
      add(-square / curvature, image, to: &residual)
      z = preconditioned(residual)
      let next = dot(residual, z)
      scale(&direction, by: next / square)
      add(1, z, to: &direction)
      decreases.append(decreases[iterations] + 0.5 * square * square / curvature)
      square = next
      iterations += 1
      let window = max(10, iterations / 10)
      if let progress, iterations > window {
        let recent = decreases[iterations] - decreases[iterations - window]
        if recent < Double(window) * progress * decreases[iterations] { break }
      }
    }
    return (x, iterations)
  }
}

extension ParameterDerivatives.Precision {
  /// Seven digits for a relative residual of 1e-6 or more.
  static func sufficient(for tolerance: Double) -> Self { tolerance >= 1e-6 ? .single : .double }
}

extension Diagnostic {
  /// The largest number of iterations of conjugate gradients of any block.
  public static let conjugateGradientIterations = Diagnostic(
    "cg_iterations", symbol: "iterations", "iterations of conjugate gradients, the most of any block")
}
