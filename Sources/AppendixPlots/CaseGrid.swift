/// How a case came out.
package enum CaseState: String, Sendable, CaseIterable {
  case reached, close, missed, missing

  /// What the legend says unless told otherwise.
  package var name: String { self == .missed ? "not reached" : rawValue }

  /// Tints of Okabe and Ito's bluish green, orange and vermilion, and grey; a symbol says the same.
  var tint: (light: Colour, dark: Colour) {
    switch self {
    case .reached: (Colour(0xBFE6D8), Colour(0x0F5A44))
    case .close: (Colour(0xFBE8BC), Colour(0x66500F))
    case .missed: (Colour(0xF3BFA0), Colour(0x7A3514))
    case .missing: (Colour(0xEDEDED), Colour(0x2A2E35))
    }
  }
}

/// A table of cases, each with a word or two and how it came out: particles down, strengths across.
///
///     CaseGrid(
///       rowLabel: "particles", columnLabel: "strength (ħω)", rows: ["2", "3"], columns: ["−20", "10"],
///       cells: [.init("4e-4", .reached), .init("8e-4", .reached), .init("2e-3", .close), .init(state: .missing)])
package struct CaseGrid: Picture, Equatable {
  package struct Cell: Sendable, Equatable {
    /// A few words; a line end begins the next line.
    package var text: String
    package var state: CaseState

    package init(_ text: String = "", _ state: CaseState) {
      self.text = text
      self.state = state
    }
    package init(state: CaseState) { self.init("", state) }
  }

  package var title: String
  package var rowLabel: String
  package var columnLabel: String
  package var rows: [String]
  package var columns: [String]
  /// Row after row; those that are not there count as missing.
  package var cells: [Cell]
  /// What a state means, for the legend: "relative error ≤ 10⁻³".
  package var names: [CaseState: String]
  /// What a screen reader tells; all cells if empty.
  package var summary: String

  package init(
    title: String = "", rowLabel: String = "", columnLabel: String = "", rows: [String], columns: [String],
    cells: [Cell], names: [CaseState: String] = [:], summary: String = ""
  ) {
    self.title = title
    self.rowLabel = rowLabel
    self.columnLabel = columnLabel
    self.rows = rows
    self.columns = columns
    self.cells = cells
    self.names = names
    self.summary = summary
  }

  func cell(_ row: Int, _ column: Int) -> Cell {
    let index = row * columns.count + column
    return index < cells.count ? cells[index] : Cell(state: .missing)
  }

  func name(_ state: CaseState) -> String { names[state] ?? state.name }

  var spokenSummary: String {
    guard summary.isEmpty else { return summary }
    let lines = rows.indices.map { row in
      let outcomes = columns.indices.map { column in
        let cell = cell(row, column)
        return "\(columns[column]): \(cell.text) \(name(cell.state))"
      }
      return "\(rowLabel) \(rows[row]): \(outcomes.joined(separator: "; "))"
    }
    return lines.joined(separator: ". ") + "."
  }
}
