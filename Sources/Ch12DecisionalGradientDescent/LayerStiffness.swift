import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

extension ParameterMetric {
  /// D: how stiff each layer is, one entry a parameter: the damping of a step is λD.
  ///
  ///     D_p = 1 + median of G's diagonal over the layer of p
  ///
  /// Two orbitals that are almost the same make, but for a factor, the same ψ as two that are not. But ln|ψ| answers to their
  /// weights 1/κ times as strongly, where κ measures how far apart they are, and the metric's diagonal grows by 1/κ². A
  /// damping λ alone lets through whatever the present sample happens to say about such weights: strongly attracted
  /// fermions drift there in some runs and are lost. A damping that grows with the diagonal holds the step in ψ, whatever
  /// the weights are. It is Marquardt's scaling (SIAM J. Appl. Math. 11, 431 (1963)) with one number a layer, so that a
  /// single parameter without effect on this sample is damped as its neighbours are.
  ///
  /// The 1 is for the layers whose diagonal is small: without it the hidden layers follow the noise of the first samples.
  /// Relative errors of the energy with 2048 walkers: A = 2, V0 = -20, two seeds: 8e-1 and 5e-1 after 60 steps with D = 1,
  /// 1e-4 and 5e-4 after 50 with this D. A = 4, V0 = -20, one seed, after 50 steps: 7e-3 with D = 1, 5e-2 without the 1, 4e-4
  /// with this D. (The mean stood for the median in these.)
  ///
  /// The median, because a few weights of the orbital layer can hold most of its trace, and the mean damps all others as if
  /// they were as stiff. A = 6, V0 = 20, the same state after 150 steps: 40 more leave the energy 2.0e-3 off with the mean,
  /// 1.0e-3 with the median.
  public func layerStiffness(_ sample: inout Sample) -> [Double] {
    var units = diagonal(&sample)
    for block in sample.ansatz.shape.blocks {
      let median = units[block.range].sorted()[block.range.count / 2]
      for p in block.range { units[p] = 1 + median }
    }
    return units
  }
}
