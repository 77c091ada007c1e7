import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// Natural gradient with the whole metric in memory: δ = -η (A + λ)⁻¹ g by Cholesky, within a trust region.
///
/// For small networks, where it is what all approximations approximate. The step's length in the metric, √(δᵀ A δ), is
/// bounded: the quadratic model is good for a while, not for ever. The learning rate η is there because Fisher's metric has
/// no unit and g is an energy: -F⁻¹ g knows the direction, and is long by however many ħω a step should be divided by.
///
/// - Complexity: O(P²) memory, O(P³) time, P parameters.
public struct ExactNaturalGradient<Metric: ParameterMetric>: Optimizer {
  public let name: String
  public let metric: Metric
  /// λ, added to the diagonal.
  public var damping: Double
  /// The largest √(δᵀ A δ).
  public var radius: Double
  /// η; with Fisher's metric in 1/ħω.
  public var learningRate: Double

  public init(
    _ metric: Metric, name: String = "exact", damping: Double = 1e-3, radius: Double = 0.3, learningRate: Double = 1
  ) {
    precondition(damping > 0 && radius > 0 && learningRate > 0, "damping, radius and learning rate must be positive")
    self.metric = metric
    self.name = name
    self.damping = damping
    self.radius = radius
    self.learningRate = learningRate
  }

  public var order: JetOrder { metric.order }

  public mutating func update(_ sample: inout Sample) -> Update {
    var matrix = metric.matrix(&sample)
    let undamped = matrix
    for p in 0..<matrix.rows { matrix[p, p] += damping }
    // Rounding can leave a semidefinite matrix with a pivot below zero; then steepest descent is what remains.
    let solution = Cholesky(matrix)?.solve(sample.gradient) ?? sample.gradient
    var change = solution.map { -learningRate * $0 }
    // An indefinite metric's length is that of its damped form at least.
    let square = dot(change, undamped * change)
    let length = (square > 0 ? square : damping * dot(change, change)).squareRoot()
    let bound = length > radius ? radius / length : 1
    scale(&change, by: bound)
    var update = Update(change: change)
    update.diagnostics.lambda = damping
    update.diagnostics.alpha = bound * learningRate
    return update
  }
}
