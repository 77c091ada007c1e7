/// A page of words, tables and pictures that is one HTML file: no scripts, nothing from elsewhere.
///
///     var report = Report(title: "Two fermions")
///     report.parts = [
///       .heading("Result"), .table(ReportTable("Energies", rows: [["adam", "-2.46"], ["dgd", "-2.47"]])),
///       .figures([ReportFigure(plot, caption: "The energy at every step.")]),
///     ]
///     let text = report.html
///
/// The page is well-formed XML, reads on a phone, on a dark screen and on paper, and its bytes are a function of its
/// parts.
package struct Report: Sendable {
  package enum Part: Sendable {
    /// - anchor: what links of tables lead to; letters, digits and hyphens. No link leads here if nil.
    case heading(String, anchor: String? = nil)
    case smallHeading(String)
    case words(String)
    /// A line for a shell, to be copied.
    case command(String)
    case table(ReportTable)
    /// Side by side where the page is broad enough.
    case figures([ReportFigure])
  }

  package var title: String
  package var parts: [Part]

  package init(title: String, parts: [Part] = []) {
    self.title = title
    self.parts = parts
  }
}

/// Rows of words and numbers. The first column names the rows.
package struct ReportTable: Sendable {
  package struct Cell: Sendable, ExpressibleByStringLiteral {
    package var text: String
    /// The anchor of a heading on the page.
    package var link: String?

    package init(_ text: String, link: String? = nil) {
      self.text = text
      self.link = link
    }
    package init(stringLiteral text: String) { self.init(text) }
  }

  /// What the table tells; shown above it.
  package var caption: String
  /// Heads of the columns; none if empty.
  package var columns: [String]
  package var rows: [[Cell]]
  /// Columns of numbers, which end at the right, counted from 0.
  package var numbers: Set<Int>

  package init(_ caption: String, columns: [String] = [], rows: [[Cell]], numbers: Set<Int> = []) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.numbers = numbers
  }
}

/// A picture with the words beneath it.
package struct ReportFigure: Sendable {
  package var picture: any Picture
  package var caption: String
  /// Over the whole width of the page, where it is broad; drawn a second time for a narrow one.
  package var isWide: Bool

  package init(_ picture: any Picture, caption: String, isWide: Bool = false) {
    self.picture = picture
    self.caption = caption
    self.isWide = isWide
  }
}
