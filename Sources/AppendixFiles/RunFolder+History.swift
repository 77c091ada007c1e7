#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension RunFolder {
  /// Appends a row, the step first, to `history.csv`: one `write`, so that readers see whole rows.
  ///
  /// Rewriting the file at each step would cost more with every row; a kill can tear at most the row being
  /// written, which has no line break then: reading drops it, and the next append cuts it off.
  package func append(_ row: [Double]) throws(FileError) {
    let file = openFile(historyPath, O_RDWR)
    guard file >= 0 else { throw .refused("write", historyPath) }
    defer { close(file) }

    // Check the width against the header, and find the end of the last whole line.
    let size = lseek(file, 0, SEEK_END)
    let end = try endOfLastLine(file, size: size)
    let width = try headerWidth(file)
    guard row.count == width else {
      let problem = "its header has \(width) columns"
      throw .badData(path: historyPath, place: "line 1", problem: problem, expected: "this run writes \(row.count)")
    }
    if end < size, ftruncate(file, end) != 0 { throw .refused("write", historyPath) }

    // A row that does not fit on the disk leaves no part of it.
    guard lseek(file, end, SEEK_SET) == end else { throw .refused("write", historyPath) }
    let failure = writeAll(Array((NumericTable.line(row) + "\n").utf8), to: file)
    guard failure == 0 else {
      ftruncate(file, end)
      throw .refused("write", historyPath, code: failure)
    }
  }

  /// The history so far, without a torn last row, and its bytes as they are.
  ///
  /// - Throws: unless the first column is `step` and holds 1, 2, 3, ….
  func readHistory() throws(FileError) -> (table: NumericTable, bytes: [UInt8]) {
    let bytes = try readBytes(historyPath, wantsRegularFile: true)
    let whole = bytes.dropLast(bytes.reversed().prefix { $0 != UInt8(ascii: "\n") }.count)
    let table = try NumericTable.parse(Array(whole), path: historyPath, allowNonFinite: true)
    guard table.columns.first == "step" else {
      throw .badData(
        path: historyPath, place: "line 1", problem: "no header begins with step",
        expected: "the history of a run by nqs solve is needed")
    }
    for (index, row) in table.rows.enumerated() where row[0] != Double(index + 1) {
      throw .badData(
        path: historyPath, problem: "row \(index + 1) is that of step \(digits(row[0]))",
        expected: "a row is missing, doubled or damaged")
    }
    return (table, bytes)
  }

  /// The header and the rows of the first steps.
  func committed(_ history: [UInt8], steps: Int) -> ArraySlice<UInt8> {
    var lines = 0
    let end = history.firstIndex { byte in
      if byte == UInt8(ascii: "\n") { lines += 1 }
      return lines == steps + 1
    }
    return history[...(end ?? history.endIndex - 1)]
  }

  /// Brings the rows to the disk, as a state that counts on them is about to be saved.
  func flushHistory() throws(FileError) {
    let file = openFile(historyPath, O_RDWR)
    guard file >= 0 else { throw .refused("write", historyPath) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw .refused("write", historyPath) }
  }

  /// The file's size less a torn last line.
  private func endOfLastLine(_ file: Int32, size: off_t) throws(FileError) -> off_t {
    var end = size
    // Unsafe: `pread` writes through a pointer, one byte into one byte.
    var byte: UInt8 = 0
    while end > 0 {
      guard pread(file, &byte, 1, end - 1) == 1 else { throw .refused("read", historyPath) }
      if byte == UInt8(ascii: "\n") { break }
      end -= 1
    }
    return end
  }

  /// Number of columns in the header line.
  private func headerWidth(_ file: Int32) throws(FileError) -> Int {
    var start = [UInt8](repeating: 0, count: 4096)
    // Unsafe: `pread` writes through a pointer, at most the array's own count; what it says it wrote is all that is
    // used.
    let count = pread(file, &start, start.count, 0)
    guard count > 0 else {
      throw .badData(path: historyPath, problem: "it is empty", expected: "a header line is needed")
    }
    return 1 + start[..<count].prefix { $0 != UInt8(ascii: "\n") }.count { $0 == UInt8(ascii: ",") }
  }
}
