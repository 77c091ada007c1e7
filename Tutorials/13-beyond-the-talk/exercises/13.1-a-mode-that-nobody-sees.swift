import AppendixText
import NeuralQuantumStates

// With λ beside the metric a mode of weight m is left with 1 - (its factor)·m/(m + λ) of what it had, where m is the metric's
// weight of the direction in parameters, which is large for what many parameters can do. Fisher's weights of the low modes are
// far above 1 in this network, so λ = 1 hardly matters there, and what is hard to make is left alone by all four alike.
extension Exercise {
  static let aModeThatNobodySees = Exercise(13, 1, "one step by mode, with λ = 1 and without") {
    let sample = try oneParticle(shaken: 0.0006)
    for (name, metric) in [("Fisher", FisherMetric() as any ParameterMetric), ("decision", DecisionMetric())] {
      var direction = MetricDirection(.whole(metric), solver: CholeskySolver())
      let rate = name == "Fisher" ? 0.5 : 1
      let free = leftOfModes(direction.direction(sample, lambda: 1e-7), rate: rate, sample)
      let damped = leftOfModes(direction.direction(sample, lambda: 1), rate: rate, sample)
      print("\(padded(name, 8)) λ → 0:" + free.map { rightAligned(fixed($0 + 0, 1), 6) }.joined())
      print("\(padded(name, 8)) λ = 1:" + damped.map { rightAligned(fixed($0 + 0, 1), 6) }.joined())
    }
  }
}
