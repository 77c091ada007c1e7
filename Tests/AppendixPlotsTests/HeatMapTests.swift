import AppendixPlots
import Foundation
import TestSupport
import Testing

@Suite("P.3 Values as colours") struct ValuesAsColours {
  @Test("each value is a stroke in its colour, and equal neighbours are one")
  func strokes() {
    let map = HeatMap(rows: 2, columns: 3, panels: [.init(values: [0, 0, 1, 1, 0, 0])])
    let cells = SVGDocument(map.svg())?.elements.filter { $0.group == "cells" && $0.name == "path" } ?? []
    #expect(cells.map { $0.attributes["stroke"] } == ["#440154", "#fde725"])
    #expect(cells.map { $0.attributes["d"] } == ["M0 0h2m-1 1h2", "M2 0h1m-3 1h1"])
  }

  @Test("strokes cover every cell once, except those without a value")
  func cover() {
    var generator = SplitMix64(seed: 5)
    let (rows, columns) = (23, 17)
    let values = (0..<rows * columns).map { _ in generator.uniform() < 0.1 ? .nan : generator.uniform() }
    let map = HeatMap(rows: rows, columns: columns, panels: [.init(values: values)], x: [0, 1], y: [0, 1])
    var covered = [Int](repeating: 0, count: rows * columns)
    for element in SVGDocument(map.svg())?.elements ?? [] where element.group == "cells" && element.name == "path" {
      for (row, columnRange) in strokes(element.attributes["d"] ?? "") {
        for column in columnRange { covered[row * columns + column] += 1 }
      }
    }
    #expect(covered == values.map { $0.isNaN ? 0 : 1 })
  }

  @Test("a hundred by a hundred random values take less than 200 kB")
  func size() {
    var generator = SplitMix64(seed: 6)
    let values = (0..<10_000).map { _ in generator.uniform() }
    let map = HeatMap(rows: 100, columns: 100, panels: [.init(values: values)])
    #expect(map.svg().utf8.count < 200_000)
    // More cells a side than a picture shows are merged: two panels of four times as many stay below twice that.
    let large = (0..<160_000).map { _ in generator.uniform() }
    let pair = HeatMap(rows: 400, columns: 400, panels: [.init(values: large), .init(values: large)])
    #expect(pair.svg().utf8.count < 400_000)
  }

  @Test("blocks have lines between them, and curves over the colours go where the axes say")
  func linesOver() throws {
    let diagonal = Series("", x: [0, 4], y: [0, 4], style: .path)
    let map = HeatMap(
      rows: 4, columns: 4, panels: [.init(values: [], lines: [diagonal])], x: [0.5, 3.5], y: [0.5, 3.5], block: 2)
    let frame = map.drawing().frame
    let document = try #require(SVGDocument(map.svg()))
    let ends = try #require(document.paths("line").first.flatMap(places))
    #expect(ends.map { [$0.x, $0.y] } == [[frame.left, frame.bottom], [frame.right, frame.top]])
    let lines = document.elements.filter { $0.attributes["class"] == "thin ink" }.compactMap { $0.attributes["d"] }
    #expect(lines.count == 1 && lines[0].filter { $0 == "M" }.count == 2)
  }

  @Test("merged cells show the mean")
  func means() {
    // Checkers of 0 and 1, two by two of them to a cell: everything is ½, the middle of the scale.
    let values = (0..<256 * 256).map { ($0 / 256 + $0 % 256) % 2 == 0 ? 0.0 : 1 }
    let map = HeatMap(rows: 256, columns: 256, panels: [.init(values: values)])
    let cells = SVGDocument(map.svg())?.elements.filter { $0.group == "cells" && $0.name == "path" } ?? []
    #expect(cells.map { $0.attributes["stroke"] } == [ColourMap.sequential.levels[31].hexadecimal])
  }

  @Test("panels have one scale: the largest value of all of them")
  func shared() {
    let map = HeatMap(
      rows: 1, columns: 2, panels: [.init("a", values: [0, 1]), .init("b", values: [0, 2])], colours: .diverging)
    let cells = SVGDocument(map.svg())?.elements.filter { $0.group == "cells" && $0.name == "path" } ?? []
    let levels = ColourMap.diverging.levels
    // 1 of 2 is three quarters of the way from -2 to 2: level 46.5, rounded away from zero.
    #expect(cells.map { $0.attributes["stroke"] } == [31, 47, 31, 62].map { levels[$0].hexadecimal })
  }

