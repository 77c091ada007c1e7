import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// Natural gradient with the whole metric in memory: (A + λ) δ = -g by Cholesky, within a trust region.
///
/// For small networks, where it is what all approximations approximate. The step's length in the metric, √(δᵀ A δ), is
/// bounded: the quadratic model is good for a while, not for ever.
///
/// - Complexity: O(P²) memory, O(P³) time, P parameters.
public struct ExactNaturalGradient<Metric: ParameterMetric>: Optimizer {
  public let name: String
  public let metric: Metric
  /// λ, added to the diagonal.
  public var damping: Double
  /// The largest √(δᵀ A δ).
  public var radius: Double

  public init(_ metric: Metric, name: String = "exact", damping: Double = 1e-3, radius: Double = 0.3) {
    precondition(damping > 0 && radius > 0, "damping and radius must be positive")
    self.metric = metric
    self.name = name
    self.damping = damping
    self.radius = radius
  }

  public var order: JetOrder { metric.order }

  public mutating func update(_ sample: inout Sample) -> Update {
    var matrix = metric.matrix(&sample)
    let undamped = matrix
    for p in 0..<matrix.rows { matrix[p, p] += damping }
    // Rounding can leave a semidefinite matrix with a pivot below zero; then steepest descent is what remains.
    let solution = Cholesky(matrix)?.solve(sample.gradient) ?? sample.gradient
    var change = solution.map { -$0 }
    // An indefinite metric's length is that of its damped form at least.
    let square = dot(change, undamped * change)
    let length = (square > 0 ? square : damping * dot(change, change)).squareRoot()
    let alpha = length > radius ? radius / length : 1
    scale(&change, by: alpha)
    var update = Update(change: change)
    update.diagnostics.lambda = damping
    update.diagnostics.alpha = alpha
    return update
  }
}
