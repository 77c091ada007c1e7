import AppendixText
import NeuralQuantumStates

// Between 0.44 and 0.23 is what one expects for two particles, so a width between 0.9 and 1.8. The minimum is flat: 1.0,
// with 0.4 accepted, and 1.2 are equal within the error bars. Half accepted (0.7) costs an eighth more sweeps than the
// best, which is why a rule without τ will do.

extension Exercise {
  static let theBestWidth: Exercise = .init(5, 2, "the width with the shortest autocorrelation time") {
    for width in [0.7, 1, 1.2, 1.4, 2] {
      var (acceptances, times): ([Double], [Double]) = ([], [])
      for seed in 1...8 as ClosedRange<UInt64> {
        var walk = MetropolisWalk(walkers: 64, particles: 2, seed: seed, width: ProposalWidth(width))
        let psi = ScaledPair(narrowness: 1)
        walk.sweep(psi, count: 1000)
        acceptances.append(walk.acceptance)
        let statistics = walk.measure(psi, times: 2000) { x in x.reduce(0) { $0 + $1 * $1 } }
        times.append(statistics.autocorrelationTime)
      }
      print("width \(fixed(width, 1)): acceptance \(estimate(acceptances, 3)), τ = \(estimate(times, 2))")
    }
    print("predicted: least where the acceptance is between 0.23 and 0.44")
  }
}
