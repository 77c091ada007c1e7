extension Ticks {
  /// - Parameter fits: whether there is room for these labels; asked for from fine to coarse.
  static func linear(
    from low: Double, to high: Double, wholeNumbers: Bool = false, fits: ([Tick]) -> Bool
  ) -> Ticks {
    let span = high - low
    guard span > 0 && span.isFinite else { return Ticks() }
    // At most fifty, then fewer until they fit, as long as there are two: one mark is no scale.
    var power = decade(of: span) - 2
    if wholeNumbers { power = max(power, 0) }
    var tried: [(marks: [Tick], first: Int)] = []
    search: for exponent in power...(power + 4) {
      for digit in [1, 2, 5] {
        guard let found = multiples(of: digit, exponent, from: low, to: high), found.count <= 50 else { continue }
        if found.isEmpty || (found.count < 2 && !tried.isEmpty) { break search }
        let marks = labelled(found, digit, exponent)
        if fits(marks) {
          return Ticks(labelled: marks, small: small(digit, exponent, from: low, to: high, wholeNumbers))
        }
        tried.append((marks, found.lowerBound))
      }
    }
    return thinned(tried, fits: fits) ?? alone(tried.last?.marks ?? [])
  }

  /// The whole numbers n with low ≤ n s ≤ high, s = digit 10ᵏ; nil where they are too many to count.
  private static func multiples(of digit: Int, _ exponent: Int, from low: Double, to high: Double) -> Range<Int>? {
    let step = decimal(digit, exponent)
    guard step > 0, (high - low) / step < 1000, max(abs(low), abs(high)) / step < 1e14 else { return nil }
    // A billionth of a step forgives the rounding of ends such as 0.3.
    let (first, last) = (Int((low / step - 1e-9).rounded(.up)), Int((high / step + 1e-9).rounded(.down)))
    return first..<max(first, last + 1)
  }

  private static func labelled(_ multiples: Range<Int>, _ digit: Int, _ exponent: Int) -> [Tick] {
    let largest = (multiples.map(abs).max() ?? 0) * digit
    // The decade of the largest: from a million on and below a thousandth, labels have a power of ten.
    let leading = exponent + String(largest).count - 1
    let raised = leading >= 6 || leading <= -4
    return multiples.map { multiple in
      let m = multiple * digit
      let plain = decimalText(m, raised ? exponent - leading : exponent)
      return Tick(value: decimal(m, exponent), label: raised && m != 0 ? "\(plain)×\(powerText(leading))" : plain)
    }
  }

  /// Fifths of a step of 1 or 5, quarters of a step of 2.
  private static func small(
    _ digit: Int, _ exponent: Int, from low: Double, to high: Double, _ wholeNumbers: Bool
  ) -> [Double] {
    let (part, power) = digit == 1 ? (2, exponent - 1) : digit == 2 ? (5, exponent - 1) : (1, exponent)
    guard !wholeNumbers || power >= 0, let all = multiples(of: part, power, from: low, to: high) else { return [] }
    let every = digit == 2 ? 4 : 5
    return all.filter { $0 % every != 0 }.map { decimal($0 * part, power) }
  }
}
