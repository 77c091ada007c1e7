/// A table of numbers in the CSV format: walkers' positions, the history of a run, a density, the data of a figure.
///
///     r,density
///     0,0.3989
///     0.1,0.3969
///
/// Nothing but a header line and numbers is written, so that every reader of CSV takes it as it is; where a table comes
/// from stands elsewhere. Numbers are written with the fewest digits that read back as the same bits.
///
/// - Invariant: every row has `width` numbers; `columns` is empty (no header) or has `width` names that `isColumnName`
///   accepts.
package struct NumericTable: Equatable, Sendable {
  /// Names of the columns; empty where the file has no header line.
  package var columns: [String]
  /// The numbers, line by line.
  package var rows: [[Double]]

  /// A table; without names of columns it has no header line.
  package init(columns: [String] = [], rows: [[Double]]) {
    self.columns = columns
    self.rows = rows
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

  /// The file's content: header, rows.
  package var csv: String {
    precondition(rows.allSatisfy { $0.count == width }, "rows of a table must have \(width) numbers each")
    precondition(columns.allSatisfy(Self.isColumnName), "a column's name begins with a letter: \(columns)")
    var lines = columns.isEmpty ? [] : [columns.joined(separator: ",")]
    lines += rows.map(Self.line)
    return lines.map { $0 + "\n" }.joined()
  }

  static func line(_ row: [Double]) -> String { row.map(digits).joined(separator: ",") }

  /// Whether a name can stand in a header: it begins with a letter, so that no number or slip of one is taken for it,
  /// holds no comma, quote or line break, and is no word for a number that is missing.
  static func isColumnName(_ name: String) -> Bool {
    let missing = ["na", "n/a", "nan", "inf", "infinity", "null", "nil", "none", "missing"]
    return name.first.map { $0.isLetter || $0 == "_" } ?? false
      && !name.contains { $0 == "," || $0 == "\"" || $0.isNewline || $0 == "\0" }
      && !missing.contains(name.lowercased())
  }
}
