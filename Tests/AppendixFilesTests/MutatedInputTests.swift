import AppendixFiles
import Ch01LinearAlgebra
import TestSupport
import Testing

/// Inputs that were right once and have been changed anywhere: what reads them answers or refuses, and does not trap,
/// hang, or take memory beyond their size.
@Suite("A.9 Mutated inputs") struct MutatedInputs {
  /// A byte exchanged, a bit flipped, a piece dropped, doubled, or put elsewhere; up to four times.
  private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0...(random.next() % 4) where !bytes.isEmpty {
      let start = Int(random.next() % UInt64(bytes.count))
      let end = min(bytes.count, start + 1 + Int(random.next() % 16))
      switch random.next() % 6 {
      case 0: bytes[start] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[start] ^= 1 << UInt8(random.next() % 8)
      case 2: bytes.removeSubrange(start..<end)
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 4: bytes.insert(contentsOf: bytes[start..<end], at: Int(random.next() % UInt64(bytes.count)))
      default:
        // Numbers that programs stumble over.
        let texts = [
          "-1", "0", "1e999", "18446744073709551616", "nan", "\0", "\u{FEFF}", "{", "]", "\"", ",,", "\\u0000",
        ]
        bytes.replaceSubrange(start..<end, with: Array(texts[Int(random.next() % UInt64(texts.count))].utf8))
      }
    }
    return bytes
  }

  private func run(_ inputs: [[UInt8]], seed: UInt64, _ read: ([UInt8]) throws(FileError) -> Void) {
    var random = SplitMix64(seed: seed)
    var refused = 0
    for number in 0..<2000 {
      do throws(FileError) {
        try read(Self.mutated(inputs[number % inputs.count], &random))
      } catch {
        refused += 1
        #expect(error.exitCode == 65 && error.description.utf8.count < 1500)
        #expect(error.description.allSatisfy { !$0.isNewline })
      }
    }
    // Most changes are no harmless ones.
    #expect(refused > 500)
  }

  @Test("2000 damaged CSV files are read or refused, and none stops the program") func tables() {
    let inputs = ["x,y\n1,2\n3.5e-2,-4\n", "0.5,-0.25\n1,2\n", "\"x\", \"y\"\r\n\"1\",2\r\n# end\r\n"].map {
      Array($0.utf8)
    }
    run(inputs, seed: 1) { bytes throws(FileError) in
      let table = try NumericTable.parse(bytes, path: "x.csv")
      #expect(table.rows.allSatisfy { $0.count == table.width && $0.allSatisfy(\.isFinite) })
    }
  }

  @Test("2000 damaged JSON texts are read or refused, and none stops the program") func json() {
    let inputs = [#"{"a": [1, -2.5e3, null], "b": {"c": "ψ\u00e9\n", "d": true}}"#, "[[[[]]], {}, \"\", 0.1]"].map {
      Array($0.utf8)
    }
    run(inputs, seed: 2) { bytes throws(FileError) in _ = try JSONValue.parse(bytes, path: "x.json") }
  }

  @Test("2000 damaged safetensors files are read or refused, and none stops the program") func tensors() {
    let file = TensorFile(
      [NamedTensor("a", [2, 3], [1, 2, 3, 4, 5, 6]), NamedTensor("b", 0.5)], metadata: ["step": "3", "x": "ψ"])
    run([file.bytes, file.withChecksum.bytes], seed: 3) { bytes throws(FileError) in
      let read = try TensorFile.parse(bytes, path: "x.safetensors")
      #expect(read.tensors.reduce(0) { $0 + $1.values.count } <= bytes.count / 4)
    }
  }

  @Test("2000 damaged NPY files are read or refused, and none stops the program") func arrays() {
    run([NumpyArray(shape: [2, 2], [1, 2, 3, 4]).bytes, NumpyArray(shape: [], [1]).bytes], seed: 4) {
      bytes throws(FileError) in
      let read = try NumpyArray.parse(bytes, path: "x.npy")
      #expect(read.values.count <= bytes.count / 4)
    }
  }
}
