extension CaseGrid {
  package func drawing(width wish: Double, margins: Margins) -> Drawing {
    let wish = sensibleWidth(wish)
    let style = TextStyle.small
    let symbolRoom = 24.0

    // Cells are as wide as the widest needs, and share what room there is.
    let words = rows.indices.map { row in columns.indices.map { lines(cell(row, $0)) } }
    let widest = words.joined().joined().map { style.width(of: $0) }.max() ?? 0
    let headings = columns.map { wrapped($0, .label, into: 140) }
    let widestHeading = headings.joined().map { TextStyle.label.width(of: $0) }.max() ?? 0
    let needed = max(symbolRoom + widest + 10, widestHeading + 8, 44)
    let cellHeight = Double(words.joined().map(\.count).max() ?? 1) * style.lineHeight + 14

    let rowNames = rows.map { wrapped($0, .label, into: 160) }
    let rowHeights = rowNames.map { max(cellHeight, Double($0.count) * TextStyle.label.lineHeight + 4) }
    let height = max(rowHeights.reduce(0, +), 30)
    let side = wrapped(rowLabel, .label, into: max(height, 60))
    let rowNameWidth = rowNames.joined().map { TextStyle.label.width(of: $0) }.max() ?? 0
    let sideWidth = Double(side.count) * TextStyle.label.lineHeight
    let left = max(sideWidth + rowNameWidth + 22, margins.left).rounded(.up)
    let right = max(8, margins.right).rounded(.up)
    let count = Double(max(columns.count, 1))
    let cellWidth = max((min((wish - left - right) / count, 150)), needed).rounded(.down) + 1
    let span = cellWidth * count

    var drawing = Drawing(width: left + span + right)
    drawing.title = title.isEmpty ? "cases" : title
    drawing.summary = spokenSummary
    var top = 8.0
    for line in wrapped(title, .title, into: span + right - 4) {
      drawing.text(line, x: left, baseline: top + 10, .start, .title)
      top += TextStyle.title.lineHeight
    }
    top += 4
    for line in wrapped(columnLabel, .label, into: span) {
      drawing.text(line, x: left + span / 2, baseline: top + TextStyle.label.ascent, .middle, .label)
      top += TextStyle.label.lineHeight
    }
    let deepest = headings.map(\.count).max() ?? 0
    for (column, heading) in headings.enumerated() {
      for (number, line) in heading.enumerated() {
        let row = Double(deepest - heading.count + number)
        drawing.text(
          line, x: left + (Double(column) + 0.5) * cellWidth,
          baseline: top + TextStyle.label.ascent + row * TextStyle.label.lineHeight, .middle, .label)
      }
    }
    top = (top + Double(deepest) * TextStyle.label.lineHeight + 4).rounded(.up)
    drawing.frame = Box(left: left, top: top, right: left + span, bottom: top + height)

    // The table, row after row, with its names at the left.
    var rowTop = top
    for row in rows.indices {
      let middle = rowTop + rowHeights[row] / 2
      drawing.lines(rowNames[row], .label, x: left - 8, middle: middle, .end)
      for column in columns.indices {
        let x = left + Double(column) * cellWidth
        let box = Box(left: x + 1, top: rowTop + 1, right: x + cellWidth - 1, bottom: rowTop + rowHeights[row] - 1)
        drawing.path(rectangle(box), cell(row, column).state.rawValue)
        // Symbol and words in the middle together, in line with those above and below.
        let centre = x + cellWidth / 2
        let bare = words[row][column].isEmpty
        let symbol = Place(x: bare ? centre : centre - (widest + symbolRoom) / 2 + 7, y: middle)
        drawing.cellSymbol(cell(row, column).state, at: symbol)
        drawing.lines(words[row][column], style, x: centre + symbolRoom / 2, middle: middle, .middle)
      }
      rowTop += rowHeights[row]
    }
    for (number, line) in side.enumerated() {
      let baseline = 4 + TextStyle.label.ascent + Double(number) * TextStyle.label.lineHeight
      drawing.turnedText(line, baseline: baseline, y: top + height / 2, .label)
    }

    // States that occur, in the order from good to bad.
    let states = Set(rows.indices.flatMap { row in columns.indices.map { cell(row, $0).state } })
    let entries = CaseState.allCases.filter(states.contains).map { Legend.Entry(name: name($0), sample: .state($0)) }
    let legend = Legend(entries, room: span)
    legend.draw(on: &drawing, x: left, y: drawing.frame.bottom + 8)
    drawing.width = max(drawing.width, left + legend.width + 4)
    drawing.height = drawing.frame.bottom + legend.height + 14
    return drawing
  }

  private func lines(_ cell: Cell) -> [String] {
    cell.text.split(separator: "\n").flatMap { wrapped(String($0), .small, into: 160) }
  }
}

extension Drawing {
  /// Lines one below the other around a middle.
  fileprivate mutating func lines(_ lines: [String], _ style: TextStyle, x: Double, middle: Double, _ anchor: Anchor) {
    let first = middle - Double(lines.count - 1) / 2 * style.lineHeight + style.size * 0.34
    for (number, line) in lines.enumerated() {
      text(line, x: x, baseline: first + Double(number) * style.lineHeight, anchor, style)
    }
  }

  /// A tick, a wave, a cross, a dash.
  mutating func cellSymbol(_ state: CaseState, at centre: Place) {
    boxes.append(Box(left: centre.x - 7, top: centre.y - 7, right: centre.x + 7, bottom: centre.y + 7))
    let commands =
      switch state {
      case .reached: "M\(coordinates(centre.x - 5, centre.y))l3.5 4 6.5 -8.5"
      case .close: "M\(coordinates(centre.x - 6, centre.y + 1.5))c2 -5 4 -5 6 -1.5s4 3.5 6 -1.5"
      case .missed: "M\(coordinates(centre.x - 4, centre.y - 4))l8 8m0 -8l-8 8"
      case .missing: "M\(coordinates(centre.x - 4, centre.y))h8"
      }
    path(commands, "sign")
  }
}
