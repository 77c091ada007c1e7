/// One curve, or points with error bars.
///
///     Series("dgd", y: energies, error: standardErrors)
///     Series("measured", x: positions, y: density, error: errors, style: .points)
package struct Series: Sendable, Equatable {
  package enum Style: Sendable {
    /// Straight lines from point to point, over a band between the error's bounds.
    case line
    /// Stairs: a value holds until the next one, over a band likewise.
    case steps
    /// Straight lines from point to point in their order, to and fro: a walk, an ellipse, a contour. Nothing is thinned
    /// out and there is no band.
    case path
    /// The same, thin and in the colour of the axes: lines of equal value beneath the data. It takes no colour of its own.
    case outline
    /// A mark at each point, and bars to the error's bounds.
    case points
    /// A thin dashed curve in the colour of the axes: something to compare with. It takes no colour of its own.
    case reference
  }

  package var name: String
  /// Places; 0, 1, 2, … if nil.
  package var x: [Double]?
  /// Values. One that is not finite, or not positive on a logarithmic axis, leaves a gap; points beyond the shorter
  /// of the two lists are not drawn.
  package var y: [Double]
  /// Bounds of the error, of the same length; where either is not finite there is none. On a logarithmic axis a lower
  /// bound that is not positive reaches down to the frame.
  package var lower: [Double]?
  package var upper: [Double]?
  package var style: Style
  /// Which of the seven colours, counted around; by position in the plot if nil. The same number makes a method look
  /// the same in every panel.
  package var colour: Int?
  /// Half the width of a mark; nil for 3, and 1.5 where there are more than two hundred.
  package var markSize: Double?

  package init(
    _ name: String, x: [Double]? = nil, y: [Double], lower: [Double]? = nil, upper: [Double]? = nil,
    style: Style = .line, colour: Int? = nil, markSize: Double? = nil
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.lower = lower
    self.upper = upper
    self.style = style
    self.colour = colour
    self.markSize = markSize
  }

  /// A symmetric error: one standard error, say, to either side.
  package init(
    _ name: String, x: [Double]? = nil, y: [Double], error: [Double], style: Style = .line, colour: Int? = nil
  ) {
    self.init(
      name, x: x, y: y, lower: zip(y, error).map { $0 - abs($1) }, upper: zip(y, error).map { $0 + abs($1) },
      style: style, colour: colour)
  }
}

extension Series {
  struct Point: Sendable, Equatable {
    var x: Double
    var y: Double
    /// Bounds of the error, where there are any.
    var bounds: (lower: Double, upper: Double)?

    static func == (a: Point, b: Point) -> Bool {
      a.x == b.x && a.y == b.y && a.bounds?.lower == b.bounds?.lower && a.bounds?.upper == b.bounds?.upper
    }
  }

  /// The points that have a place on both axes; nil where there is a gap.
  func points(_ xAxis: Axis, _ yAxis: Axis) -> [Point?] {
    let count = min(x?.count ?? y.count, y.count)
    return (0..<count).map { i in
      let place = x?[i] ?? Double(i)
      guard xAxis.has(place) && yAxis.has(y[i]) else { return nil }
      var point = Point(x: place, y: y[i])
      if let lower, let upper, i < lower.count, i < upper.count, lower[i].isFinite, yAxis.has(upper[i]) {
        point.bounds = (lower[i], upper[i])
      }
      return point
    }
  }
}

/// A straight line across a plot, such as an exact energy; named in the legend.
///
///     references: [ReferenceLine(-1.89146, label: "Hartree-Fock", isDashed: true), ReferenceLine(-2.47176, label: "exact")]
package struct ReferenceLine: Sendable, Equatable {
  package enum Direction: Sendable { case horizontal, vertical }

  package var value: Double
  package var label: String
  package var direction: Direction
  /// Drawn in dashes and in grey instead of the page's ink, so that two lines in one frame are told apart.
  package var isDashed: Bool

  package init(_ value: Double, label: String, direction: Direction = .horizontal, isDashed: Bool = false) {
    self.value = value
    self.label = label
    self.direction = direction
    self.isDashed = isDashed
  }

  /// Classes of the style sheet.
  var classes: String { isDashed ? "thin d1 ink" : "thin c6" }
}
