/// A matrix as few paths as it has colours: in each row, neighbours of one colour are one stroke.
///
/// Coordinates are whole numbers of cells, to be scaled by a transform; a stroke is one cell high.
///
/// - Parameters:
///   - levels: rows × columns numbers of colours, nil for none.
///   - count: how many colours there are.
/// - Returns: a path for each colour, and one for what has none.
/// - Complexity: O(rows · columns); at most about nine bytes a cell.
func cellRuns(_ levels: [Int?], rows: Int, columns: Int, count: Int) -> (paths: [String], none: String) {
  var paths = [String](repeating: "", count: count + 1)
  // Where each path's pen stands: after a move and a stroke, written relative to it.
  var pens = [(column: Int, row: Int)?](repeating: nil, count: count + 1)
  for row in 0..<rows {
    var start = 0
    while start < columns {
      let level = levels[row * columns + start]
      var end = start + 1
      while end < columns && levels[row * columns + end] == level { end += 1 }
      let index = level ?? count
      if let pen = pens[index] {
        paths[index] += "m\(start - pen.column) \(row - pen.row)h\(end - start)"
      } else {
        paths[index] += "M\(start) \(row)h\(end - start)"
      }
      pens[index] = (end, row)
      start = end
    }
  }
  return (Array(paths.dropLast()), paths[count])
}

/// A matrix with fewer rows: each new one is the mean over the part of the old ones that it covers.
///
/// Values that are not finite are left out of the mean; where nothing is left the result is not a number.
func merged(_ values: [Double], rows: Int, columns: Int, into target: Int) -> [Double] {
  guard rows > target else { return values }
  var result = [Double](repeating: .nan, count: target * columns)
  for new in 0..<target {
    // From new · rows/target to (new + 1) · rows/target, in units of 1/target of a row.
    let (first, last) = (new * rows, (new + 1) * rows)
    for column in 0..<columns {
      var (sum, weight) = (0.0, 0.0)
      for row in (first / target)...((last - 1) / target) {
        let value = values[row * columns + column]
        guard value.isFinite else { continue }
        let part = Double(min(last, (row + 1) * target) - max(first, row * target))
        sum += value * (part / Double(rows))
        weight += part / Double(rows)
      }
      if weight > 0 { result[new * columns + column] = sum / weight }
    }
  }
  return result
}

/// A matrix with at most so many rows and columns; values that are not there are not numbers.
func merged(_ values: [Double], rows: Int, columns: Int, height: Int, width: Int) -> [Double] {
  var cells = Array(values.prefix(rows * columns))
  cells += [Double](repeating: .nan, count: rows * columns - cells.count)
  cells = merged(cells, rows: rows, columns: columns, into: height)
  cells = transposed(cells, rows: height, columns: columns)
  cells = merged(cells, rows: columns, columns: height, into: width)
  return transposed(cells, rows: width, columns: height)
}

/// Rows and columns changed round.
private func transposed(_ values: [Double], rows: Int, columns: Int) -> [Double] {
  (0..<rows * columns).map { values[($0 % rows) * columns + $0 / rows] }
}
