/// The values of matrices as colours: a Fisher matrix beside its Kronecker model, a pair density.
///
///     HeatMap(
///       title: "Fisher matrix", rows: 40, columns: 40,
///       panels: [.init("exact", values: exact), .init("Kronecker factors", values: kronecker)],
///       colours: .diverging, label: "F")
///
/// All panels share axes and colour scale. Without coordinates rows are counted from 0 at the top, as a matrix is
/// written; with them x runs to the right and y upwards, as functions are drawn.
package struct HeatMap: Picture, Equatable {
  package struct Panel: Sendable, Equatable {
    package var title: String
    /// Row-major, rows × columns. What is missing or not finite is drawn grey.
    package var values: [Double]
    /// Curves over the colours, without a legend: a contour, a path. In the ink of the page unless they have a colour.
    package var lines: [Series]

    package init(_ title: String = "", values: [Double], lines: [Series] = []) {
      self.title = title
      self.values = values
      self.lines = lines
    }
  }

  package var title: String
  package var rows: Int
  package var columns: Int
  package var panels: [Panel]
  /// Centres of columns and rows, equally spaced; only the first and the last are read, and the axis
  /// runs from one to the other. Indices if nil.
  package var x: [Double]?
  package var y: [Double]?
  package var xLabel: String
  package var yLabel: String
  package var colours: ColourMap
  /// What the colours stand for, with its unit.
  package var label: String
  /// The value of the last colour, and of the first with the sign changed on a diverging scale; from the values if nil.
  package var largest: Double?
  /// Rows, and columns, of a block of a matrix, with thin lines between blocks; none if nil.
  package var block: Int?
  /// What a screen reader tells; composed if empty.
  package var summary: String

  package init(
    title: String = "", rows: Int, columns: Int, panels: [Panel], x: [Double]? = nil, y: [Double]? = nil,
    xLabel: String = "", yLabel: String = "", colours: ColourMap = .sequential, label: String = "",
    largest: Double? = nil, block: Int? = nil, summary: String = ""
  ) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.panels = panels
    self.x = x
    self.y = y
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.colours = colours
    self.label = label
    self.largest = largest
    self.block = block
    self.summary = summary
  }
}

extension HeatMap {
  /// Values at the ends of the colours: 0…m, or from the smallest value where there are negative ones; -m…m.
  var ends: (low: Double, high: Double) {
    let finite = panels.lazy.flatMap { $0.values.prefix(max(0, rows) * max(0, columns)) }.filter(\.isFinite)
    let (smallest, greatest) = finite.reduce((0, 0)) { (min($0.0, $1), max($0.1, $1)) }
    func bounded(_ x: Double) -> Double { min(max(x, -8e307), 8e307) }
    var high = bounded(colours == .sequential ? greatest : max(greatest, -smallest))
    if let largest, largest > 0, largest.isFinite { high = bounded(largest) }
    let low = colours == .sequential ? bounded(smallest) : -high
    if high - low < 1e-303 { return (colours == .sequential ? 0 : -1, 1) }
    return (low, high)
  }

  /// The axes: half a cell beyond the outer centres.
  var axisScales: (x: AxisScale, y: AxisScale) {
    (scale(x, columns, reversed: false), scale(y, rows, reversed: y == nil))
  }

  private func scale(_ centres: [Double]?, _ count: Int, reversed: Bool) -> AxisScale {
    let count = Double(max(count, 1))
    let indices = AxisScale(low: -0.5, high: count - 0.5, reversed: reversed)
    guard let first = centres?.first, let last = centres?.last, abs(first) < 1e300, abs(last) < 1e300 else {
      return indices
    }
    // One cell has no width of its own.
    let half = count > 1 ? (last - first) / (count - 1) / 2 : 0.5
    let (low, high) = (min(first - half, last + half), max(first - half, last + half))
    return high - low >= max(1e-10 * max(abs(low), abs(high)), 1e-303)
      ? AxisScale(low: low, high: high, reversed: first > last) : indices
  }
}
