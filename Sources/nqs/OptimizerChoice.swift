import NeuralQuantumStates

/// The optimisers by name, with their defaults: one set for all systems, and the reason beside each.
struct OptimizerChoice: Sendable {
  let name: String
  let title: String
  /// Steps of `solve` unless said.
  let steps: Int
  let make: @Sendable (SolveSettings) -> any Optimizer

  static let all = [
    OptimizerChoice(
      name: "gd", title: "gradient descent",
      // Ten times this diverges at A = 2, V0 = -20.
      steps: 600
    ) { GradientDescent(learningRate: LearningRate($0.learningRate ?? 1e-2, decaySteps: 2000)) },
    OptimizerChoice(
      name: "adam", title: "Adam",
      // 1e-3 takes three times as many steps to the same energy, 1e-2 is as fast at first and noisier at the end.
      // The rate halves at step 400: the noise of the last steps is what limits the energy.
      steps: 600
    ) { Adam(learningRate: LearningRate($0.learningRate ?? 3e-3, decaySteps: 400)) },
  ]

  static var summary: String { all.map { "\($0.name): \($0.title)" }.joined(separator: "; ") }

  static func named(_ name: String) throws(CommandError) -> OptimizerChoice {
    guard let choice = all.first(where: { $0.name == name }) else {
      throw .usage("there is no optimiser '\(name)'; there are " + all.map(\.name).joined(separator: ", "))
    }
    return choice
  }
}
