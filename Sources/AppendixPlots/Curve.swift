/// A place in a drawing.
struct Place: Sendable, Equatable {
  var x: Double
  var y: Double
}

/// Places thinned out to what a picture can show: in each column of one unit the first, the lowest, the highest and the
/// last of those that follow each other there. Peaks stay.
///
/// - Complexity: O(places); at most four a column for a curve that runs to the right.
func thinned(_ places: [Place]) -> [Place] {
  var result: [Place] = []
  var start = 0
  while start < places.count {
    let column = places[start].x.rounded(.down)
    var (end, low, high) = (start + 1, start, start)
    while end < places.count && places[end].x.rounded(.down) == column {
      if places[end].y < places[low].y { low = end }
      if places[end].y > places[high].y { high = end }
      end += 1
    }
    var kept = [start, min(low, high), max(low, high), end - 1]
    if end - start <= 4 { kept = Array(start..<end) }
    var last = -1
    for index in kept where index > last {
      result.append(places[index])
      last = index
    }
    start = end
  }
  return result
}

/// Stairs: each value holds until the place of the next.
func stairs(_ places: [Place]) -> [Place] {
  var result = Array(places.prefix(1))
  for (last, next) in zip(places, places.dropFirst()) {
    result.append(Place(x: next.x, y: last.y))
    result.append(next)
  }
  return result
}

/// A line through places as a path, without what is outside the frame.
func linePath(_ places: [Place], in frame: Box) -> String {
  var path = ""
  var pen: Place?
  for (a, b) in zip(places, places.dropFirst()) {
    guard let (start, end) = segment(from: a, to: b, in: frame) else { continue }
    path += start == pen ? " " : "M\(coordinates(start.x, start.y))L"
    path += coordinates(end.x, end.y)
    pen = end
  }
  return path
}

/// The part of a segment inside a frame (Liang, Barsky 1984); nil if there is none.
func segment(from a: Place, to b: Place, in frame: Box) -> (Place, Place)? {
  var (first, last) = (0.0, 1.0)
  let (dx, dy) = (b.x - a.x, b.y - a.y)
  for (slope, room) in [
    (-dx, a.x - frame.left), (dx, frame.right - a.x), (-dy, a.y - frame.top), (dy, frame.bottom - a.y),
  ] {
    if slope == 0 {
      if room < 0 { return nil }
    } else if slope < 0 {
      first = max(first, room / slope)
    } else {
      last = min(last, room / slope)
    }
  }
  guard first <= last else { return nil }
  func place(_ part: Double) -> Place {
    // The ends themselves, bit for bit, so that neighbours join.
    if part == 0 { return a }
    if part == 1 { return b }
    return Place(
      x: min(max(a.x + part * dx, frame.left), frame.right), y: min(max(a.y + part * dy, frame.top), frame.bottom))
  }
  return (place(first), place(last))
}

/// A polygon as a path, cut off at the frame, side after side (Sutherland, Hodgman 1974).
func polygonPath(_ places: [Place], in frame: Box) -> String {
  func cut(_ places: [Place], _ inside: (Place) -> Bool, _ crossing: (Place, Place) -> Place) -> [Place] {
    guard var last = places.last else { return [] }
    var result: [Place] = []
    for place in places {
      if inside(place) != inside(last) { result.append(crossing(last, place)) }
      if inside(place) { result.append(place) }
      last = place
    }
    return result
  }
  func vertical(_ x: Double) -> (Place, Place) -> Place {
    { a, b in Place(x: x, y: a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x))) }
  }
  func horizontal(_ y: Double) -> (Place, Place) -> Place {
    { a, b in Place(x: a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)), y: y) }
  }
  var rest = cut(places, { $0.x >= frame.left }, vertical(frame.left))
  rest = cut(rest, { $0.x <= frame.right }, vertical(frame.right))
  rest = cut(rest, { $0.y >= frame.top }, horizontal(frame.top))
  rest = cut(rest, { $0.y <= frame.bottom }, horizontal(frame.bottom))
  guard rest.count >= 3 else { return "" }
  let first = coordinates(rest[0].x, rest[0].y)
  return "M\(first)L\(rest.dropFirst().map { coordinates($0.x, $0.y) }.joined(separator: " "))Z"
}
