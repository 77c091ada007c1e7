import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

extension ParameterMetric {
  /// D: the mean of the metric's diagonal over each layer's block, one entry a parameter. The units of the layer's parameters.
  ///
  ///     D_p = tr G_b / dim b        for all p in block b
  ///
  /// A layer's parameters have no natural size. Two orbitals that are almost the same make the same ψ as two that are not,
  /// once ψ is normalised; but there a change of the weights by ε changes ln|ψ| by ε/κ, where κ measures how far apart the
  /// two are. D grows by the same 1/κ², and a damping λD keeps the damped step the same in ψ, where a damping λ alone lets
  /// through whatever the present sample happens to say. It is Marquardt's scaling of the damping by the diagonal (SIAM J.
  /// Appl. Math. 11, 431 (1963)), with one number a layer instead of one a parameter: steadier, and never zero for a single
  /// parameter that has no effect on this sample.
  ///
  /// - Returns: positive numbers, shape [parameters]. A block without any curvature gets a rounding error's worth of the
  ///   largest; where all are without, D = 1.
  public func layerUnits(_ sample: inout Sample) -> [Double] {
    let diagonal = diagonal(&sample)
    let blocks = sample.ansatz.shape.blocks
    let means = blocks.map { $0.range.reduce(0) { $0 + diagonal[$1] } / Double($0.range.count) }
    let largest = means.max() ?? 0
    guard largest > 0 else { return diagonal.map { _ in 1 } }
    var units = diagonal
    for (block, mean) in zip(blocks, means) {
      for p in block.range { units[p] = max(mean, 1e-15 * largest) }
    }
    return units
  }
}
