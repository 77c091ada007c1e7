import AppendixFiles
import Ch01LinearAlgebra
import TestSupport
import Testing

@Suite("A.2 safetensors") struct TensorFiles {
  static let file = TensorFile(
    [
      NamedTensor("layers.0.fc.weight", [2, 3], [1, -2.5, 0.1, 1e-300, .pi, 5]),
      NamedTensor("log ψ \"quoted\"", [1], [-0.0]), NamedTensor("empty", [0, 3], []), NamedTensor("λ", 1000),
    ], metadata: ["step": "100", "made by": "nqs"])

  @Test("what is written is read back, in order and to the bit") func roundTrip() throws {
    let scratch = try Scratch()
    try Self.file.write(scratch.file("weights.safetensors"))
    let back = try TensorFile.read(scratch.file("weights.safetensors"))
    #expect(back == Self.file)
    #expect(back["log ψ \"quoted\""]?.values[0].sign == .minus)
    #expect(back["missing"] == nil)
  }

  @Test("the header is padded to a multiple of 8, so that the data are aligned") func alignment() {
    for length in 1...9 {
      let file = TensorFile([NamedTensor(String(repeating: "x", count: length), 1)])
      #expect(file.bytes.count % 8 == 0)
    }
  }

  @Test("a file that Python wrote is read, single precision and empty tensors too") func python() throws {
    let file = try TensorFile.read(fixture("python.safetensors"))
    #expect(file["weight"] == NamedTensor("weight", [2, 3], [0.1, -2.5, 1e-300, .pi, 0, 1e20]))
    #expect(file["bias"] == NamedTensor("bias", [2], [0.5, -0.25]))
    #expect(file["step"] == NamedTensor("step", 7))
    #expect(file["empty"] == NamedTensor("empty", [0, 3], []))
    #expect(file.metadata == ["made": "by Python"])
  }

  @Test("a number that is not finite is refused by tensor and index, or let pass on request")
  func nonFinite() throws {
    let bytes = TensorFile([NamedTensor("a", 1), NamedTensor("b", [2, 2], [1, 2, .nan, 4])]).bytes
    let error = #expect(throws: FileError.self) { try TensorFile.parse(bytes, path: "w.safetensors") }
    #expect(error?.description == "w.safetensors, tensor \"b\": its value at [1, 0] is nan; every value must be finite")
    #expect(try TensorFile.parse(bytes, allowNonFinite: true)["b"]?.values[2].isNaN == true)
  }

  /// A file with that header and so many bytes of data.
  static func bytes(_ header: String, data: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  @Test(
    "a header that lies is refused with what is wrong, where, and what would be right",
    arguments: [
      (
        #"{"a":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}"#, 16,
        "tensor \"a\": 16 bytes of data; shape [3] of F64 takes 24"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#, 8,
        "tensor \"a\": its data end at byte 16 of the data; the file is cut short: it has 8 bytes of data"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 16,
        ": 8 bytes follow the last tensor; the header must account for every byte"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#, 16,
        "tensor \"a\": its data begin at byte 8 of the data; they must follow the tensor before, at 0"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#,
        16, "tensor \"b\": its data begin at byte 8 of the data; they must follow the tensor before, at 16"
      ),
      (
        #"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, 8,
        "tensor \"a\": its dtype is I64; F64 and F32 are read: convert it when saving"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0,
        "tensor \"a\": its shape is [4294967296, 4294967296]; a list of counts whose product fits in 63 bits is needed"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]}}"#, 0,
        "tensor \"a\": its shape is [4.611686018427388e+18]; a list of counts whose product fits in 63 bits is needed"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[2147483648,2147483648],"data_offsets":[0,0]}}"#, 0,
        "tensor \"a\": 0 bytes of data; shape [2147483648, 2147483648] of F64 takes more than 2⁶³"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}"#, 8,
        "tensor \"a\": its shape is [-1]; a list of counts whose product fits in 63 bits is needed"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#, 8,
        "tensor \"a\": its data_offsets are [8, 0]; [begin, end] with begin ≤ end is needed"
      ),
      (
        #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}"#,
        16, "header, line 1, column 55: the key \"a\" stands twice; each key may stand once"
      ),
      (#"{"a":1}"#, 0, "tensor \"a\": it has no dtype; \"F64\" is needed"),
      (
        #"{"__metadata__":{"step":1}}"#, 0, "__metadata__: {\"step\": 1} is not allowed; an object of strings is needed"
      ),
      (#"[]"#, 0, "header: it does not begin with '{'; it must be JSON"),
    ])
  func hostile(header: String, data: Int, message: String) {
    let error = #expect(throws: FileError.self) { try TensorFile.parse(Self.bytes(header, data: data), path: "w") }
    #expect(error?.description == "w" + (message.hasPrefix(":") ? "" : ", ") + message)
    #expect(error?.exitCode == 65)
  }

  @Test("a header's length beyond the file is refused before anything is allocated for it")
  func headerLength() {
    let bytes = [UInt8](repeating: 0xFF, count: 8) + Array("{}".utf8)
    let error = #expect(throws: FileError.self) { try TensorFile.parse(bytes, path: "w") }
    #expect(
      error?.description == "w: its first 8 bytes announce a header of 18446744073709551615 bytes; "
        + "2 follow: the file is cut short or no safetensors file")
  }

  @Test("cut short at any byte, a file is refused") func truncated() {
    let bytes = Self.file.bytes
    for count in 0..<bytes.count {
      #expect(throws: FileError.self) { try TensorFile.parse(Array(bytes[..<count])) }
    }
  }

  @Test("with any byte of the header changed, a file is refused or gives finite tensors") func flipped() throws {
    let bytes = Self.file.bytes
    let header = 8 + Int(bytes[0]) + 256 * Int(bytes[1])
    var refused = 0
    for index in 0..<header {
      for flip in [0x01, 0x02, 0x10, 0x20, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] ^= flip
        do {
          let file = try TensorFile.parse(changed)
          #expect(file.tensors.allSatisfy { $0.values.allSatisfy(\.isFinite) })
        } catch {
          #expect(error.exitCode == 65)
          refused += 1
        }
      }
    }
    // What passes are changes inside names and strings and from one kind of space to another; most are caught.
    #expect(refused > 3 * header)
  }
}
