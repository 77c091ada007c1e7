import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// s_p = the mean of ā_k², where p multiplies the input ā_k of its layer (1 for a bias): what a step changes in the outputs of its
/// own layer.
///
///     Σ_p s_p δ_p² ≈ E‖δW ā‖²
///
/// with the inputs taken as uncorrelated. Structural damping (Martens and Sutskever, in Neural Networks: Tricks of the Trade, 2012)
/// holds back changes of hidden units rather than of weights; this is its diagonal, layer by layer. A thousandth is added, or
/// weights whose input is always 0 would not be damped at all.
public struct LayerOutputScale: DampingScale {
  /// Nothing to set.
  public init() {}

  public var order: JetOrder { .value }

  /// s, [parameterCount].
  ///
  /// - Complexity: the moments of one kind of Kronecker factors, two or three products with a metric.
  public func scale(_ sample: Sample) -> [Double] {
    var scale = [Double](repeating: 1, count: sample.ansatz.parameters.count)
    for (group, moment) in zip(sample.parameterGroups, sample.derivatives.moments(.expand)) {
      let layout = group.layout
      for row in 0..<layout.outputs {
        for column in 0..<layout.columns {
          scale[group.start + row * layout.columns + column] = 1e-3 + moment.activities[column, column]
        }
      }
    }
    return scale
  }
}
