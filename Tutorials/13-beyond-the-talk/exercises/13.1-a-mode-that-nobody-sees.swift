import AppendixText
import NeuralQuantumStates

// λ damps parameters, not modes. A direction that many parameters share weighs much, and λ = 1 hardly holds it: the first modes.
// What the network makes with few or weak parameters is held; and since those directions are no modes, holding them moves the
// higher modes the wrong way, the fourth by more than it was off.
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
