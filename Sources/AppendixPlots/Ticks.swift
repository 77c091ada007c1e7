/// A mark on an axis.
package struct Tick: Sendable, Equatable {
  package var value: Double
  package var label: String
}

/// Marks on an axis: those with a label, and the values of small ones between them.
package struct Ticks: Sendable, Equatable {
  package var labelled: [Tick] = []
  package var small: [Double] = []
}

extension Ticks {
  /// Round numbers between two values: multiples of 1, 2 or 5 times a power of ten, the finest that fit.
  ///
  ///     Ticks.linear(from: -20, to: 20).labelled.map(\.label)      // ["−20", "−10", "0", "10", "20"]
  ///
  /// One number is no scale. Where the finest that fit would be a single one, every second, third, … of finer ones has
  /// a label, and the others are small marks:
  ///
  ///     Ticks.linear(from: -4.3, to: 4.3, count: 3).labelled.map(\.label)      // ["−4", "0", "4"]
  ///
  /// - Parameters:
  ///   - low: one end of the axis.
  ///   - high: the other end.
  ///   - count: so many labels at most.
  ///   - wholeNumbers: no fractions, for indices.
  package static func linear(from low: Double, to high: Double, count: Int = 8, wholeNumbers: Bool = false) -> Ticks {
    linear(from: low, to: high, wholeNumbers: wholeNumbers) { $0.count <= max(1, count) }
  }

  /// Powers of ten between two positive values, every so many of them; over less than two decades 1, 2 and 5 times
  /// them.
  ///
  ///     Ticks.logarithmic(from: 2e-4, to: 3).labelled.map(\.label)      // ["10⁻³", "10⁻²", "10⁻¹", "10⁰"]
  package static func logarithmic(from low: Double, to high: Double, count: Int = 8) -> Ticks {
    logarithmic(from: low, to: high) { $0.count <= max(1, count) }
  }

  /// Labels for every second, third, … of marks that are too many, the least of these steps that fits; the others are
  /// small.
  ///
  /// - Parameter tried: marks that do not fit, from fine to coarse, each with the number of its first one: n for n s where s
  ///   is the step. Those whose number is a multiple of the new step are preferred, so that zero keeps its label.
  /// - Returns: at least two labels, or nil where no two have room.
  static func thinned(_ tried: [(marks: [Tick], first: Int)], fits: ([Tick]) -> Bool) -> Ticks? {
    for (marks, first) in tried.reversed() where (3...50).contains(marks.count) {
      for step in 2..<marks.count {
        for shift in 0..<step {
          let start = (((shift - first) % step) + step) % step
          let kept = stride(from: start, to: marks.count, by: step).map { marks[$0] }
          guard kept.count > 1, fits(kept) else { continue }
          return Ticks(labelled: kept, small: marks.filter { !kept.contains($0) }.map(\.value))
        }
      }
    }
    return nil
  }

  /// One label where there is no room for two: that of zero, or the first.
  static func alone(_ marks: [Tick]) -> Ticks {
    guard let mark = marks.first(where: { $0.value == 0 }) ?? marks.first else { return Ticks() }
    return Ticks(labelled: [mark], small: marks.filter { $0 != mark }.map(\.value))
  }
}
