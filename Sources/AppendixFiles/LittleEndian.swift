/// Little-endian bytes of an array, and back: the order on disk in safetensors and NPY.
enum LittleEndian {
  static func append(_ values: [Double], to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + 8 * values.count)
    // Unsafe: a number's bytes, all eight and no more: the buffer knows its count.
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
  }

  static func doubles(_ bytes: ArraySlice<UInt8>) -> [Double] {
    // Unsafe: eight bytes as one number, wherever they begin; index < count / 8, so that they end within the buffer.
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 8).map { index in
        let bits = buffer.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
  }

  /// Single precision, widened; exact.
  static func floats(_ bytes: ArraySlice<UInt8>) -> [Double] {
    // Unsafe: four bytes as one number, wherever they begin; index < count / 4, so that they end within the buffer.
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map { index in
        let bits = buffer.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    }
  }
}
