/// Lines of equal value on a grid: where |ψ|² has a tenth of its maximum, where ψ changes its sign.
///
///     let (x, y) = contour(values, x: places, y: places, level: 0)
///     Series("node", x: x, y: y, style: .path)
///
/// Marching squares: in each square of four neighbours the line enters and leaves where linear interpolation along an edge
/// gives the level, and pieces that share an edge are joined. A saddle is resolved by the mean of its four values. Squares
/// with a value that is not finite are left out.
///
/// - Parameters:
///   - values: row-major, a row for each of `y`, a column for each of `x`.
///   - x: places of columns.
///   - y: places of rows.
///   - level: the value that the lines have.
/// - Returns: places in order, with not-a-number between lines; a closed line ends where it began. Nothing where the level
///   is not met.
/// - Complexity: O(rows · columns).
package func contour(
  _ values: [Double], x: [Double], y: [Double], level: Double
) -> (x: [Double], y: [Double]) {
  let (rows, columns) = (y.count, x.count)
  precondition(values.count == rows * columns, "\(values.count) values on a grid of \(rows) × \(columns)")
  func isAbove(_ row: Int, _ column: Int) -> Bool { values[row * columns + column] >= level }

  // An edge has the number of its lower or left corner, twice, and one more if it runs upwards.
  func across(_ row: Int, _ column: Int) -> Int { 2 * (row * columns + column) }
  func up(_ row: Int, _ column: Int) -> Int { 2 * (row * columns + column) + 1 }
  var neighbours = [Int: [Int]]()
  func join(_ a: Int, _ b: Int) {
    neighbours[a, default: []].append(b)
    neighbours[b, default: []].append(a)
  }
  for r in 0..<max(rows - 1, 0) {
    for c in 0..<max(columns - 1, 0) {
      let corners = [(r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c)]
      guard corners.allSatisfy({ values[$0.0 * columns + $0.1].isFinite }) else { continue }
      let above = corners.map { isAbove($0.0, $0.1) }
      let edges = [across(r, c), up(r, c + 1), across(r + 1, c), up(r, c)]
      let crossed = (0..<4).filter { above[$0] != above[($0 + 1) % 4] }
      if crossed.count == 2 { join(edges[crossed[0]], edges[crossed[1]]) }
      if crossed.count == 4 {
        let mean = corners.reduce(0) { $0 + values[$1.0 * columns + $1.1] } / 4
        // The first corner is cut off where the middle is on the other side.
        let cutsFirst = (mean >= level) != above[0]
        join(edges[0], edges[cutsFirst ? 3 : 1])
        join(edges[2], edges[cutsFirst ? 1 : 3])
      }
    }
  }

  func place(_ edge: Int) -> (x: Double, y: Double) {
    let (row, column) = (edge / 2 / columns, edge / 2 % columns)
    let (first, second) = (
      values[row * columns + column], values[edge % 2 == 0 ? row * columns + column + 1 : (row + 1) * columns + column]
    )
    let part = (level - first) / (second - first)
    return edge % 2 == 0
      ? (x[column] + part * (x[column + 1] - x[column]), y[row])
      : (x[column], y[row] + part * (y[row + 1] - y[row]))
  }

  // Open lines from their ends first, closed ones from anywhere.
  var (resultX, resultY): ([Double], [Double]) = ([], [])
  var visited: Set<Int> = []
  let edges = neighbours.keys.sorted()
  for start in edges.filter({ neighbours[$0]?.count == 1 }) + edges where !visited.contains(start) {
    if !resultX.isEmpty {
      resultX.append(.nan)
      resultY.append(.nan)
    }
    var line = [start]
    visited.insert(start)
    while let next = neighbours[line[line.count - 1]]?.first(where: { !visited.contains($0) }) {
      line.append(next)
      visited.insert(next)
    }
    if line.count > 2, neighbours[line[line.count - 1]]?.contains(start) == true { line.append(start) }
    for edge in line {
      let (x, y) = place(edge)
      resultX.append(x)
      resultY.append(y)
    }
  }
  return (resultX, resultY)
}
