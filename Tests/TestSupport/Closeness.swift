// Tests state numbers as physicists do:
//
//     #expect(energy ≈ 2 ± 1e-12)
//     #expect(gradient ≈ reference.within(relative: 1e-9))
//
// `x ≈ 2 ± 1e-12` reads (x ≈ 2) ± 1e-12, so that a failure prints by how much x differs. An expression behind ± needs
// parentheses: the macro splits at the last operator that it sees.

infix operator ≈ : ComparisonPrecedence
infix operator ± : DeviationPrecedence
precedencegroup DeviationPrecedence {
  lowerThan: ComparisonPrecedence
  higherThan: LogicalConjunctionPrecedence
}

/// Two lists of numbers that ought to agree.
public struct Comparison: Sendable, CustomStringConvertible {
  var pairs: [(Double, Double)]
  var sameCount: Bool

  public var description: String {
    guard sameCount else { return "counts differ" }
    let worst = pairs.enumerated().max { abs($0.1.0 - $0.1.1) < abs($1.1.0 - $1.1.1) }
    guard let worst else { return "both empty" }
    let place = pairs.count > 1 ? " at index \(worst.0)" : ""
    return "\(worst.1.0) against \(worst.1.1)\(place), off by \(worst.1.0 - worst.1.1)"
  }
}

public func ≈ (x: Double, y: Double) -> Comparison { Comparison(pairs: [(x, y)], sameCount: true) }
public func ≈ (x: [Double], y: [Double]) -> Comparison {
  Comparison(pairs: Array(zip(x, y)), sameCount: x.count == y.count)
}

/// |x - y| ≤ deviation for every pair; false where one is NaN.
public func ± (comparison: Comparison, deviation: Double) -> Bool {
  precondition(deviation < .infinity, "every number is within \(deviation)")
  return comparison.sameCount && comparison.pairs.allSatisfy { $0 == $1 || abs($0 - $1) <= deviation }
}

/// Expected numbers with the deviation that a test accepts.
public struct Expected: Sendable, CustomStringConvertible {
  var values: [Double]
  var deviation: Double
  public var description: String {
    values.count == 1 ? "\(values[0]) ± \(deviation)" : "\(values.count) numbers ± \(deviation)"
  }
}

extension Double {
  /// This number, give or take a fraction of its magnitude.
  public func within(relative fraction: Double) -> Expected {
    Expected(values: [self], deviation: fraction * abs(self))
  }
}

extension [Double] {
  /// These numbers, give or take a fraction of the largest magnitude among them.
  public func within(relative fraction: Double) -> Expected {
    Expected(values: self, deviation: fraction * reduce(0) { Swift.max($0, abs($1)) })
  }
}

public func ≈ (x: Double, expected: Expected) -> Bool { [x] ≈ expected.values ± expected.deviation }
public func ≈ (x: [Double], expected: Expected) -> Bool { x ≈ expected.values ± expected.deviation }
