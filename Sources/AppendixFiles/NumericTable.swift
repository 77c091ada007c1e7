/// A table of numbers in the CSV format: walkers' positions, the history of a run, a density, the data of a figure.
///
///     # nqs measure run --seed 1
///     r,density
///     0,0.3989
///     0.1,0.3969
///
/// Lines that start with `#` are comments. Numbers are written with the fewest digits that read back as the same bits.
///
/// - Invariant: every row has `width` numbers; `columns` is empty (no header) or has `width` names without comma, quote
///   or line break, not all of them numbers.
package struct NumericTable: Equatable, Sendable {
  /// Names of the columns; empty where the file has no header line.
  package var columns: [String]
  package var rows: [[Double]]
  /// Comment lines without their `#`.
  package var comments: [String]

  package init(columns: [String] = [], rows: [[Double]], comments: [String] = []) {
    self.columns = columns
    self.rows = rows
    self.comments = comments
  }

  /// Numbers in a row; 0 for a table without header and rows.
  package var width: Int { columns.isEmpty ? rows.first?.count ?? 0 : columns.count }

  /// All numbers, row after row: shape [rows, width].
  package var values: [Double] { rows.flatMap { $0 } }

  /// The numbers below a name; nil where no column has it.
  package subscript(column: String) -> [Double]? {
    columns.firstIndex(of: column).map { index in rows.map { $0[index] } }
  }

  /// Writes the file, complete or not at all.
  package func write(_ path: String) throws(FileError) { try writeAtomically(csv, to: path) }

  /// The file's content: comments, header, rows.
  package var csv: String {
    precondition(rows.allSatisfy { $0.count == width }, "rows of a table must have \(width) numbers each")
    precondition(columns.allSatisfy(Self.isColumnName), "a column name is empty or has a comma or quote: \(columns)")
    var lines = comments.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }.map { "# " + $0 }
    if !columns.isEmpty { lines.append(columns.joined(separator: ",")) }
    lines += rows.map(Self.line)
    return lines.map { $0 + "\n" }.joined()
  }

  static func line(_ row: [Double]) -> String { row.map(digits).joined(separator: ",") }

  static func isColumnName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("#") && !name.contains { $0 == "," || $0 == "\"" || $0.isNewline }
  }
}
