import AppendixPlots
import Testing

@Suite("Round numbers on an axis") struct RoundNumbers {
  @Test("steps are 1, 2 or 5 times a power of ten")
  func steps() {
    #expect(Ticks.linear(from: -20, to: 20).labelled.map(\.label) == ["−20", "−10", "0", "10", "20"])
  }
}
