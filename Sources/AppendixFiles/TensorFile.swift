import Ch01LinearAlgebra

/// Named tensors in the safetensors format, which Python reads and writes: weights, and the state of a run.
///
///     let file = TensorFile([NamedTensor("envelope", [2, 1], [0.7, 0.7])], metadata: ["step": "100"])
///     try file.write("weights.safetensors")
///     try TensorFile.read("weights.safetensors")["envelope"]?.values      // [0.7, 0.7]
///
/// A file is: the header's length as 8 bytes, little-endian; the header, a JSON object from each name to `dtype`,
/// `shape` and `data_offsets` [begin, end), padded with spaces to a multiple of 8; the data. The key `__metadata__`
/// holds strings. Data are written as F64; F32 is read as well and widened.
///
/// - Invariant: names differ, and none is `__metadata__`.
package struct TensorFile: Equatable, Sendable {
  /// In the order of their data.
  package let tensors: [NamedTensor]
  /// The text beside the tensors, by key.
  package let metadata: [String: String]

  /// A file's content; names that repeat stop the program.
  package init(_ tensors: [NamedTensor], metadata: [String: String] = [:]) {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "tensor names repeat: \(tensors.map(\.name))")
    precondition(!tensors.contains { $0.name == Self.metadataKey }, "\(Self.metadataKey) is no name for a tensor")
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of that name; nil where there is none.
  package subscript(name: String) -> NamedTensor? { tensors.first { $0.name == name } }

  /// Writes the file, complete or not at all.
  package func write(_ path: String) throws(FileError) { try writeAtomically(bytes, to: path) }

  /// The file's content; the same tensors and metadata always give the same bytes.
  package var bytes: [UInt8] {
    var header: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
      header.append(.init(Self.metadataKey, .object(pairs)))
    }
    var end = 0
    for tensor in tensors {
      let begin = end
      end += 8 * tensor.values.count
      header.append(
        .init(tensor.name, ["dtype": "F64", "shape": .init(tensor.shape), "data_offsets": .init([begin, end])]))
    }
    var text = Array(JSONValue.object(header).line.utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + end)
    // Unsafe: a number's bytes, all eight and no more: the buffer knows its count.
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += text
    for tensor in tensors { LittleEndian.append(tensor.values, to: &bytes) }
    return bytes
  }

  static let metadataKey = "__metadata__"
}
