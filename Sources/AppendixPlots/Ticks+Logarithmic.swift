extension Ticks {
  static func logarithmic(from low: Double, to high: Double, fits: ([Tick]) -> Bool) -> Ticks {
    guard low > 0 && high > low && high.isFinite else { return Ticks() }
    let first = decade(of: low) + (powerOfTen(decade(of: low)) < low ? 1 : 0)
    let last = decade(of: high)
    return last > first
      ? powers(first...last, from: low, to: high, fits: fits) : parts(from: low, to: high, fits: fits)
  }

  /// Every power, every second, third, fifth, …
  private static func powers(
    _ decades: ClosedRange<Int>, from low: Double, to high: Double, fits: ([Tick]) -> Bool
  ) -> Ticks {
    var tried: [(marks: [Tick], first: Int)] = []
    for every in [1, 2, 3, 5, 10, 20, 50, 100, 200] {
      let chosen = decades.filter { $0 % every == 0 }
      // A single one is no scale.
      guard chosen.count > 1 else { break }
      let labelled = chosen.map { Tick(value: powerOfTen($0), label: powerText($0)) }
      if fits(labelled) {
        // Between them the other powers, as long as these are a sensible number.
        let small =
          every == 1
          ? multiples(2...9, from: low, to: high)
          : decades.count <= 40 ? decades.filter { $0 % every != 0 }.map { powerOfTen($0) } : []
        return Ticks(labelled: labelled, small: small)
      }
      tried.append((labelled, chosen[0] / every))
    }
    // Two neighbouring powers without room for both may still have parts with room.
    return thinned(tried, fits: fits) ?? thinned([(oneTwoFive(from: low, to: high), 0)], fits: fits)
      ?? alone(tried.last?.marks ?? [])
  }

  /// Less than two powers: 1, 2 and 5 times one, or equal steps where even these are too far apart.
  private static func parts(from low: Double, to high: Double, fits: ([Tick]) -> Bool) -> Ticks {
    let labelled = oneTwoFive(from: low, to: high)
    guard labelled.count >= 2 && fits(labelled) else { return linear(from: low, to: high, fits: fits) }
    let small = multiples(1...9, from: low, to: high).filter { value in !labelled.contains { $0.value == value } }
    return Ticks(labelled: labelled, small: small)
  }

  /// 1, 2 and 5 times the powers of ten, rising.
  private static func oneTwoFive(from low: Double, to high: Double) -> [Tick] {
    [1, 2, 5].flatMap { digit in
      multiples(digit...digit, from: low, to: high).map { value in
        let exponent = decade(of: value)
        let plain = (-3...5).contains(exponent)
        return Tick(
          value: value, label: plain ? decimalText(digit, exponent) : "\(digit)×\(powerText(exponent))")
      }
    }.sorted { $0.value < $1.value }
  }

  /// All d 10ᵏ between two values.
  private static func multiples(_ digits: ClosedRange<Int>, from low: Double, to high: Double) -> [Double] {
    (decade(of: low)...decade(of: high)).flatMap { exponent in digits.map { decimal($0, exponent) } }
      .filter { (low...high).contains($0) }
  }
}
