import NeuralQuantumStates

/// What there is to compare an energy with.
struct ReferenceEnergies: Sendable {
  /// From the committed table, or by a method that takes no more than a second; nil where neither has it.
  let exact: Double?
  let hartreeFock: Double?

  init(_ settings: SolveSettings, exact wanted: Bool, threads: Int) {
    exact = nil
    hartreeFock = nil
  }
}
