import Ch04DeterminantAnsatz

/// Equal intervals on a line that count walkers; the first and the last one reach to infinity, so that nobody is lost.
///
/// What a bin holds is an integral over it. An exact density must be integrated over the bin too before the two are
/// compared: in its middle it differs by n″ · width²/24.
public struct Bins: Sendable, Equatable {
  /// Left end of the first bin, as it would be without its tail, in oscillator lengths.
  public let lower: Double
  /// Right end of the last one, in oscillator lengths.
  public let upper: Double
  /// Number of bins, at least 1.
  public let count: Int

  /// Equal bins over a range; no bins, or a range of length 0, stop the program.
  public init(_ range: ClosedRange<Double>, count: Int) {
    precondition(count > 0 && range.lowerBound < range.upperBound, "\(count) bins do not fill \(range)")
    lower = range.lowerBound
    upper = range.upperBound
    self.count = count
  }

  /// Width of a bin, in oscillator lengths.
  public var width: Double { (upper - lower) / Double(count) }

  /// Middles of the bins, [count], in oscillator lengths.
  public var centers: [Double] { (0..<count).map { lower + (Double($0) + 0.5) * width } }

  /// The points between bins and at the ends, [count + 1], in oscillator lengths.
  public var edges: [Double] { (0...count).map { lower + Double($0) * width } }

  /// The bin that x falls into, 0 … count - 1; NaN goes to the last.
  public func index(of x: Double) -> Int {
    let place = (x - lower) / width
    return place < 1 ? 0 : place < Double(count) ? Int(place) : count - 1
  }
}

/// How far walkers have been seen to go, to choose bins and grids by.
struct Reach: Sendable {
  private var lower = Double.infinity
  private var upper = -Double.infinity

  mutating func add(_ walkers: Walkers) {
    for x in walkers.positions {
      lower = min(lower, x)
      upper = max(upper, x)
    }
  }

  /// An interval with room for the tails, and even where the origin is inside: densities of even traps are then drawn
  /// even.
  ///
  /// The outermost of 10⁵ walkers stand where a density ~ e^{-x²} has fallen to 1e-5, at 3.4; a quarter more is 4.25
  /// with 1e-8, and the half that is added is for small samples.
  var box: ClosedRange<Double> {
    let (low, high) = lower < 0 && upper > 0 ? (min(lower, -upper), max(upper, -lower)) : (lower, upper)
    let margin = 0.125 * (high - low)
    return (low - margin - 0.5)...(high + margin + 0.5)
  }
}
