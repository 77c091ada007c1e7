import AppendixPlots
import Foundation
import TestSupport
import Testing

@Suite("P.4 Lines of equal value") struct LinesOfEqualValue {
  private let places = (-20...20).map { Double($0) / 10 }

  private func grid(_ f: (Double, Double) -> Double) -> [Double] { places.flatMap { y in places.map { f($0, y) } } }

  /// The lines, apart.
  private func lines(_ contour: (x: [Double], y: [Double])) -> [[(x: Double, y: Double)]] {
    zip(contour.x, contour.y).split { $0.0.isNaN }.map { $0.map { (x: $0.0, y: $0.1) } }
  }

  @Test("a circle is one closed line at its radius")
  func circle() {
    let found = lines(contour(grid { $0 * $0 + $1 * $1 }, x: places, y: places, level: 2.25))
    #expect(found.count == 1)
    // Between points 0.1 apart a parabola bulges by up to 0.1²/4 above its chord, over a slope of 3.
    #expect(found.joined().allSatisfy { abs(($0.x * $0.x + $0.y * $0.y).squareRoot() - 1.5) < 0.0025 / 3 + 1e-12 })
    #expect(found.first?.first?.x == found.first?.last?.x && found.first?.first?.y == found.first?.last?.y)
  }

  @Test("a plane gives one straight line from edge to edge, exactly")
  func plane() {
    let found = lines(contour(grid { $0 - 2 * $1 }, x: places, y: places, level: 0.05))
    #expect(found.count == 1)
    #expect(found.joined().allSatisfy { abs($0.x - 2 * $0.y - 0.05) < 1e-14 })
    #expect(Set([found.first?.first?.x, found.first?.last?.x]) == [-2, 2])
  }

  @Test("a saddle gives two lines that do not meet, above its middle and below")
  func saddle() {
    for level in [0.01, -0.01] {
      let found = lines(contour(grid { $0 * $1 }, x: places, y: places, level: level))
      #expect(found.count == 2)
      #expect(found.allSatisfy { line in Set(line.map { $0.x > 0 }).count == 1 })
    }
  }

  @Test("no line leaves a sign change between neighbours out, nor adds one where there is none")
  func crossings() {
    var generator = SplitMix64(seed: 3)
    let values = (0..<15 * 12).map { _ in generator.uniform() - 0.5 }
    let (x, y) = ((0..<12).map(Double.init), (0..<15).map(Double.init))
    let line = contour(values, x: x, y: y, level: 0)
    var changes = 0
    for r in 0..<15 {
      for c in 0..<12 {
        if c + 1 < 12, (values[r * 12 + c] >= 0) != (values[r * 12 + c + 1] >= 0) { changes += 1 }
        if r + 1 < 15, (values[r * 12 + c] >= 0) != (values[(r + 1) * 12 + c] >= 0) { changes += 1 }
      }
    }
    let places = zip(line.x, line.y).filter { $0.0.isFinite }.map { [$0.0, $0.1] }
    #expect(Set(places).count == changes)
  }

  @Test("nothing is drawn at a level that is not met, on a line of points, or around what is not finite")
  func nothing() {
    #expect(contour(grid { $0 + $1 }, x: places, y: places, level: 9).x.isEmpty)
    #expect(contour([1, -1], x: [0, 1], y: [0], level: 0).x.isEmpty)
    #expect(contour([1, .nan, -1, 1], x: [0, 1], y: [0, 1], level: 0).x.isEmpty)
  }
}
