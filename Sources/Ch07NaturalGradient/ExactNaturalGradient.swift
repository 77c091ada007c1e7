import Ch01LinearAlgebra
import Ch06VariationalMonteCarlo

extension SecondOrder {
  /// Natural gradient with the whole metric in memory: δ = -η (A + λ)⁻¹ g by Cholesky, within a trust region.
  ///
  /// For small networks, where it is what all approximations approximate. The learning rate η is there because Fisher's
  /// metric has no unit and g is an energy: -F⁻¹ g knows the direction, and is long by however many ħω a step should be
  /// divided by.
  ///
  /// - Parameters:
  ///   - metric: A.
  ///   - damping: λ, added to the diagonal.
  ///   - radius: the largest √(δᵀ A δ).
  ///   - learningRate: η; with Fisher's metric in 1/ħω.
  /// - Complexity: O(P²) memory, O(P³) time, P parameters.
  public static func exact(
    _ metric: any ParameterMetric, damping: Double = 1e-3, radius: Double = 0.3, learningRate: Double = 1
  ) -> SecondOrder {
    SecondOrder(
      name: "exact", direction: MetricDirection(.whole(metric), solver: CholeskySolver()),
      damping: ConstantDamping(damping),
      length: MetricBound(radius * radius, in: metric, learningRate: LearningRate(learningRate)))
  }
}
