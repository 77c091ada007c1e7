import Ch01LinearAlgebra

/// One array of any shape in numpy's NPY format: `numpy.load("density.npy")`.
///
///     try NumpyArray(shape: [2, 3], [1, 2, 3, 4, 5, 6]).write("density.npy")
///
/// A file is: the magic bytes, a version, the header's length, the header (a Python dictionary with `descr`,
/// `fortran_order` and `shape`, padded with spaces to a multiple of 64 and ended by a line break), the data. Written as
/// version 1.0, `<f8`, row-major; `<f4` is read as well and widened.
///
/// - Invariant: `values.count` is the product of `shape`; the empty shape is a single number.
package struct NumpyArray: Equatable, Sendable {
  /// Extents, the slowest first.
  package let shape: [Int]
  /// The numbers in row-major order.
  package let values: [Double]

  /// An array; a shape that does not fit the numbers stops the program.
  package init(shape: [Int], _ values: [Double]) {
    precondition(
      NamedTensor.elementCount(shape) == values.count, "an array of shape \(shape) got \(values.count) values")
    self.shape = shape
    self.values = values
  }

  /// Writes the file, complete or not at all.
  package func write(_ path: String) throws(FileError) { try writeAtomically(bytes, to: path) }

  /// The file's content.
  package var bytes: [UInt8] {
    // A tuple of one has a comma: (3,).
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
    var header = Array("{'descr': '<f8', 'fortran_order': False, 'shape': \(tuple), }".utf8)
    while (Self.magic.count + 4 + header.count + 1) % 64 != 0 { header.append(UInt8(ascii: " ")) }
    header.append(UInt8(ascii: "\n"))

    var bytes = Self.magic + [1, 0, UInt8(header.count % 256), UInt8(header.count / 256)] + header
    LittleEndian.append(values, to: &bytes)
    return bytes
  }

  /// Reads a file of `<f8` or `<f4`, row-major, any version of the format.
  package static func read(_ path: String) throws(FileError) -> NumpyArray {
    try parse(try readBytes(path), path: path)
  }

  /// The same for bytes in memory, which errors call `path`.
  package static func parse(_ bytes: [UInt8], path: String = "NPY data") throws(FileError) -> NumpyArray {
    func bad(_ problem: String, _ expected: String) -> FileError {
      .badData(path: path, problem: problem, expected: expected)
    }
    guard bytes.count >= 12, bytes.starts(with: magic), (1...3).contains(bytes[6]) else {
      throw bad("it is no NPY file", "it must begin with \\x93NUMPY and a version from 1 to 3")
    }
    // Version 1 has two bytes for the header's length, later ones four.
    let start = bytes[6] == 1 ? 10 : 12
    let end = start + bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard end <= bytes.count else {
      throw bad("its header ends at byte \(end) of \(bytes.count)", "the file is cut short")
    }

    let header = String(decoding: bytes[start..<end], as: UTF8.self)
    guard let type = entry("descr", of: header), type == "'<f8'" || type == "'<f4'" else {
      throw bad("its type is \(entry("descr", of: header) ?? "missing")", "'<f8' or '<f4' is needed")
    }
    guard let shape = entry("shape", of: header).flatMap(counts), let count = NamedTensor.elementCount(shape) else {
      throw bad("its shape is \(entry("shape", of: header) ?? "missing")", "a tuple of counts is needed")
    }
    guard entry("fortran_order", of: header) == "False" || shape.count < 2 else {
      throw bad("it is column-major", "save it with numpy.ascontiguousarray")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: type == "'<f8'" ? 8 : 4)
    guard !overflow, size == bytes.count - end else {
      let needed = overflow ? "more than 2⁶³" : "\(size)"
      throw bad("\(bytes.count - end) bytes of data", "shape \(shape) of \(type) takes \(needed)")
    }
    return NumpyArray(
      shape: shape, type == "'<f8'" ? LittleEndian.doubles(bytes[end...]) : LittleEndian.floats(bytes[end...]))
  }

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// The text of a value in the header: up to the next comma, for a tuple up to its closing parenthesis.
  private static func entry(_ key: String, of header: String) -> String? {
    let quoted = "'\(key)':"
    guard let position = header.indices.first(where: { header[$0...].hasPrefix(quoted) }) else { return nil }
    let text = header[position...].dropFirst(quoted.count).drop { $0 == " " }
    guard text.hasPrefix("(") else { return String(text.prefix { $0 != "," && $0 != "}" }) }
    return String(text.prefix { $0 != ")" }) + (text.contains(")") ? ")" : "")
  }

  /// (2, 3) as [2, 3], (3,) as [3], () as [].
  private static func counts(_ tuple: String) -> [Int]? {
    guard tuple.hasPrefix("("), tuple.hasSuffix(")") else { return nil }
    let fields = tuple.dropFirst().dropLast().split(separator: ",").map { $0.filter { $0 != " " } }.filter {
      !$0.isEmpty
    }
    let counts = fields.compactMap { Int($0) }
    return counts.count == fields.count && counts.allSatisfy { $0 >= 0 } ? counts : nil
  }
}
