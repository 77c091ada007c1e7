import AppendixText
import NeuralQuantumStates

// λ holds parameters, not modes: (F + λ)⁻¹ mixes them. What a small mode gets from a larger one counts much of its own error.
// The fourth mode is the smallest here, and it is taken too far, by 0.7 of its error with Fisher's metric and by twice its error with
// the decision metric.
extension Exercise {
  static let whatLambdaHolds: Exercise = .init(13, 1, "one step by mode, with λ = 1 and without") {
    let sample = try oneParticle(shaken: 0.0006)
    print("error, times 1e3:" + errorOfModes(sample).map { rightAligned(fixed(1e3 * $0, 2), 6) }.joined())
    for (name, metric) in [("Fisher", FisherMetric() as any ParameterMetric), ("decision", DecisionMetric())] {
      var direction = MetricDirection(.whole(metric), solver: CholeskySolver())
      let rate = name == "Fisher" ? 0.5 : 1
      let free = leftOfModes(direction.direction(sample, lambda: 1e-7), rate: rate, sample)
      let damped = leftOfModes(direction.direction(sample, lambda: 1), rate: rate, sample)
      print("\(padded(name, 9)) λ → 0:" + free.map { rightAligned(fixed($0 + 0, 1), 6) }.joined())
      print("\(padded(name, 9)) λ = 1:" + damped.map { rightAligned(fixed($0 + 0, 1), 6) }.joined())
    }
  }
}
