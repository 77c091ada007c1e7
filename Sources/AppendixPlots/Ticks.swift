/// A mark on an axis.
public struct Tick: Sendable, Equatable {
  public var value: Double
  public var label: String
}

/// Marks on an axis: those with a label, and the values of small ones between them.
public struct Ticks: Sendable, Equatable {
  public var labelled: [Tick] = []
  public var small: [Double] = []
}

extension Ticks {
  /// Round numbers between two values: multiples of 1, 2 or 5 times a power of ten, the finest that fit.
  ///
  ///     Ticks.linear(from: -20, to: 20).labelled.map(\.label)      // ["−20", "−10", "0", "10", "20"]
  ///
  /// - Parameters:
  ///   - count: so many labels at most.
  ///   - wholeNumbers: no fractions, for indices.
  public static func linear(from low: Double, to high: Double, count: Int = 8, wholeNumbers: Bool = false) -> Ticks {
    linear(from: low, to: high, wholeNumbers: wholeNumbers) { $0.count <= max(1, count) }
  }

  /// Powers of ten between two positive values, every so many of them; over less than two decades 1, 2 and 5 times
  /// them.
  ///
  ///     Ticks.logarithmic(from: 2e-4, to: 3).labelled.map(\.label)      // ["10⁻³", "10⁻²", "10⁻¹", "10⁰"]
  public static func logarithmic(from low: Double, to high: Double, count: Int = 8) -> Ticks {
    logarithmic(from: low, to: high) { $0.count <= max(1, count) }
  }
}
