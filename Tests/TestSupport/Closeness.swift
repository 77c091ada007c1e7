// Tests state numbers as physicists do: `energy ≈ 2 ± 1e-12`.

infix operator ± : RangeFormationPrecedence
infix operator ≈ : ComparisonPrecedence

/// A number with the absolute deviation that a test accepts.
public struct Tolerance: Sendable, CustomStringConvertible {
  public var value: Double
  public var deviation: Double
  public var description: String { "\(value) ± \(deviation)" }
}

extension Double {
  /// This number, give or take a fraction of its magnitude.
  public func within(relative fraction: Double) -> Tolerance { Tolerance(value: self, deviation: fraction * abs(self)) }
}

extension Array<Double> {
  /// These numbers, give or take a fraction of the largest magnitude among them.
  public func within(relative fraction: Double) -> [Tolerance] {
    let scale = reduce(0) { Swift.max($0, abs($1)) }
    return map { Tolerance(value: $0, deviation: fraction * scale) }
  }
}

public func ± (value: Double, deviation: Double) -> Tolerance { Tolerance(value: value, deviation: deviation) }
public func ± (values: [Double], deviation: Double) -> [Tolerance] { values.map { $0 ± deviation } }

/// |x - value| ≤ deviation; false where either is NaN.
public func ≈ (x: Double, expected: Tolerance) -> Bool { abs(x - expected.value) <= expected.deviation }

/// Element by element; false where the counts differ.
public func ≈ (x: [Double], expected: [Tolerance]) -> Bool {
  x.count == expected.count && zip(x, expected).allSatisfy { $0 ≈ $1 }
}
