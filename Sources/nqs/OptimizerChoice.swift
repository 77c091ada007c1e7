import NeuralQuantumStates

/// The optimisers by name, with their defaults: one set for all systems, and the reason beside each.
struct OptimizerChoice: Sendable {
  let name: String
  let title: String
  /// Steps of `solve` unless said.
  let steps: Int
  let make: @Sendable (SolveSettings) -> any Optimizer

  static let all = firstOrder + secondOrder + [projected]

  /// The one that `solve` takes: the best over all cases of the book.
  static let standard = "pi-dgd"

  private static let firstOrder = [
    OptimizerChoice(
      name: "gd", title: "gradient descent",
      // Not tuned: here to be compared with.
      steps: 600
    ) { GradientDescent(learningRate: LearningRate($0.learningRate ?? 1e-2, decaySteps: 2000)) },
    OptimizerChoice(
      name: "adam", title: "Adam",
      // 3e-3 is at 2e-3 after 400 steps at A = 2, V0 = -20. The rate halves at step 400: the noise of the last steps is
      // what limits the energy.
      steps: 600
    ) { Adam(learningRate: LearningRate($0.learningRate ?? 3e-3, decaySteps: 400)) },
  ]

  private static let secondOrder = [
    OptimizerChoice(name: "ngd", title: "natural gradient by MINRES", steps: 200) {
      SecondOrder(
        name: "ngd", direction: MinresDirection(FisherMetric()), model: FisherMetric(), regulator: regulator($0))
    },
    OptimizerChoice(name: "kfac", title: "KFAC", steps: 200) {
      SecondOrder(name: "kfac", direction: kronecker($0), model: FisherMetric(), regulator: regulator($0))
    },
    OptimizerChoice(name: "qn-kfac", title: "quasi-Newton KFAC", steps: 200) {
      SecondOrder(name: "qn-kfac", direction: kronecker($0), model: QuasiHessian(), regulator: regulator($0))
    },
    OptimizerChoice(name: "qn-mr-kfac", title: "quasi-Newton KFAC with MINRES", steps: 200) {
      SecondOrder(
        name: "qn-mr-kfac",
        direction: MinresDirection(FisherMetric(), guess: .kronecker(kronecker($0))),
        model: QuasiHessian(), regulator: regulator($0))
    },
    OptimizerChoice(name: "dgd", title: "DGD, decisional gradient descent", steps: 200) {
      SecondOrder.decisionalGradientDescent(regulator: regulator($0))
    },
  ]

  private static let projected = OptimizerChoice(
    name: "pi-dgd", title: "DGD with projected increments", steps: 100
  ) {
    // Damping by each layer's stiffness makes the strongly attracting runs arrive, taking steps back the strongly repelling
    // ones: before that, a bound of 0.2 lost A = 3, V0 = 20 at one seed of two, 0.1 at one of four. λ from 10 was slower than
    // from 1 at all of three seeds of A = 2, V0 = -20.
    ProjectedIncrements(momentum: $0.mu ?? 0.95, initialLambda: $0.lambda ?? 1)
  }

  private static func kronecker(_ settings: SolveSettings) -> KroneckerDirection {
    KroneckerDirection(foldsFisherFactor: !settings.isTalk)
  }

  /// λ starts at 10, a hundredth of the talk's: there the first hundred steps go into bringing it down.
  private static func regulator(_ settings: SolveSettings) -> LevenbergMarquardt {
    var regulator = LevenbergMarquardt(lambda: settings.lambda ?? (settings.isTalk ? 1000 : 10))
    regulator.usesErrorBar = !settings.isTalk
    return regulator
  }

  /// Options that only some optimisers have.
  static let onlyFor: [(option: String, names: [String])] = [
    ("learning-rate", firstOrder.map(\.name)), ("lambda", secondOrder.map(\.name) + [projected.name]),
    ("mu", [projected.name]),
  ]

  /// - Throws: wrong usage where an option was given that none of these optimisers has.
  static func refuseForeignOptions(_ arguments: Arguments, optimizers names: [String]) throws(CommandError) {
    for (option, takers) in onlyFor where arguments.text(option) != nil && !names.contains(where: takers.contains) {
      throw .usage(
        "--\(option) means nothing to \(names.joined(separator: ", ")); it is for \(takers.joined(separator: ", "))")
    }
  }

  static var summary: String { all.map { "\($0.name): \($0.title)" }.joined(separator: "; ") }

  static func named(_ name: String) throws(CommandError) -> OptimizerChoice {
    guard let choice = all.first(where: { $0.name == name }) else {
      throw .usage("there is no optimiser '\(name)'; there are " + all.map(\.name).joined(separator: ", "))
    }
    return choice
  }
}
