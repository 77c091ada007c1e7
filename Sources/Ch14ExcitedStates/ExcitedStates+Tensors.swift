import Ch01LinearAlgebra
import Ch04DeterminantAnsatz

extension ExcitedStates where State == DeterminantAnsatz {
  /// The states of named tensors, as `tensors` writes them: those of ψ_j begin with `states.j.`, j from 0.
  ///
  /// - Throws: `AnsatzError` where a tensor is no state's, where a state lacks one, or where states
  ///   differ in their particles.
  public init(tensors: [NamedTensor]) throws(AnsatzError) {
    var lists: [Int: [NamedTensor]] = [:]
    for tensor in tensors {
      let parts = tensor.name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "states", let j = Int(parts[1]), String(j) == parts[1], j >= 0 else {
        throw .tensors("tensor \(tensor.name) is of no state, states.0.layers.0.fc.weight is one")
      }
      lists[j, default: []].append(NamedTensor(String(parts[2]), tensor.shape, tensor.values))
    }
    guard !lists.isEmpty else { throw .tensors("tensor states.0.layers.0.fc.weight is missing") }
    var states: [DeterminantAnsatz] = []
    for j in 0..<lists.count {
      guard let own = lists[j] else { throw .tensors("\(lists.count) states, and none is states.\(j)") }
      do {
        states.append(try DeterminantAnsatz(tensors: own))
      } catch {
        throw .tensors("states.\(j): \(error)")
      }
    }
    guard states.allSatisfy({ $0.particles == states[0].particles }) else {
      throw .tensors("states of \(states.map(\.particles)) particles, the same number for all expected")
    }
    self.init(states)
  }
}
