import AppendixFiles
import NeuralQuantumStates

/// A network from a file of its own, of this program or another one.
struct GivenWeights {
  let ansatz: DeterminantAnsatz
  /// The system of the run that has made them, where the file says so.
  let strength: Double?
  let range: Double?
  let potentials: TypedPotentials
  /// Of all parameters, for the settings of a run that begins with them.
  let checksum: String

  init(_ path: String) throws(CommandError) {
    let file = try files { () throws(FileError) in try TensorFile.read(path) }
    guard !file.tensors.contains(where: { $0.name.hasPrefix("states.") }) else {
      throw .data("\(path): it holds several states in one determinant; the network of one is needed")
    }
    do throws(AnsatzError) {
      ansatz = try DeterminantAnsatz(tensors: file.tensors)
    } catch {
      throw .data("\(path): \(error.description)")
    }
    strength = file.metadata["strength"].flatMap { number($0) }
    range = file.metadata["range"].flatMap { number($0) }
    potentials = TypedPotentials(
      trap: file.metadata["trap"], interaction: file.metadata["interaction"], constants: file.metadata["let"])
    checksum = TensorFile(ansatz.tensors).checksum
  }
}

extension SolveSettings {
  /// The trap and the interaction that weights were made in, each where the options say no other.
  /// - Throws: wrong usage where neither says what the interaction is.
  mutating func takeSystem(of weights: GivenWeights, _ arguments: Arguments) throws(CommandError) {
    let isGaussian = arguments.given("strength") != nil || arguments.given("range") != nil
    if potentials.trap == nil { potentials.trap = weights.potentials.trap }
    if potentials.interaction == nil, !isGaussian { potentials.interaction = weights.potentials.interaction }
    if potentials.constants == nil, potentials.trap != nil || potentials.interaction != nil {
      potentials.constants = weights.potentials.constants
    }
    guard potentials.interaction == nil else { return }
    if arguments.given("strength") == nil {
      guard let known = weights.strength, weights.potentials.interaction == nil else {
        let problem =
          weights.potentials.interaction == nil ? "do not say what interaction they are for" : "are for a typed one"
        throw .usage("--strength is missing; the weights that are given \(problem)")
      }
      strength = known
    }
    if arguments.given("range") == nil, let known = weights.range { range = known }
  }
}
