import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// A solution of (A + λ)x = b in which what A does not see is divided by 1/γ instead of λ.
///
///     y = (A + λ)⁻¹ b,      x = y - λ (1 - γλ) (A + λ)⁻¹ y
///
/// In a mode where A is a the factor is (a + γλ²)/(a + λ)²: 1/a where a ≫ λ, and γ where a ≪ λ. γ = 1/λ is plain damping,
/// γ = 1 gradient descent in weak modes; 1/√λ lies between. It is for a b that has much of A's weak modes, or a part outside
/// of A's rows, as g may have beside G: λ alone would divide that by a small number. Beside F the energy gradient has no such
/// part, clipped or not, since both are made of the same O_c; there only what is weak is divided otherwise.
///
/// - Source: the optimiser of JaQMC (bytedance/jaqmc, src/jaqmc/optimizer/sr), in the form without walkers.
public struct RobustSolver: LinearSolver {
  /// What solves the two systems.
  public var solver: any LinearSolver
  /// γ; nil for 1/√λ. At most 1/λ and at least 1 are taken.
  public var gain: Double?

  /// Robust solutions by a solver of systems.
  public init(_ solver: any LinearSolver, gain: Double? = nil) { (self.solver, self.gain) = (solver, gain) }

  public var precision: ParameterDerivatives.Precision { solver.precision }
  public var diagnostic: Diagnostic? { solver.diagnostic }

  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    let lambda = system.shift
    let gain = min(max(self.gain ?? 1 / lambda.squareRoot(), min(1, 1 / lambda)), 1 / lambda)
    let first = solver.solution(of: system)
    let again = solver.solution(
      of: LinearSystem(
        system.product, rightHandSide: first.x, shift: lambda, preconditioner: system.preconditioner))
    let factor = lambda * (1 - gain * lambda)
    return (zip(first.x, again.x).map { $0 - factor * $1 }, max(first.iterations, again.iterations))
  }
}

/// Robust stochastic reconfiguration: natural gradient with weak modes divided by √λ instead of λ (`RobustSolver`).
public struct RobustSR: FisherFamilySettings {
  public static let name = "robust-sr"
  public static let title = "robust SR, weak modes divided by √λ"
  public static let defaultSteps = 400

  /// λ, η and the bound.
  public var family = FisherFamily(learningRate: 0.2)
  /// Conjugate gradients, twice a step.
  public var solver = ConjugateGradients(tolerance: 1e-3, iterationLimit: 100)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: MetricDirection(.whole(FisherMetric()), solver: RobustSolver(solver)),
      damping: ConstantDamping(family.lambda), length: family.length)
  }
}
