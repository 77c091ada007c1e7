/// Where values go in a frame.
struct Canvas: Sendable {
  var frame: Box
  var x: AxisScale
  var y: AxisScale

  func place(_ valueX: Double, _ valueY: Double) -> Place? {
    guard let across = x.fraction(valueX), let up = y.fraction(valueY) else { return nil }
    return Place(x: frame.left + across * frame.width, y: frame.bottom - up * frame.height)
  }

  /// The height of an error's bound; far below the frame where the axis has no place for it.
  func height(_ value: Double) -> Double { frame.bottom - (y.fraction(value) ?? -1000) * frame.height }

  /// With a margin for rounding only, so that points on the frame count.
  func shows(_ place: Place) -> Bool {
    place.x >= frame.left - 1e-6 && place.x <= frame.right + 1e-6 && place.y >= frame.top - 1e-6
      && place.y <= frame.bottom + 1e-6
  }
}

/// How a series looks: classes of the style sheet, and the shape of its marks.
struct Look: Sendable, Equatable {
  var ink: String
  var dash: String
  var shape: Int
  var markSize: Double?

  /// - Parameter number: the series' position among those that take a colour.
  init(_ series: Series, number: Int) {
    let colour = series.colour ?? number
    let count = curveColours.count
    shape = ((colour % 28) + 28) % 28
    markSize = series.markSize
    let isGrey = series.style == .reference || series.style == .outline
    ink = isGrey ? "ink" : "c\(((colour % count) + count) % count)"
    dash =
      series.style == .reference
      ? "d2" : series.style == .outline ? "" : shape % dashes.count == 0 ? "" : "d\(shape % dashes.count)"
  }

  var lineClasses: String { dash.isEmpty ? "line" : "line \(dash)" }
}

/// A place and the heights of its error's bounds, lower bound first.
struct BoundedPlace {
  var place: Place
  var bounds: (lower: Double, upper: Double)?
}

extension Drawing {
  /// A series inside a frame.
  mutating func series(_ points: [Series.Point?], _ style: Series.Style, _ look: Look, on canvas: Canvas) {
    let runs = points.split(separator: nil).map { run in
      run.compactMap { point -> BoundedPlace? in
        guard let point, let place = canvas.place(point.x, point.y) else { return nil }
        return BoundedPlace(
          place: place, bounds: point.bounds.map { (canvas.height($0.lower), canvas.height($0.upper)) })
      }
    }
    body += "<g class=\"data \(look.ink)\">\n"
    if style == .points {
      marks(runs.flatMap { $0 }, look, on: canvas)
    } else {
      let isOrdered = style == .path || style == .outline
      if !isOrdered {
        for run in runs { band(run, steps: style == .steps, in: canvas.frame) }
      }
      let lines = runs.map { run in
        let places = run.map(\.place)
        return isOrdered ? places : thinned(style == .steps ? stairs(places) : places)
      }
      let classes =
        style == .reference ? "thin \(look.dash)" : style == .outline ? "thin" : look.lineClasses
      path(lines.map { linePath($0, in: canvas.frame) }.joined(), classes)
      // A point between two gaps has no line.
      let alone = lines.filter { $0.count == 1 }.map { $0[0] }.filter(canvas.shows)
      path(alone.map { markPath(look.shape, at: $0, size: 2) }.joined(), "mark")
    }
    body += "</g>\n"
  }

  private mutating func band(_ run: [BoundedPlace], steps: Bool, in frame: Box) {
    for part in run.split(whereSeparator: { $0.bounds == nil }) where part.count > 1 {
      var lower = part.map { Place(x: $0.place.x, y: $0.bounds?.lower ?? 0) }
      var upper = part.map { Place(x: $0.place.x, y: $0.bounds?.upper ?? 0) }
      if steps { (lower, upper) = (stairs(lower), stairs(upper)) }
      path(polygonPath(thinned(upper) + thinned(lower).reversed(), in: frame), "band")
    }
  }

  /// Marks and bars; where thousands of them stand in one column its highest and lowest are enough.
  private mutating func marks(_ points: [BoundedPlace], _ look: Look, on canvas: Canvas) {
    let frame = canvas.frame
    let shown = points.filter { canvas.shows($0.place) }
    var kept = shown
    if shown.count > 500 {
      let places = thinned(shown.map(\.place))
      var next = 0
      kept = shown.filter { point in
        guard next < places.count, point.place == places[next] else { return false }
        next += 1
        return true
      }
    }
    var bars = ""
    for point in kept {
      guard let bounds = point.bounds else { continue }
      let low = min(max(bounds.lower, frame.top), frame.bottom)
      let high = min(max(bounds.upper, frame.top), frame.bottom)
      bars += "M\(coordinates(point.place.x, high))V\(coordinate(low))"
      // A cap only where the bound itself is in the frame.
      let (left, right) = (max(point.place.x - 2.5, frame.left), min(point.place.x + 2.5, frame.right))
      if low == bounds.lower { bars += "M\(coordinates(left, low))H\(coordinate(right))" }
      if high == bounds.upper { bars += "M\(coordinates(left, high))H\(coordinate(right))" }
    }
    path(bars, "thin")
    let size = look.markSize ?? (kept.count > 200 ? 1.5 : 3)
    path(kept.map { markPath(look.shape, at: $0.place, size: size) }.joined(), "mark")
  }
}

/// A circle, square, triangle or diamond around a place.
func markPath(_ shape: Int, at place: Place, size r: Double) -> String {
  let (x, y) = (place.x, place.y)
  switch shape % 4 {
  case 0:
    let diameter = coordinate(2 * r)
    return
      "M\(coordinates(x - r, y))a\(coordinates(r, r)) 0 1 0 \(diameter) 0a\(coordinates(r, r)) 0 1 0 -\(diameter) 0"
  case 1: return rectangle(Box(left: x - r * 0.9, top: y - r * 0.9, right: x + r * 0.9, bottom: y + r * 0.9))
  case 2:
    return "M\(coordinates(x, y - r * 1.2))L\(coordinates(x + r * 1.15, y + r * 0.85))H\(coordinate(x - r * 1.15))Z"
  default:
    return "M\(coordinates(x, y - r * 1.3))L\(coordinates(x + r * 1.3, y)) \(coordinates(x, y + r * 1.3)) "
      + "\(coordinates(x - r * 1.3, y))Z"
  }
}
