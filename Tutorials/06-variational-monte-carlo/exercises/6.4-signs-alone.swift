import AppendixText
import NeuralQuantumStates

// Adam's first step is the sign of each g_p times η (6.3). An optimiser that takes that at every step, with η falling
// as 1/(1 + t/τ), forgets all sizes and remembers nothing. It comes down nearly as far as Adam in 60 steps; what it lacks is
// Adam's average over noise, which counts near the goal.

private struct SignDescent: Optimizer {
  let name = "signs"
  var learningRate = LearningRate(5e-3, decaySteps: 50)

  mutating func update(_ sample: Sample) -> Update {
    let rate = learningRate(step: sample.step)
    return Update(change: sample.gradient.map { $0 > 0 ? -rate : rate })
  }
}

extension Exercise {
  static let signsAlone: Exercise = .init(6, 4, "an optimiser that follows nothing but signs") {
    for (name, optimizer) in [("signs", SignDescent()), ("Adam", Adam(learningRate: 5e-3, decaySteps: 50))]
      as [(String, any Optimizer)]
    {
      let falls = try (1...4).map { seed in
        let (ansatz, walk) = try pretrainedPair(walkers: 256, hidden: 32, seed: UInt64(seed))
        var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10, threads: 2)
        let energies = try (1...60).map { _ in try run.advance().energy }
        return energies[0] - mean(energies[50...])
      }
      print("\(name): lower after 60 steps by \(estimate(falls, 2)), predicted: nearly as far as Adam")
    }
  }
}
