/// A checksum of 64 bits, by which a file that was damaged is told from one that was written: FNV-1a, after Fowler, Noll
/// and Vo.
///
///     h ← (h xor byte) · 1099511628211  modulo 2⁶⁴
///
/// It is made for accidents and not against intent. Every step of it can be undone, so that any change within one byte
/// changes the sum; other changes pass with a probability of about 2⁻⁶⁴. About 1 ns a byte.
package struct Checksum: Equatable, Sendable {
  private var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The checksum of some bytes.
  package init(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  /// Sixteen hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

// MARK: Files that hold their own checksum

/// The key under which a file holds the checksum of all else that it says.
let checksumKey = "checksum"

extension JSONValue {
  /// The object with its checksum as last member.
  var withChecksum: JSONValue {
    var copy = withoutChecksum
    copy[checksumKey] = .string(Checksum(copy.line.utf8).text)
    return copy
  }

  /// The object without its checksum.
  var withoutChecksum: JSONValue {
    var copy = self
    copy[checksumKey] = nil
    return copy
  }

  /// Throws where the checksum is missing, or not that of the content.
  func verifyChecksum(path: String) throws(FileError) {
    guard members != nil else {
      throw .badData(path: path, problem: "it is no JSON object", expected: "one is needed")
    }
    try verify(checksum: self[checksumKey]?.text, of: withoutChecksum.line.utf8, path: path)
  }
}

extension TensorFile {
  /// The file with its checksum in the metadata.
  package var withChecksum: TensorFile {
    TensorFile(tensors, metadata: metadata.merging([checksumKey: checksum]) { _, new in new })
  }

  /// That of tensors and metadata.
  package var checksum: String { Checksum(withoutChecksum.bytes).text }

  private var withoutChecksum: TensorFile { TensorFile(tensors, metadata: metadata.filter { $0.key != checksumKey }) }

  /// Whether the file says what its checksum is: those of other programs do not.
  package var hasChecksum: Bool { metadata[checksumKey] != nil }

  /// Throws where the checksum is missing, or not that of the content.
  package func verifyChecksum(path: String) throws(FileError) {
    try verify(checksum: metadata[checksumKey], of: withoutChecksum.bytes, path: path)
  }
}

private func verify(checksum: String?, of bytes: some Sequence<UInt8>, path: String) throws(FileError) {
  guard let checksum else {
    throw .badData(
      path: path, problem: "it has no checksum",
      expected: "an older nqs has written it, or another program; a file by this one is needed")
  }
  let found = Checksum(bytes).text
  guard found == checksum else {
    throw .badData(
      path: path, problem: "it has been changed or damaged since it was written",
      expected: "its checksum is \(shortened(checksum)), that of its content \(found)")
  }
}
