import Ch01LinearAlgebra
import Ch06VariationalMonteCarlo

extension Optimizer {
  /// The same optimiser in the state after some step δ_prev, where that is one of the things that it remembers.
  public func remembering(_ previous: [Double], _ sample: Sample) throws -> Self {
    let tensors = state.tensors.map { $0.name == "previous" ? NamedTensor("previous", [previous.count], previous) : $0 }
    return try resumed(
      from: OptimizerState(optimizer: name, version: stateVersion, tensors: tensors), groups: sample.parameterGroups)
  }

  /// The same optimiser in the state of another one that has run with this sample's parameters.
  public func remembering(_ other: any Optimizer, _ sample: Sample) throws -> Self {
    try resumed(from: other.state, groups: sample.parameterGroups)
  }
}

extension OptimizerState {
  /// One of its tensors.
  public subscript(_ name: String) -> [Double]? { tensors.first { $0.name == name }?.values }
}
