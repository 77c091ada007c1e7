/// From a value to a fraction of an axis: 0 at its low end, 1 at its high end.
struct AxisScale: Sendable, Equatable {
  var low: Double
  var high: Double
  var scale: Axis.Scale
  /// The high end first: rows of a matrix, counted from the top.
  var reversed = false

  private var start: Double
  private var length: Double

  /// - Precondition: low < high with a finite distance, and positive on a logarithmic axis.
  init(low: Double, high: Double, scale: Axis.Scale = .linear, reversed: Bool = false) {
    self.low = low
    self.high = high
    self.scale = scale
    self.reversed = reversed
    start = scale == .linear ? low : decimalLogarithm(low)
    length = (scale == .linear ? high : decimalLogarithm(high)) - start
  }

  /// The fraction, kept within a thousand lengths of the axis, so that what is far away can still be reckoned with.
  ///
  /// - Returns: nil for a value without a place.
  func fraction(_ value: Double) -> Double? {
    guard value.isFinite && (scale == .linear || value > 0) else { return nil }
    let place = scale == .linear ? value : decimalLogarithm(value)
    let fraction = min(max((place - start) / length, -1000), 1001)
    return reversed ? 1 - fraction : fraction
  }
}

extension AxisScale {
  /// The ends that an axis gets: those asked for, elsewhere those of the data and a twentieth more.
  ///
  /// Any values give a range that can be drawn: equal ones are put in the middle of one, and distances below a ten
  /// billionth of the values are widened, since a label would need eleven digits.
  ///
  /// - Parameter padding: the part of the data's extent that is added at each end.
  init(_ axis: Axis, values: some Sequence<Double>, padding: Double = 0.05) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where axis.has(value) {
      low = min(low, value)
      high = max(high, value)
    }
    let from = axis.from.flatMap { axis.has($0) ? $0 : nil }
    let to = axis.to.flatMap { axis.has($0) ? $0 : nil }
    var (first, last) = (from, to)
    if let from, let to, from >= to { (first, last) = (nil, nil) }
    if low > high { (low, high) = axis.scale == .linear ? (0, 1) : (1, 10) }
    self =
      axis.scale == .linear
      ? .linear(low: low, high: high, first: first, last: last, padding)
      : .logarithmic(low: low, high: high, first: first, last: last, padding)
  }

  private static func linear(low: Double, high: Double, first: Double?, last: Double?, _ padding: Double) -> AxisScale {
    // The distance of two ends must be finite, too.
    let largest = 8e307
    func bounded(_ x: Double) -> Double { min(max(x, -largest), largest) }
    let (a, b) = (bounded(first ?? low), bounded(last ?? high))
    let least = max(1e-10 * max(abs(a), abs(b)), 1e-303)
    if b - a >= least {
      let more = (b - a) * padding
      return AxisScale(low: bounded(first ?? a - more), high: bounded(last ?? b + more))
    }
    // One value, or an end beyond the data: a range on the free side.
    let size = max(abs(a), abs(b))
    let half = size < 1e-302 ? 1 : size * 0.1
    if let first { return AxisScale(low: bounded(first), high: bounded(first) + half) }
    if let last { return AxisScale(low: bounded(last) - half, high: bounded(last)) }
    return AxisScale(low: bounded(a / 2 + b / 2 - half), high: bounded(a / 2 + b / 2 + half))
  }

  private static func logarithmic(
    low: Double, high: Double, first: Double?, last: Double?, _ padding: Double
  ) -> AxisScale {
    // Within the decades that have ordinary numbers.
    func bounded(_ x: Double) -> Double { min(max(x, 1e-307), 1e308) }
    let (a, b) = (bounded(first ?? low), bounded(last ?? high))
    if b / a > 1 + 1e-9 {
      let more = powerOfTen((decimalLogarithm(b) - decimalLogarithm(a)) * padding)
      return AxisScale(low: bounded(first ?? a / more), high: bounded(last ?? b * more), scale: .logarithmic)
    }
    if let first { return AxisScale(low: bounded(first), high: bounded(first) * 10, scale: .logarithmic) }
    if let last { return AxisScale(low: bounded(last) / 10, high: bounded(last), scale: .logarithmic) }
    return AxisScale(low: bounded(a / 3), high: bounded(a * 3), scale: .logarithmic)
  }
}