  @Test("words overlap nothing, and any values are drawn", arguments: [640.0, 360, 220])
  func anyValues(width: Double) {
    var generator = SplitMix64(seed: 7)
    for size in [1, 1e-300, 1e300, 0] {
      for panels in 0..<5 {
        let values = (0..<panels).map { number in
          HeatMap.Panel(
            String(repeating: "Kronecker ", count: number),
            values: (0..<11).map { _ in generator.uniform() < 0.2 ? .infinity : (generator.uniform() - 0.5) * size })
        }
        let map = HeatMap(
          title: "Fisher", rows: 3, columns: 4, panels: values, x: panels == 2 ? [-3, 3] : nil,
          y: panels == 2 ? [3, -3] : nil, xLabel: "parameter", yLabel: "parameter of the layer below",
          colours: panels % 2 == 0 ? .diverging : .sequential, label: "metric (1/ħω) per walker")
        expectReadable(map, width: width)
      }
    }
    expectReadable(HeatMap(rows: 0, columns: -1, panels: []), width: width)
  }

  @Test(
    "axes and colour bars have two numbers at least, and words overlap nothing", arguments: [1000.0, 640, 360, 220])
  func scales(width: Double) {
    let values = (0..<4).map { HeatMap.Panel("panel", values: [0, 1, 2, Double($0)]) }
    if width == 640 {
      // As the pair densities of Tutorials/figures/crystal.svg: −4, 0 and 4, since ±2 have no room in so narrow a
      // frame.
      let crystal = HeatMap(
        rows: 2, columns: 2, panels: Array(values.prefix(3)), x: [-2.1, 2.1], y: [-2.1, 2.1],
        label: "per squared length")
      #expect(SVGDocument(crystal.svg(width: width))?.axisNumbers.map(\.across) == [3, 3, 3, 0])
    }
    var generator = SplitMix64(seed: 9)
    for round in 0..<100 {
      let reach = pow(10, generator.uniform() * 5 - 2)
      let middle = round % 2 == 0 ? 0 : (generator.uniform() * 2 - 1) * 10 * reach
      let centres = [middle - reach / 2, middle + reach / 2]
      let map = HeatMap(
        rows: 2, columns: 2, panels: Array(values.prefix(1 + round % 4)), x: centres, y: centres, xLabel: "x",
        yLabel: "y", label: "density", largest: pow(10, generator.uniform() * 6 - 3))
      expectReadable(map, width: width)
      expectScales(map.svg(width: width), "\(centres)")
    }
  }

  @Test("rows without coordinates are counted from the top, with them y runs upwards")
  func directions() {
    func tickHeights(_ map: HeatMap) -> [String: Double] {
      let drawing = map.drawing()
      let left = drawing.labels.filter { $0.box.right < drawing.frame.left }
      return Dictionary(left.map { ($0.text, $0.box.top) }) { first, _ in first }
    }
    let values = [HeatMap.Panel(values: (0..<9).map(Double.init))]
    let indices = tickHeights(HeatMap(rows: 3, columns: 3, panels: values, label: "v"))
    let coordinates = tickHeights(HeatMap(rows: 3, columns: 3, panels: values, x: [10, 20, 30], y: [10, 20, 30]))
    #expect((indices["2"] ?? 0) > (indices["0"] ?? .infinity))
    #expect((coordinates["30"] ?? .infinity) < (coordinates["10"] ?? 0))
  }

  /// Rows and ranges of columns of a path such as "M0 0h2m-1 1h2".
  private func strokes(_ path: String) -> [(row: Int, columns: Range<Int>)] {
    var (column, row) = (0, 0)
    return path.split(whereSeparator: { $0 == "m" || $0 == "M" }).compactMap { part in
      let numbers = part.split(whereSeparator: { $0 == " " || $0 == "h" }).compactMap { Int($0) }
      guard numbers.count == 3 else { return nil }
      column += numbers[0]
      row += numbers[1]
      defer { column += numbers[2] }
      return (row, column..<column + numbers[2])
    }
  }
}
