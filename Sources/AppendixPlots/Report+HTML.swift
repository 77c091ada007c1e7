extension Report {
  /// How every page begins, by which one is told from other files.
  package static let beginning = """
    <!DOCTYPE html>
    <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
    <head>
    <meta charset="utf-8"/>
    """

  /// The page as a file.
  package var html: String {
    Self.beginning + """

      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(escaped(title))</title>
      <style>
      \(styleSheet())\(pageStyle)</style>
      </head>
      <body>
      <h1>\(escaped(title))</h1>
      \(parts.map(\.html).joined())</body>
      </html>

      """
  }
}

extension Report.Part {
  fileprivate var html: String {
    switch self {
    case .heading(let text, let anchor):
      "<h2\(anchor.map { " id=\"\(escaped($0))\"" } ?? "")>\(escaped(text))</h2>\n"
    case .smallHeading(let text): "<h3>\(escaped(text))</h3>\n"
    case .words(let text): "<p>\(escaped(text))</p>\n"
    case .command(let text): "<pre><code>\(escaped(text))</code></pre>\n"
    case .table(let table): table.html
    case .figures(let figures):
      "<div class=\"figures\(figures.contains(where: \.isWide) ? " whole" : "")\">\n"
        + figures.map(\.html).joined() + "</div>\n"
    }
  }
}

extension ReportTable {
  fileprivate var html: String {
    func end(_ column: Int) -> String { numbers.contains(column) ? " class=\"number\"" : "" }
    // A narrow window shows a table of many columns as a list, each cell behind the head of its column.
    let hasMany = columns.count > 2
    var lines = ["<table\(hasMany ? " class=\"many\"" : "")>", "<caption>\(escaped(caption))</caption>"]
    if !columns.isEmpty {
      let heads = columns.enumerated().map { "<th scope=\"col\"\(end($0.offset))>\(escaped($0.element))</th>" }
      lines.append("<thead><tr>\(heads.joined())</tr></thead>")
    }
    lines.append("<tbody>")
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        let text = escaped(cell.text)
        let content = cell.link.map { "<a href=\"#\(escaped($0))\">\(text)</a>" } ?? text
        guard column > 0 else { return "<th scope=\"row\">\(content)</th>" }
        let head = hasMany ? " data-head=\"\(escaped(columns[column]))\"" : ""
        return "<td\(end(column))\(head)>\(content)</td>"
      }
      lines.append("<tr>\(cells.joined())</tr>")
    }
    lines += ["</tbody>", "</table>"]
    // What is broader than the page is moved inside a frame, with the keyboard too.
    let frame = "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(escaped(caption))\">"
    return frame + "\n" + lines.joined(separator: "\n") + "\n</div>\n"
  }
}

extension ReportFigure {
  /// A phone's width less margins; in a broad window several stand side by side.
  private static let narrow = 368.0
  private static let broad = 960.0

  fileprivate var html: String {
    let small = picture.svg(width: Self.narrow, style: false)
    var drawings = small
    if isWide {
      let large = picture.svg(width: Self.broad, style: false)
      drawings = "<div class=\"narrow\">\n\(small)</div>\n<div class=\"broad\">\n\(large)</div>\n"
    }
    return "<figure>\n\(drawings)<figcaption>\(escaped(caption))</figcaption>\n</figure>\n"
  }
}
