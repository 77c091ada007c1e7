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
