import AppendixText
import NeuralQuantumStates

// Where G is zero δ = μ δ_prev - g/(λs). A steady g adds up to 1/(1 - μ) = 20 times one step, and noise to
// 1/√(1 - μ²) = 3.2 times one step's: a signal stands out √((1 + μ)/(1 - μ)) = 6.2 times as much as in one sample, as
// in a mean over 39 samples. With μ = 0 nothing is kept, and nothing gained.

extension Exercise {
  static let whatAPriorKeeps: Exercise = .init(12, 3, "signal and noise of a direction that no sample sees") {
    let random = Philox(key: 1)
    for mu in [0.0, 0.8, 0.95] {
      // 4096 parameters with g = -0.1 and noise 1, λs = 1, after 200 steps.
      var steps = [Double](repeating: 0, count: 4096)
      for sweep in 0..<200 as Range<UInt64> {
        for tile in 0..<128 {
          let stream = Philox.stream(.user, sweep: sweep, draw: 0)
          let (noise, _) = random.normalPairs(first: UInt64(32 * tile), stream: stream)
          for lane in 0..<32 { steps[32 * tile + lane] = mu * steps[32 * tile + lane] + 0.1 + noise[lane] }
        }
      }
      let s = SampleStatistics(independent: steps)
      let (signal, noise) = (0.1 / (1 - mu), 1 / (1 - mu * mu).squareRoot())
      print("μ = \(fixed(mu, 2)): mean step \(estimate(s, 2)), predicted \(fixed(signal, 2));", terminator: " ")
      print("spread \(fixed(s.variance.squareRoot(), 1)), predicted \(fixed(noise, 1))")
    }
  }
}
