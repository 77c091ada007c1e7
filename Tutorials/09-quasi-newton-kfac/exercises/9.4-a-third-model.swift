import AppendixText
import NeuralQuantumStates

// The page prints 2OK = 0.149 by way of M, and a first part of -0.046 for the same direction. Without the first part
// the curvature is 0.149 instead of 0.103, and the step 0.69 times as long. F's curvature is 0.046, and its step three
// times as long. These are the numbers of one state. Over four states the first ratio hardly changes; the second is
// smaller and its error bar large, as ΔFΔ differs from state to state. The model with M alone is positive whatever ψ
// is: shorter steps, and no saddles. Chapter 12 gives it a name.

/// Σ_i E[M_i M_iᵀ], the part of H_Q that is a sum of squares.
private struct SumOfSquares: ParameterMetric {
  var order: JetOrder { .gradient }
  func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    let m = sample.derivatives.mixedDerivatives(along: v)
    return sample.derivatives.mixedDerivatives(weighted: m.map { $0 / Double(sample.walkers.count) })
  }
}

extension Exercise {
  static let aThirdModel: Exercise = .init(9, 4, "the length of a step by three models") {
    var ratios: (squares: [Double], fisher: [Double]) = ([], [])
    for seed in 1...4 as ClosedRange<UInt64> {
      let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 16, seed: seed)
      var kfac = KFAC()
      kfac.damping = LevenbergMarquardt(lambda: 10)
      var run = VariationalMonteCarlo(pair, ansatz, walk, kfac.optimizer, sweeps: 10, threads: 2)
      for _ in 1...10 { _ = try run.advance() }
      let sample = Sample(pair, run.ansatz, at: run.walk.walkers, order: .laplacian, threads: 2)
      var kronecker = KroneckerDirection()
      let delta = kronecker.direction(sample, lambda: 1)
      let models: [any ParameterMetric] = [QuasiHessian(.mixedDerivatives), SumOfSquares(), FisherMetric()]
      let lengths = models.map {
        Rescaling(delta, previous: nil, gradient: sample.gradient, model: $0, lambda: 1e-3, sample).alpha
      }
      ratios.squares.append(lengths[1] / lengths[0])
      ratios.fisher.append(lengths[1] / lengths[2])
    }
    print("α by the sum of squares over α by H_Q: \(estimate(ratios.squares, 2)), predicted below 1 (page: 0.69)")
    print("α by the sum of squares over α by F: \(estimate(ratios.fisher, 2)), predicted below 1 (page: 0.31)")
  }
}
