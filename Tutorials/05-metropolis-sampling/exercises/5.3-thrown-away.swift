import AppendixText
import NeuralQuantumStates

// A correlation that falls like ρᵗ has τ = (1 + ρ)/(1 - ρ), and with every k-th value τ_k = (1 + ρᵏ)/(1 - ρᵏ). The
// error of N/k of them goes with √(k τ_k): with τ = 7 at width 1 that is 8 % more for k = 5 and 70 % more for k = 20.
// Four of five values can go, and nearly nothing is lost. What costs time is better not computed for all of them.

extension Exercise {
  static let thrownAway: Exercise = .init(5, 3, "what is lost by looking at every k-th sweep only") {
    let psi = ScaledPair(narrowness: 1)
    var start = MetropolisWalk(walkers: 4096, particles: 2, seed: 1, width: ProposalWidth(1))
    start.sweep(psi, count: 200)
    let errors = [1, 5, 20].map { every in
      var walk = start  // the same walk each time
      let s = walk.measure(psi, times: 400 / every, sweeps: every) { x in x.reduce(0) { $0 + $1 * $1 } }
      return (every: Double(every), error: s.standardError, time: s.autocorrelationTime)
    }
    let rho = (errors[0].time - 1) / (errors[0].time + 1)
    func predicted(_ k: Double) -> Double { (k * (1 + Double.pow(rho, k)) / (1 - Double.pow(rho, k))).squareRoot() }
    for (every, error, _) in errors {
      print(
        "every \(fixed(every, 0)): error over that of all values \(fixed(error / errors[0].error, 1)),", terminator: " "
      )
      print("predicted \(fixed(predicted(every) / predicted(1), 2))")
    }
  }
}
