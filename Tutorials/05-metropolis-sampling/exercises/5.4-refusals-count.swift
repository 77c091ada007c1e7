import AppendixText
import NeuralQuantumStates

// A walker that stays is counted again; that is how the middle, from where most moves lead to smaller |ψ|², gets its
// weight. If only accepted moves are counted, x comes as often as p(x) a(x), with a(x) the probability to leave x: too
// seldom in the middle, and the mean of x² is too large. By how much is an integral: 0.5 becomes 0.585 at width 2.

extension Exercise {
  static let refusalsCount: Exercise = .init(5, 4, "a Metropolis walk that does not count refusals") {
    let (width, sweeps, tiles) = (2.0, 400, 64)
    let random = Philox(key: 1)
    var (all, moved): ([Double], [Double]) = ([], [])
    for tile in 0..<tiles {
      var x = Lanes32.zero
      var sums = [[Double]](repeating: [0, 0, 0], count: 32)  // Σx² of all, Σx² of accepted, number of accepted
      for sweep in 0..<(sweeps + 20) {
        let first = UInt64(32 * tile)
        let (step, _) = random.normalPairs(first: first, stream: Philox.stream(.user, sweep: UInt64(sweep), draw: 0))
        let uniform = random.uniforms(first: first, stream: Philox.stream(.user, sweep: UInt64(sweep), draw: 1))
        for walker in 0..<32 {
          let proposal = x[walker] + width * step[walker]
          let isAccepted = Double.log(uniform[walker]) < x[walker] * x[walker] - proposal * proposal
          if isAccepted { x[walker] = proposal }
          guard sweep >= 20 else { continue }  // the start is forgotten
          let square = x[walker] * x[walker]
          sums[walker][0] += square
          if isAccepted {
            sums[walker][1] += square
            sums[walker][2] += 1
          }
        }
      }
      for s in sums {
        all.append(s[0] / Double(sweeps))
        moved.append(s[1] / s[2])
      }
    }

    // E[x² a]/E[a] with a(x) = ∫ g(y - x) min(1, p(y)/p(x)) dy, as sums.
    let grid = (-400...400).map { 0.02 * Double($0) }
    var (norm, square) = (0.0, 0.0)
    for x in grid {
      let leaving = grid.reduce(0) { sum, y in
        sum + Double.exp(-(y - x) * (y - x) / (2 * width * width)) * min(1, Double.exp(x * x - y * y))
      }
      norm += Double.exp(-x * x) * leaving
      square += Double.exp(-x * x) * leaving * x * x
    }
    print("mean of x²: \(estimate(all)), predicted 0.5")
    print("of accepted moves alone: \(estimate(moved)), predicted \(fixed(square / norm, 3))")
  }
}
