import AppendixPlots
import Foundation
import TestSupport
import Testing

@Suite("P.1 Round numbers on an axis") struct RoundNumbers {
  @Test("steps are 1, 2 or 5 times a power of ten, and as fine as the count allows")
  func steps() {
    #expect(Ticks.linear(from: -20, to: 20).labelled.map(\.label) == ["−20", "−10", "0", "10", "20"])
    #expect(Ticks.linear(from: 0, to: 1).labelled.map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Ticks.linear(from: 0.1, to: 0.3).labelled.map(\.value) == [0.1, 0.15, 0.2, 0.25, 0.3])
    #expect(Ticks.linear(from: 0, to: 400, count: 5).labelled.map(\.label) == ["0", "100", "200", "300", "400"])
  }

  @Test("small marks divide a step of 1 or 5 in five, a step of 2 in four")
  func smallMarks() {
    #expect(Ticks.linear(from: 0, to: 1, count: 3).small == [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9])
    #expect(Ticks.linear(from: 0, to: 2, count: 3).small == [0.2, 0.4, 0.6, 0.8, 1.2, 1.4, 1.6, 1.8])
    #expect(Ticks.linear(from: 0, to: 4, count: 3).small == [0.5, 1, 1.5, 2.5, 3, 3.5])
  }

  @Test("from a million on and below a thousandth labels have a power of ten")
  func powers() {
    #expect(Ticks.linear(from: 0, to: 3e6, count: 4).labelled.map(\.label) == ["0", "1×10⁶", "2×10⁶", "3×10⁶"])
    #expect(Ticks.linear(from: 0, to: 2e-4, count: 3).labelled.map(\.label) == ["0", "1×10⁻⁴", "2×10⁻⁴"])
    #expect(Ticks.linear(from: -2.4718, to: -2.4712, count: 4).labelled.map(\.label).last == "−2.4712")
  }

  @Test("indices have no fractions")
  func indices() {
    #expect(Ticks.linear(from: -0.5, to: 1.5, wholeNumbers: true).labelled.map(\.label) == ["0", "1"])
    #expect(Ticks.linear(from: -0.5, to: 1.5, wholeNumbers: true).small.isEmpty)
  }

  @Test("decades on a logarithmic axis, with eight small marks between two")
  func decades() {
    let ticks = Ticks.logarithmic(from: 2e-4, to: 3)
    #expect(ticks.labelled.map(\.label) == ["10⁻³", "10⁻²", "10⁻¹", "10⁰"])
    #expect(ticks.small.filter { $0 > 0.01 && $0 < 0.1 } == [0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09])
    #expect(Ticks.logarithmic(from: 1e-9, to: 1, count: 4).labelled.map(\.label) == ["10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"])
  }

  @Test("less than two decades have 1, 2 and 5, and a small part of one equal steps")
  func partsOfADecade() {
    #expect(Ticks.logarithmic(from: 1.5, to: 15).labelled.map(\.label) == ["2", "5", "10"])
    #expect(Ticks.logarithmic(from: 2.1, to: 4.4).labelled.map(\.label) == ["2.5", "3.0", "3.5", "4.0"])
  }

  @Test("one number is no scale: where the next step would leave one, labels of the step before are left out")
  func leftOut() {
    // Steps of 2 are five labels, steps of 5 only one.
    let ticks = Ticks.linear(from: -4.3, to: 4.3, count: 3)
    #expect(ticks.labelled.map(\.label) == ["−4", "0", "4"])
    #expect(ticks.small == [-2, 2])
    #expect(Ticks.linear(from: 3, to: 17, count: 2).labelled.map(\.label) == ["5", "15"])
    #expect(Ticks.linear(from: -0.5, to: 6.5, count: 2, wholeNumbers: true).labelled.map(\.label) == ["0", "5"])
    #expect(Ticks.logarithmic(from: 0.05, to: 20, count: 2).labelled.map(\.label) == ["10⁻¹", "10¹"])
    // Where nothing but one is wanted, it is zero.
    #expect(Ticks.linear(from: -20, to: 20, count: 1).labelled.map(\.label) == ["0"])
  }

  @Test("of any range there are two labels at least, and no more than wanted")
  func atLeastTwo() {
    var generator = SplitMix64(seed: 8)
    for _ in 0..<1000 {
      let low = (generator.uniform() * 2 - 1) * pow(10, generator.uniform() * 8 - 4)
      let high = low + pow(10, generator.uniform() * 8 - 4)
      for count in 2...6 {
        let ticks = Ticks.linear(from: low, to: high, count: count)
        #expect((2...count).contains(ticks.labelled.count), "\(low) to \(high)")
        check(ticks, low, high)
        guard low > 0 else { continue }
        let decades = Ticks.logarithmic(from: low, to: high, count: count)
        #expect((2...count).contains(decades.labelled.count), "\(low) to \(high), logarithmic")
        check(decades, low, high)
      }
    }
  }

  @Test("of any range marks are inside it, rising, told apart by their labels, and labels say their values")
  func anyRange() {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<500 {
      let size = pow(10, generator.uniform() * 600 - 300)
      let low = (generator.uniform() * 2 - 1) * size
      // Distances from the size itself down to a billionth of it.
      let high = low + size * pow(10, -9 * generator.uniform())
      guard high - low > 1e-302 else { continue }
      let ticks = Ticks.linear(from: low, to: high)
      #expect((2...8).contains(ticks.labelled.count), "\(low) to \(high)")
      check(ticks, low, high)
      if low > 0 { check(Ticks.logarithmic(from: low, to: high), low, high) }
    }
  }

  private func check(_ ticks: Ticks, _ low: Double, _ high: Double) {
    // A billionth of a step, forgiven at the ends, is at most as much of the range.
    let slack = 1e-9 * (high - low)
    let values = ticks.labelled.map(\.value)
    #expect((values + ticks.small).allSatisfy { $0 >= low - slack && $0 <= high + slack })
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Set(ticks.labelled.map(\.label)).count == values.count)
    #expect(Set(values).isDisjoint(with: ticks.small))
    for tick in ticks.labelled {
      guard let read = number(tick.label) else {
        Issue.record("\(tick.label) is no number")
        continue
      }
      // Both are the double nearest to one decimal number, up to the product's rounding here.
      #expect(abs(read - tick.value) <= 1e-15 * abs(tick.value))
    }
  }

  /// "−2.5×10⁻³" as a reader takes it.
  private func number(_ label: String) -> Double? {
    let raised = Dictionary(uniqueKeysWithValues: zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    var text = label.replacingOccurrences(of: "−", with: "-")
    if let range = text.range(of: "10", options: .backwards),
      text[range.upperBound...].contains(where: raised.keys.contains)
    {
      let exponent = String(text[range.upperBound...].compactMap { raised[$0] })
      text = String(text[..<range.lowerBound]).replacingOccurrences(of: "×", with: "")
      return Double((text.isEmpty ? "1" : text) + "e" + exponent)
    }
    return Double(text)
  }
}
