import AppendixText
import NeuralQuantumStates

// Nothing changes but the number of coordinates: 205 parameters, two rows of M a point. Four hills at (±1.2, ±1.2) of
// width 0.6 are smooth, so forty steps do. What Fisher's metric takes is another matter: a grid of 0.2 between walls
// at ±4 has 41² = 1681 points, nearly as many as there are data; in ten dimensions it would have 41¹⁰, and score
// matching would still have 2048.

extension Exercise {
  static let inAPlane: Exercise = .init(16, 2, "the same in a plane") {
    let truth = GaussianMixture(
      [[1.2, 1.2], [1.2, -1.2], [-1.2, 1.2], [-1.2, -1.2]].map { .init(share: 0.25, centre: $0, width: 0.6) })
    let error = DensityError(from: truth, extent: 4, spacing: 0.1)
    let problem = ScoreMatching()
    let network = PointNetwork(coordinates: 2, hidden: 12, confinement: 0.1, seed: 1)
    print(
      "\(network.parameters.count) parameters, predicted 205; a grid of \(truth.grid(extent: 4, spacing: 0.2).count), predicted 1681"
    )
    var fit = Fit(
      problem, network, newData: { truth.samples(2048, seed: UInt64($0)) },
      by: .metric(MetricDescent({ _ in problem.metric }, damping: 0.1, rate: LearningRate(1, decaySteps: 5), bound: 1)),
      threads: 2)
    let first = error.hyvarinen(fit.network)
    for _ in 1...40 { try fit.advance() }
    let last = error.hyvarinen(fit.network)
    print("D from ≈ \(scientific(first, 0)) at the start, above 0.5: \(yesOrNo(first > 0.5))")
    print("to ≈ \(scientific(last, 0)) after 40 steps, below 0.1: \(yesOrNo(last < 0.1))")
  }
}
