import AppendixFiles
import TestSupport
import Testing

@Suite("A.3 CSV") struct Tables {
  @Test("a header is a first line of names; comments, quotes, spaces and Windows line breaks do no harm")
  func header() throws {
    let table = try NumericTable.parse("\u{FEFF}# nqs --seed 1\r\n\"x\", y\r\n 1, -2.5\r\n\r\n\"3e-2\",4\r\n")
    #expect(table == NumericTable(columns: ["x", "y"], rows: [[1, -2.5], [0.03, 4]]))
    #expect(table["y"] == [-2.5, 4])
    #expect(table.values == [1, -2.5, 0.03, 4])
  }

  @Test("positions need no header") func withoutHeader() throws {
    let table = try NumericTable.parse("0.5,-0.5\n1,2")
    #expect(table.columns.isEmpty)
    #expect(table.rows == [[0.5, -0.5], [1, 2]])
  }

  @Test("what is written reads back to the bit, with what is not finite if that is allowed")
  func roundTrip() throws {
    let table = NumericTable(columns: ["step", "ρ"], rows: [[1, .infinity], [2, 0.1 + 0.2]])
    #expect(table.csv == "step,ρ\n1,inf\n2,0.30000000000000004\n")
    let scratch = try Scratch()
    try table.write(scratch.file("t.csv"))
    let back = try NumericTable.read(scratch.file("t.csv"), allowNonFinite: true)
    #expect(back == table)
  }

  @Test(
    "an error names line and column",
    arguments: [
      ("x,y\n1,2\n3", "line 3: 1 fields where the first line has 2; every line needs as many, separated by commas"),
      ("1,2\n3,four", "line 2, column 2: \"four\" is no number; a number such as -1.25 is needed"),
      ("1,2\n,4", "line 2, column 1: the field is empty; a number such as -1.25 is needed"),
      ("1,y\n3,4", "line 1, column 2: \"y\" is no number; a number such as -1.25 is needed"),
      ("x,a\"b\n1,2", "line 1, column 1: \"x\" is no number; a number such as -1.25 is needed"),
      ("x,x\n1,2", "line 1: two columns are called x; names must differ"),
      (
        "0.1;0.2\n",
        "line 1, column 1: \"0.1;0.2\" is no number; its numbers are separated by semicolons; commas are needed"
      ),
      (
        "0.1 0.2\n",
        "line 1, column 1: \"0.1 0.2\" is no number; its numbers are separated by spaces; commas are needed"
      ),
      ("1,nan", "line 1, column 2: nan is not finite; a finite number is needed"),
    ])
  func errors(text: String, message: String) {
    let error = #expect(throws: FileError.self) { try NumericTable.parse(text, path: "x.csv") }
    #expect(error?.description == "x.csv, " + message)
  }
}

@Suite("A.4 Numbers in text") struct Numbers {
  @Test(
    "a number is the whole text",
    arguments: [("1", 1.0), ("-.5", -0.5), ("+2.", 2.0), ("1E-3", 1e-3), ("-inf", -Double.infinity)])
  func accepted(text: String, value: Double) { #expect(number(text) == value) }

  @Test(
    "what is less or more than a number is none",
    arguments: [
      "", " 1", "1 ", "0.2\0garbage", "0.2\0", "1d-1", "0x1p3", "1e", ".", "+", "--1", "1.2.3", "\u{2212}1", "$0.1",
      "1,5",
      "\u{664}", "1_000", "infinit", "nan(1)", String(repeating: "1", count: 401),
    ])
  func refused(text: String) { #expect(number(text) == nil) }

  // Each of these was once taken for a header, and the walker in it lost, or its end overlooked.
  @Test(
    "a first line that is neither a header nor numbers is an error",
    arguments: [
      "1d-1,2d-1", "\u{2212}0.1,\u{2212}0.2", "$0.1,$0.2", "NA,NA", "0.1,0.2\0garbage", "nan,null", "1st,2nd",
    ])
  func noHeader(line: String) {
    #expect(throws: FileError.self) { try NumericTable.parse(line + "\n0.5,-0.5\n") }
  }

  @Test("more than 400 digits are no number, and two million of them are refused in one short line")
  func endless() {
    #expect(number(String(repeating: "1", count: 300)) != nil && number(String(repeating: "0", count: 400)) == 0)
    #expect(number(String(repeating: "0", count: 401)) == nil)
    let digits = [UInt8](repeating: UInt8(ascii: "1"), count: 2_000_000)
    for (reason, parse) in [
      ("is no number", { () throws -> Void in _ = try NumericTable.parse(digits, path: "x.csv") }),
      ("has 2000000 characters", { () throws -> Void in _ = try JSONValue.parse(digits, path: "x.json") }),
    ] {
      let message = (#expect(throws: FileError.self) { try parse() })?.description ?? ""
      #expect(message.contains(reason) && message.count < 200)
    }
  }
}

@Suite("A.5 NPY") struct NumpyArrays {
  @Test("what is written reads back", arguments: [[6], [2, 3], [1, 6, 1], [0, 4], []])
  func roundTrip(shape: [Int]) throws {
    let array = NumpyArray(shape: shape, (0..<shape.reduce(1, *)).map { Double($0) / 3 })
    #expect(array.bytes.count - 8 * array.values.count == 128)
    #expect(try NumpyArray.parse(array.bytes) == array)
  }

  @Test("a file that numpy wrote is read, and written again byte for byte") func numpy() throws {
    let array = try NumpyArray.read(fixture("python.npy"))
    #expect(array == NumpyArray(shape: [2, 3], [1.5, -2, 0.1, 1e-300, .pi, 7]))
    #expect(try array.bytes == readBytes(fixture("python.npy")))
  }

  @Test("cut short at any byte, a file is refused") func truncated() {
    let bytes = NumpyArray(shape: [2], [1, 2]).bytes
    for count in 0..<bytes.count {
      #expect(throws: FileError.self) { try NumpyArray.parse(Array(bytes[..<count])) }
    }
  }

  @Test("with any byte of the header changed, a file is refused or read, without a trap") func flipped() {
    let bytes = NumpyArray(shape: [2, 1], [1, 2]).bytes
    for index in 0..<128 {
      for flip in 1...255 as ClosedRange<UInt8> {
        var changed = bytes
        changed[index] ^= flip
        if let array = try? NumpyArray.parse(changed) { #expect(array.values.count <= 4) }
      }
    }
  }

  @Test("integers and columns first are refused in words") func refused() {
    let text = String(decoding: NumpyArray(shape: [2, 1], [1, 2]).bytes.dropFirst(10).prefix(117), as: UTF8.self)
    func message(_ from: String, _ to: String) -> String? {
      guard let range = text.range(of: from) else { return nil }
      let header = text.replacingCharacters(in: range, with: to) + "\n"
      let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + [UInt8](repeating: 0, count: 16)
      do { return try NumpyArray.parse(bytes, path: "a.npy").shape.description } catch { return error.description }
    }
    #expect(message("<f8", "<i8") == "a.npy: its type is '<i8'; '<f8' or '<f4' is needed")
    #expect(message("False", "True ") == "a.npy: it is column-major; save it with numpy.ascontiguousarray")
  }
}
