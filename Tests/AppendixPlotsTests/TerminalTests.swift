import AppendixPlots
import Foundation
import Testing

@Suite("P.10 Drawings in a terminal") struct TerminalDrawings {
  @Test("a history is one line from ▁ to █")
  func history() {
    #expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
    #expect(sparkline([7, 0]) == "█▁")
    #expect(sparkline([3, 2, 1.5, 1.2, 1.1, 1], width: 6) == "█▅▃▂▁▁")
    // Means of two: 0, 4, 7.
    #expect(sparkline([0, 0, 3, 5, 7, 7], width: 3) == "▁▅█")
  }

  @Test("equal values are in the middle, missing ones blank, and nothing is nothing")
  func delicate() {
    #expect(sparkline([2, 2, 2]) == "▄▄▄")
    #expect(sparkline([0, .nan, 1, .infinity]) == "▁ █ ")
    #expect(sparkline([.nan]) == " " && sparkline([]) == "" && sparkline([1, 2], width: 0) == "")
    #expect(sparkline([-1e308, 1e308]) == "▁█")
  }

  @Test("a density stands in blocks on its axis")
  func density() {
    #expect(
      densityBlocks([0, 0.25, 0.5, 0.25, 0], from: -2, to: 2, width: 10, rows: 2) == """
        0.5 │    ██
            │  ██████
          0 └──────────
             −2       2
        """)
    #expect(
      densityBlocks([.nan, -1], from: 0, to: 1, width: 4, rows: 1) == """
        0 │
        0 └────
           0  1
        """)
    let least = Double.leastNonzeroMagnitude
    #expect(
      densityBlocks([least], from: least, to: 1e300, width: 8, rows: 1) == "0 │████████\n0 └────────\n   0 1×10³⁰⁰")
    #expect(densityBlocks([], from: 0, to: .nan, width: -3, rows: 0).split(separator: "\n").count == 3)
  }

  @Test("a matrix is drawn in shades, a cell two characters wide")
  func shades() {
    #expect(densityShades([0, 0.25, 0.5, 1], rows: 2, columns: 2) == "  ░░\n▒▒██")
    #expect(densityShades([0, 0.25, 0.5, 1], rows: 2, columns: 2, upwards: true) == "▒▒██\n  ░░")
    #expect(densityShades([.nan, -1, 1], rows: 2, columns: 2) == "\n██")
    #expect(densityShades([], rows: 0, columns: 5) == "")
    let lines = densityShades((0..<10_000).map(Double.init), rows: 100, columns: 100, most: 10).split(separator: "\n")
    // Two of ten rows are below a fifth of the largest: blank.
    #expect(lines.count == 8 && lines.last?.count == 20)
  }
}
