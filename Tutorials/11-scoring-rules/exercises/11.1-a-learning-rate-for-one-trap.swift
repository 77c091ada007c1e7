import AppendixText
import NeuralQuantumStates

// A natural step leaves 1 - ω/2 of the mean, and η times the step 1 - ηω/2. At ω = 5 the step with η = 0.4 arrives at
// once. The same η leaves 0.6 at ω = 2, where the whole step arrived, and has to diverge where 0.4 ω/2 > 2, beyond
// ω = 10. The decisional step arrives in all of them, without η: at this width G = ¼/σ⁴ = ω², the second
// derivative.

extension Exercise {
  static let aLearningRateForOneTrap: Exercise = .init(11, 1, "one learning rate fits one trap") {
    for frequency in [1.0, 2, 5, 12] {
      let rule = EnergyScore { x in 0.5 * frequency * frequency * x * x }
      let p = Gaussians()([0.3, 1 / (2 * frequency).squareRoot()])
      let natural = 0.3 + 0.4 * rule.step(from: p, measuredBy: LogScore())[0]
      let decisional = 0.3 + rule.step(from: p)[0]
      print("ω = \(fixed(frequency, 0)): natural leaves \(fixed(natural / 0.3, 4)),", terminator: " ")
      print("predicted \(fixed(1 - 0.2 * frequency, 4)); decisional \(fixed(decisional / 0.3, 4)), predicted 0.0000")
    }
  }
}
