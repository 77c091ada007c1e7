import AppendixText
import NeuralQuantumStates

// A step with δᵀFδ = r² has D = ½ r² to second order: 0.02 at the page's bound of 0.04, so that 1/D = 50 walkers tell
// the new ψ from the old one. The ratio D/½r² goes to 1 with r. It does so late: 4 % are missing at a bound of 1e-4,
// a tenth at 1e-3, and two fifths at 0.04. A step of the page is no longer a small one. (The page's step in the envelopes
// keeps to 2 % at D = 0.03: how fast ½δᵀFδ fails differs from direction to direction.)

extension Exercise {
  static let aBoundInWalkers: Exercise = .init(7, 3, "the divergence that a bound on δᵀFδ stands for") {
    var divergences = [[Double]](repeating: [], count: 4)
    let bounds = [0.0001, 0.001, 0.01, 0.04]
    for seed in 1...4 as ClosedRange<UInt64> {
      let (ansatz, walk) = try pretrainedPair(walkers: 1024, hidden: 8, seed: seed)
      let sample = Sample(pair, ansatz, at: walk.walkers, order: .value)
      for (index, bound) in bounds.enumerated() {
        var natural = SecondOrder.exact(FisherMetric(), damping: 0.01, radius: bound.squareRoot())
        var moved = ansatz
        moved.move(by: natural.update(sample).change)
        let there = moved.evaluate(walk.walkers, order: .value).logPsi
        let ratios = zip(there, sample.derivatives.evaluation.logPsi).map { 2 * ($0 - $1) }
        divergences[index].append(kullbackLeibler(logRatios: ratios) / (0.5 * bound))
      }
    }
    for (bound, divergence) in zip(bounds, divergences) {
      print("δᵀFδ = \(fixed(bound, 4)): 2/δᵀFδ = \(fixed(2 / bound, 0)) walkers;", terminator: " ")
      print("D/½δᵀFδ = \(estimate(divergence, 2)), predicted 1 for small steps")
    }
  }
}
