import AppendixText
import NeuralQuantumStates

// Along a direction Δ the model gᵀδ + ½ δᵀ(F + λ)δ is least at α = -gᵀΔ/(ΔᵀFΔ + λΔᵀΔ). A quarter of F makes α four
// times as large where λ is small, and does not matter where λ outweighs F. A large λ hides the mistake, and as soon as
// λ comes down all steps are four times too long.

/// F without the 4 of ∂ ln p = 2 ∂ℓ.
private struct QuarterOfFisher: ParameterMetric {
  var order: JetOrder { .value }
  func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    FisherMetric().product(v, sample, precision: precision).map { 0.25 * $0 }
  }
}

extension Exercise {
  static let aForgottenFactor: Exercise = .init(8, 3, "how much longer a step is without the factor 4") {
    var ratios = [[Double]](repeating: [], count: 3)
    let lambdas = [1e-6, 1, 1e4]
    for seed in 1...4 as ClosedRange<UInt64> {
      let (ansatz, walk) = try pretrainedPair(walkers: 512, hidden: 16, seed: seed)
      let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
      var kronecker = KroneckerDirection()
      let delta = kronecker.direction(sample, lambda: 1)
      for (index, lambda) in lambdas.enumerated() {
        let lengths = [QuarterOfFisher(), FisherMetric()].map { (model: any ParameterMetric) in
          Rescaling(delta, previous: nil, gradient: sample.gradient, model: model, lambda: lambda, sample).alpha
        }
        ratios[index].append(lengths[0] / lengths[1])
      }
    }
    for (lambda, ratio, predicted) in zip(zip(lambdas, ratios), ["4", "between 1 and 4", "1"]).map({ ($0.0, $0.1, $1) })
    {
      print("λ = \(scientific(lambda, 0)): α of a quarter over α of F \(estimate(ratio, 2)), predicted \(predicted)")
    }
  }
}
