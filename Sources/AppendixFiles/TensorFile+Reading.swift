import Ch01LinearAlgebra

extension TensorFile {
  /// Reads a safetensors file and believes nothing that it says about itself.
  ///
  /// Refused with an error that says which: a length of the header beyond the file, a header that is no JSON object of
  /// the right form, a `dtype` other than F64 and F32, shapes whose product overflows or is not the number of bytes,
  /// data that overlap, leave holes or end elsewhere than the file does, and numbers that are NaN or infinite.
  ///
  /// Where the file holds a checksum, it must be that of its content; the files of other programs hold none.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - allowNonFinite: lets NaN and infinities pass.
  /// - Returns: the tensors in the order of their data.
  package static func read(_ path: String, allowNonFinite: Bool = false) throws(FileError) -> TensorFile {
    let file = try parse(try readBytes(path), path: path, allowNonFinite: allowNonFinite)
    if file.hasChecksum { try file.verifyChecksum(path: path) }
    return file
  }

  /// The same for bytes in memory, which errors call `path`.
  package static func parse(
    _ bytes: [UInt8], path: String = "safetensors data", allowNonFinite: Bool = false
  ) throws(FileError) -> TensorFile {
    let (header, data) = try split(bytes, path: path)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for member in header {
      if member.key == metadataKey {
        metadata = try strings(member.value, path: path)
      } else {
        entries.append(try Entry(member, path: path))
      }
    }

    // Data must cover the rest of the file, each byte once.
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var position = 0
    for entry in entries {
      guard entry.begin == position else {
        let problem = "its data begin at byte \(entry.begin) of the data"
        throw entry.error(problem, "they must follow the tensor before, at \(position)", path)
      }
      guard entry.end <= data.count else {
        let problem = "its data end at byte \(entry.end) of the data"
        throw entry.error(problem, "the file is cut short: it has \(data.count) bytes of data", path)
      }
      position = entry.end
    }
    guard position == data.count else {
      let problem = "\(data.count - position) bytes follow the last tensor"
      throw .badData(path: path, problem: problem, expected: "the header must account for every byte")
    }

    let tensors = try entries.map { (entry) throws(FileError) in
      try entry.tensor(data, allowNonFinite: allowNonFinite, path: path)
    }
    return TensorFile(tensors, metadata: metadata)
  }

  /// The header's members, and the data behind it.
  private static func split(
    _ bytes: [UInt8], path: String
  ) throws(FileError) -> (header: [JSONValue.Member], data: ArraySlice<UInt8>) {
    guard bytes.count >= 8 else {
      let problem = "\(bytes.count) bytes are no safetensors file"
      throw .badData(path: path, problem: problem, expected: "it begins with 8 bytes that give its header's length")
    }
    let length = bytes[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      let problem = "its first 8 bytes announce a header of \(length) bytes"
      let expected = "\(bytes.count - 8) follow: the file is cut short or no safetensors file"
      throw .badData(path: path, problem: problem, expected: expected)
    }
    let end = 8 + Int(length)
    guard length > 0, bytes[8] == UInt8(ascii: "{") else {
      throw .badData(path: path, place: "header", problem: "it does not begin with '{'", expected: "it must be JSON")
    }
    let header = try JSONValue.parse(Array(bytes[8..<end]), path: "\(path), header")
    guard let members = header.members else {
      throw .badData(path: path, place: "header", problem: "it is no JSON object", expected: "one is needed")
    }
    return (members, bytes[end...])
  }

  private static func strings(_ value: JSONValue, path: String) throws(FileError) -> [String: String] {
    var result: [String: String] = [:]
    for member in value.members ?? [.init("", .null)] {
      guard let text = member.value.text else {
        let expected = "an object of strings is needed"
        throw .badData(path: path, place: metadataKey, problem: "\(value.line) is not allowed", expected: expected)
      }
      result[member.key] = text
    }
    return result
  }
}

/// What the header says about one tensor, checked as far as the header alone allows.
private struct Entry {
  var name: String
  var isDouble: Bool
  var shape: [Int]
  var begin: Int
  var end: Int

  init(_ member: JSONValue.Member, path: String) throws(FileError) {
    name = member.key
    isDouble = false
    shape = []
    begin = 0
    end = 0

    guard let type = member.value["dtype"]?.text else { throw error("it has no dtype", "\"F64\" is needed", path) }
    guard type == "F64" || type == "F32" else {
      throw error("its dtype is \(type)", "F64 and F32 are read: convert it when saving", path)
    }
    isDouble = type == "F64"

    guard let shape = member.value["shape"]?.naturals, let count = NamedTensor.elementCount(shape) else {
      let found = member.value["shape"]?.line ?? "missing"
      throw error("its shape is \(found)", "a list of counts whose product fits in 63 bits is needed", path)
    }
    self.shape = shape

    guard let offsets = member.value["data_offsets"]?.naturals, offsets.count == 2, offsets[0] <= offsets[1] else {
      let found = member.value["data_offsets"]?.line ?? "missing"
      throw error("its data_offsets are \(found)", "[begin, end] with begin ≤ end is needed", path)
    }
    (begin, end) = (offsets[0], offsets[1])

    let (size, overflow) = count.multipliedReportingOverflow(by: isDouble ? 8 : 4)
    guard !overflow, size == end - begin else {
      let needed = overflow ? "more than 2⁶³" : "\(size)"
      throw error("\(end - begin) bytes of data", "shape \(shape) of \(type) takes \(needed)", path)
    }
    guard member.value.members?.count == 3 else {
      throw error("its entry is \(member.value.line)", "dtype, shape and data_offsets are all it may have", path)
    }
  }

  func error(_ problem: String, _ expected: String, _ path: String) -> FileError {
    .badData(path: path, place: "tensor \"\(name)\"", problem: problem, expected: expected)
  }

  func tensor(_ data: ArraySlice<UInt8>, allowNonFinite: Bool, path: String) throws(FileError) -> NamedTensor {
    let slice = data[data.startIndex + begin..<data.startIndex + end]
    let values = isDouble ? LittleEndian.doubles(slice) : LittleEndian.floats(slice)
    if !allowNonFinite, let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw error("its value at \(indices(of: bad)) is \(values[bad])", "every value must be finite", path)
    }
    return NamedTensor(name, shape, values)
  }

  /// The indices of a flat position: 5 in shape [2, 3] is [1, 2].
  func indices(of position: Int) -> [Int] {
    var rest = position
    return shape.reversed().map { extent in
      defer { rest /= extent }
      return rest % extent
    }.reversed()
  }
}

extension JSONValue {
  /// A list of whole numbers ≥ 0; nil for anything else, and above 2⁵³, where `Double` skips numbers.
  fileprivate var naturals: [Int]? {
    let counts = elements?.compactMap { $0.int.flatMap { $0 >= 0 && $0 <= 1 << 53 ? $0 : nil } }
    return counts?.count == elements?.count ? counts : nil
  }
}
