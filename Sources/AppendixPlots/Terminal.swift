import AppendixText

/// A history in one line of a terminal, from the smallest value ▁ to the largest █.
///
///     sparkline([3, 2, 1.5, 1.2, 1.1, 1], width: 6)      // "█▅▃▂▁▁"
///
/// - Parameters:
///   - values: more of them than the width are averaged in groups. What is not finite is left out, a group of such a
///     blank.
///   - width: characters at most.
package func sparkline(_ values: [Double], width: Int = 60) -> String {
  let means = resampled(values, into: min(width, values.count))
  let finite = means.filter(\.isFinite)
  guard let low = finite.min(), let high = finite.max() else { return String(repeating: " ", count: means.count) }
  return String(
    means.map { value -> Character in
      guard value.isFinite else { return " " }
      // Equal values are neither low nor high.
      return eighths[high > low ? 1 + Int(((value / 2 - low / 2) / (high / 2 - low / 2) * 7).rounded()) : 4]
    })
}

/// A density in a terminal, several rows of blocks high, over its axis.
///
///     print(densityBlocks([0, 0.3, 0.5, 0.3, 0], from: -2, to: 2, width: 20, rows: 3))
///
/// - Parameters:
///   - values: from the left end of the axis to its right end, equally wide; drawn from 0 to the largest. What is
///     negative or not finite is blank.
///   - low: the left end of the axis.
///   - high: its right end.
///   - width: characters between the ends.
///   - rows: lines of blocks above the axis.
package func densityBlocks(_ values: [Double], from low: Double, to high: Double, width: Int = 60, rows: Int = 6)
  -> String
{
  let (width, rows) = (max(width, 1), max(rows, 1))
  let columns = resampled(values, into: width)
  let largest = max(0, columns.filter(\.isFinite).max() ?? 0)
  let heights = columns.map { value in
    largest > 0 && value > 0 && value.isFinite ? Int((value / largest * Double(rows * 8)).rounded()) : 0
  }
  let top = shortNumber(largest)
  let margin = max(top.count, 1)
  var lines = (0..<rows).map { row in
    let beneath = (rows - 1 - row) * 8
    let blocks = String(heights.map { eighths[min(max($0 - beneath, 0), 8)] })
    return rightAligned(row == 0 ? top : "", margin) + " │" + blocks
  }
  lines.append(rightAligned("0", margin) + " └" + String(repeating: "─", count: width))
  let (left, right) = (shortNumber(low), shortNumber(high))
  let blanks = String(repeating: " ", count: max(1, width - left.count - right.count))
  lines.append(rightAligned("", margin + 2) + left + blanks + right)
  return lines.map(withoutBlanksAtEnd).joined(separator: "\n")
}

/// A matrix of values that are not negative as shades ░▒▓█ in a terminal: a pair density, say.
///
/// - Parameters:
///   - values: row-major, rows × columns; from 0, a blank, to the largest. What is negative, missing or not finite is
///     blank.
///   - rows: of the matrix.
///   - columns: of the matrix.
///   - most: rows and columns at most; more are averaged. A cell is two characters wide, hence about square.
///   - upwards: the first row at the bottom, as functions of x and y are drawn; else at the top, as a matrix is
///     written.
package func densityShades(
  _ values: [Double], rows: Int, columns: Int, most: Int = 24, upwards: Bool = false
) -> String {
  guard rows > 0 && columns > 0 && most > 0 else { return "" }
  let (height, width) = (min(rows, most), min(columns, most))
  let cells = merged(values, rows: rows, columns: columns, height: height, width: width)
  let largest = cells.filter(\.isFinite).max() ?? 0
  let shades: [Character] = [" ", "░", "▒", "▓", "█"]
  let lines = (0..<height).map { row in
    String(
      cells[row * width..<(row + 1) * width].flatMap { value -> [Character] in
        guard largest > 0 && value > 0 && value.isFinite else { return [" ", " "] }
        let shade = shades[min(Int(value / largest * 5), 4)]
        return [shade, shade]
      })
  }
  return (upwards ? lines.reversed() : lines).map(withoutBlanksAtEnd).joined(separator: "\n")
}

private let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

/// A list in so many parts of equal length: means where they are fewer than the values, else values repeated.
private func resampled(_ values: [Double], into count: Int) -> [Double] {
  guard count > 0 && !values.isEmpty else { return [] }
  if values.count >= count { return merged(values, rows: values.count, columns: 1, into: count) }
  return (0..<count).map { values[$0 * values.count / count] }
}

/// Three digits that count; what is too small for ordinary numbers is 0.
private func shortNumber(_ x: Double) -> String {
  guard x.isFinite else { return "-" }
  guard abs(x) > 1e-300 else { return "0" }
  var power = decade(of: abs(x))
  var digits = Int((abs(x) / powerOfTen(power) * 100).rounded())
  if digits == 1000 { (digits, power) = (100, power + 1) }
  var exponent = power - 2
  while digits % 10 == 0 { (digits, exponent) = (digits / 10, exponent + 1) }
  let signed = x < 0 ? -digits : digits
  return (-4...5).contains(power)
    ? decimalText(signed, exponent) : "\(decimalText(signed, exponent - power))×\(powerText(power))"
}

private func withoutBlanksAtEnd(_ line: String) -> String {
  String(line.reversed().drop { $0 == " " }.reversed())
}
