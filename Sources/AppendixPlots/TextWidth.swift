/// Room that a line of text needs, in the unit of its size, whatever sans serif the reader's system has.
///
/// Advance widths in thousandths of the size: the largest of DejaVu Sans, Noto Sans, Liberation Sans (the widths of
/// Arial) and Roboto, read off their tables. The last three set text 5 to 15 percent tighter, and bold adds less than
/// a fifth. Characters that are in no table count as a whole size and a tenth, marks that sit on others as nothing.
package func textWidth(_ text: String, size: Double, bold: Bool = false) -> Double {
  var thousandths = 0
  for scalar in text.unicodeScalars { thousandths += advance(scalar) }
  return Double(thousandths) / 1000 * size * (bold ? 1.2 : 1)
}

private func advance(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.value {
  case 0x20...0x7E: return printableASCII[Int(scalar.value) - 0x20]
  case 0xB2, 0xB3, 0xB9, 0x2070...0x2079, 0x2080...0x2089: return 401
  case 0xB7, 0x2018...0x201B, 0x2032: return 318
  case 0x207A...0x207C, 0x208A...0x208C: return 528
  case 0x3B1...0x3C8: return 761
  case 0xE0...0xE5, 0xE7...0xEF, 0xF0...0xFF, 0x127, 0x2013: return 695
  case 0xB1, 0xC0...0xC5, 0xC7...0xDF, 0xF7, 0x3C9, 0x391...0x3A8, 0x2212, 0x2248, 0x2264, 0x2265: return 910
  case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
  default: return 1100
  }
}

/// From the space to the tilde.
private let printableASCII = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 551, 838, 318, 361, 318, 413,
  636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 556,
  1015, 684, 686, 722, 770, 667, 611, 778, 752, 339, 552, 667, 557, 907, 760, 787,
  667, 787, 722, 667, 611, 732, 684, 989, 685, 667, 685, 390, 411, 390, 838, 556,
  500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
  635, 635, 413, 521, 392, 634, 592, 818, 592, 592, 525, 636, 551, 636, 838,
]

/// Text broken into lines that fit: at spaces where there are some, inside a word that is longer than a line.
///
/// - Returns: no line for empty text; a line holds at least one character, however narrow the room.
func wrapped(_ text: String, _ style: TextStyle, into room: Double) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(whereSeparator: \.isWhitespace) {
    let longer = line.isEmpty ? String(word) : line + " " + word
    if style.width(of: longer) <= room {
      line = longer
      continue
    }
    if !line.isEmpty { lines.append(line) }
    line = ""
    for character in word {
      if !line.isEmpty && style.width(of: line + String(character)) > room {
        lines.append(line)
        line = ""
      }
      line.append(character)
    }
  }
  return line.isEmpty ? lines : lines + [line]
}

/// The sizes of words in a drawing; the raw value is the class in the style sheet.
enum TextStyle: String, CaseIterable {
  case heading, title, label, small

  var size: Double {
    switch self {
    case .heading: 16
    case .title: 14
    case .label: 13
    case .small: 12
    }
  }
  /// From one baseline to the next.
  var lineHeight: Double { (size * 1.3).rounded() }
  var isBold: Bool { self == .heading || self == .title }
  /// Above and below the baseline.
  var ascent: Double { size * 0.8 }
  var descent: Double { size * 0.22 }

  func width(of text: String) -> Double { textWidth(text, size: size, bold: isBold) }
}
