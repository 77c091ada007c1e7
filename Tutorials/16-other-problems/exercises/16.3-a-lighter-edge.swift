import AppendixText
import NeuralQuantumStates

// ∂_θ∂ℓ of a Gaussian is 1/(2σ²) for the mean and z/σ² for the width, z = (x - μ)/σ. With w = 1 + x² and x = μ + σz
// the averages of w and of wz² are 1 + μ² + σ² and 1 + μ² + 3σ², of wz 2μσ: the mean gets (1 + μ² + σ²)/4σ⁴, the width
// (1 + μ² + 3σ²)/σ⁴, and off the middle the two are coupled by μ/σ³. A step that goes down the energy is another one
// then, by whole factors: at μ = 0, σ = 1 a step of the mean is half as long, one of the width a quarter. On the
// ground state it vanishes all the same: the metric says how to get there, not where it is.

extension Exercise {
  static let aLighterEdge: Exercise = .init(16, 3, "a metric by hand, and a step in it") {
    let rule = WeightedEnergyScore { 1 + $0 * $0 }
    for (mean, width) in [(0.0, 1.0), (1, 1), (0.5, 2)] {
      let metric = rule.metric(Gaussians()([mean, width]))
      let (s2, m2) = (width * width, mean * mean)
      let predicted = [(1 + m2 + s2) / 4, mean * width, 1 + m2 + 3 * s2].map { $0 / (s2 * s2) }
      print(
        "μ = \(fixed(mean, 1)), σ = \(fixed(width, 0)):", columns([metric[0, 0], metric[0, 1], metric[1, 1]], 4),
        terminator: " ")
      print("predicted", columns(predicted, 4))
    }
    let trap = EnergyScore { 0.5 * $0 * $0 }
    for (mean, width) in [(0.5, 1.0), (0, 1), (0, 0.5.squareRoot())] {
      let p = Gaussians()([mean, width])
      let (plain, weighted) = (trap.step(from: p), trap.step(from: p, measuredBy: rule))
      print(
        "steps from μ = \(fixed(mean, 1)), σ = \(fixed(width, 1)): G", columns(plain, 4), " weighted",
        columns(weighted, 4))
    }
  }
}
