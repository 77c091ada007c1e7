import Ch01LinearAlgebra
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch09QuasiNewtonKFAC
import Ch12DecisionalGradientDescent

/// (|A| + λ)⁻¹ b, with |A| for A with the absolute values of its eigenvalues, in the Krylov space of b.
///
///     A V ≈ V T,     T = U diag(t) Uᵀ,     x = ‖b‖ V U (|t| + λ)⁻¹ Uᵀ e_1
///
/// V are k orthonormal vectors from Lanczos' recurrence, made orthogonal again at every step: without that, eigenvalues that were
/// found already would appear again. For a positive A and large k it is the solution of (A + λ)x = b. Where A bends down,
/// Newton's step goes uphill to the saddle, and this one downhill.
///
/// - Source: Pascanu, Dauphin, Ganguli, Bengio, arXiv:1405.4604.
public struct SaddleFreeSolver: LinearSolver {
  /// k, the most products.
  public var iterationLimit: Int

  /// At least one product; fewer stop the program.
  public init(iterationLimit: Int = 20) {
    precondition(iterationLimit > 0, "a Krylov space needs a vector")
    self.iterationLimit = iterationLimit
  }

  public var precision: ParameterDerivatives.Precision { .double }
  public var diagnostic: Diagnostic? { .lanczosIterations }

  /// x, and the products that it took. A start and a preconditioner have no place in it.
  ///
  /// - Complexity: k products, k vectors in memory, O(k²) scalar products.
  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    let size = norm(system.rightHandSide)
    guard size > 0, size.isFinite else { return (system.rightHandSide, 0) }
    var basis = [system.rightHandSide.map { $0 / size }]
    var (diagonal, beside): ([Double], [Double]) = ([], [])
    while true {
      let vector = basis[diagonal.count]
      var image = system.product(vector)
      diagonal.append(dot(vector, image))
      for _ in 0..<2 { for other in basis { add(-dot(other, image), other, to: &image) } }
      let length = norm(image)
      // What is left of a space that is closed is rounding.
      let largest = zip(diagonal, beside + [0]).reduce(0) { max($0, abs($1.0) + $1.1) }
      guard length > 1e-12 * largest, basis.count < min(iterationLimit, vector.count) else { break }
      beside.append(length)
      basis.append(image.map { $0 / length })
    }
    let eigen = symmetricTridiagonalEigen(diagonal: diagonal, offDiagonal: beside, vectors: true)
    var x = [Double](repeating: 0, count: system.rightHandSide.count)
    for (row, vector) in basis.enumerated() {
      let weight = eigen.values.indices.reduce(0) {
        $0 + eigen.vectors[row, $1] * eigen.vectors[0, $1] / (abs(eigen.values[$1]) + system.shift)
      }
      add(size * weight, vector, to: &x)
    }
    return (x, basis.count)
  }
}

extension Diagnostic {
  /// Products with the metric of Lanczos' recurrence.
  public static let lanczosIterations = Diagnostic(
    "lanczos_iterations", symbol: "iterations", "products in Lanczos' recurrence")
}

/// Saddle-free Newton: (|H_Q| + λ) δ = -g, no longer than the bound, taken back where the energy has risen.
///
/// H_Q is chapter 9's quasi-Hessian, which may bend down; the equation is solved in a Krylov space (`SaddleFreeSolver`).
///
/// - Source: Pascanu, Dauphin, Ganguli, Bengio, arXiv:1405.4604.
public struct SaddleFreeNewton: SecondOrderSettings {
  public static let name = "saddle-free"
  public static let title = "saddle-free Newton on the quasi-Hessian"
  public static let family = OptimizerFamily.hessian
  public static let defaultSteps = 200
  public static let hyperparameters = [
    Hyperparameter.lambda(\Self.lambda),
    .bound(\Self.bound),
  ]

  /// λ, in ħω.
  public var lambda = 0.1
  /// The largest δᵀGδ, in units of free fermions (`EnergyUnit.freeFermions`).
  public var bound = 0.1
  /// Twenty products.
  public var solver = SaddleFreeSolver()

  public init() {}

  public var optimizer: SecondOrder {
    .bounded(
      Self.name, MetricDirection(.whole(QuasiHessian(.mixedDerivatives)), solver: solver), lambda: lambda,
      bound: bound)
  }
}
