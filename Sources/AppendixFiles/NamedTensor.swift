/// An array of numbers with a shape and a name, in row-major order: the last index runs fastest.
///
///     NamedTensor("layers.0.fc.bias", [3], [0.1, 0.2, 0.3])
///
/// - Invariant: `values.count` is the product of `shape`; the empty shape is a single number.
public struct NamedTensor: Equatable, Sendable {
  public let name: String
  public let shape: [Int]
  public let values: [Double]

  public init(_ name: String, _ shape: [Int], _ values: [Double]) {
    let count = elementCount(shape)
    precondition(count == values.count, "tensor \"\(name)\" of shape \(shape) got \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// A single number.
  public init(_ name: String, _ value: Double) { self.init(name, [], [value]) }
}

/// The product of a shape; nil where a count is negative or the product exceeds an `Int`, as in a hostile file.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    guard extent >= 0, !overflow else { return nil }
    count = product
  }
  return count
}

/// Little-endian bytes of an array, and back: the order on disk in safetensors and NPY.
enum LittleEndian {
  static func append(_ values: [Double], to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + 8 * values.count)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
  }

  static func doubles(_ bytes: ArraySlice<UInt8>) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 8).map { index in
        let bits = buffer.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
  }

  /// Single precision, widened; exact.
  static func floats(_ bytes: ArraySlice<UInt8>) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map { index in
        let bits = buffer.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    }
  }
}
