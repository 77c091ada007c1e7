import AppendixPlots
import Foundation
import Testing

@Suite("P.6 Cases in a grid") struct CasesInAGrid {
  private let grid = CaseGrid(
    title: "25 cases", rowLabel: "particles", columnLabel: "strength (ħω)", rows: ["2", "3"], columns: ["−20", "10"],
    cells: [.init("4e-4\nstep 50", .reached), .init("2e-3", .close), .init("0.2", .missed)],
    names: [.reached: "relative error ≤ 10⁻³"])

  @Test("a state is told by a colour and by a symbol, and the legend says what it means")
  func states() {
    let document = SVGDocument(grid.svg())
    let classes = document?.elements.compactMap { $0.attributes["class"] } ?? []
    // Once in the table, once in the legend; the fourth case is not there.
    for state in ["reached", "close", "missed", "missing"] { #expect(classes.filter { $0 == state }.count == 2) }
    let symbols = document?.elements.filter { $0.attributes["class"] == "sign" }.compactMap { $0.attributes["d"] } ?? []
    let shapes = Set(symbols.map { String($0.drop { $0 != "l" && $0 != "c" && $0 != "h" }) })
    #expect(symbols.count == 8 && shapes.count == 4)
    let texts = document?.texts("text") ?? []
    #expect(texts.suffix(4) == ["relative error ≤ 10⁻³", "close", "not reached", "missing"])
    #expect(texts.contains("step 50") && texts.contains("strength (ħω)"))
  }

  @Test("words overlap nothing, however many cells and however long their words", arguments: [640.0, 300])
  func words(width: Double) {
    expectReadable(grid, width: width)
    let long = String(repeating: "words and ", count: 10)
    for count in [0, 1, 5, 12] {
      let names = (0..<count).map { "\(long)\($0)" }
      let cells = (0..<count * count).map { CaseGrid.Cell($0 % 3 == 0 ? long : "1e-3", CaseState.allCases[$0 % 4]) }
      let words = CaseGrid(
        title: long, rowLabel: long, columnLabel: long, rows: names, columns: names, cells: cells,
        names: [.reached: long])
      expectReadable(words, width: width)
    }
  }

  @Test("a screen reader hears every case")
  func summary() {
    #expect(
      SVGDocument(grid.svg())?.texts("desc")
        == [
          "particles 2: −20: 4e-4\nstep 50 relative error ≤ 10⁻³; 10: 2e-3 close. "
            + "particles 3: −20: 0.2 not reached; 10:  missing."
        ].map { $0.replacingOccurrences(of: "\n", with: " ") })
  }
}

@Suite("P.7 Several pictures as one") struct SeveralPictures {
  private func history(_ label: String, _ scale: Axis.Scale, _ values: [Double]) -> Plot {
    Plot(
      xAxis: Axis("step"), yAxis: Axis(label, scale: scale),
      series: [Series("dgd", y: values), Series("qn-mr-kfac", y: values.map { $0 * 2 })], height: 110)
  }

  @Test("plots beneath each other have their frames in line, one axis, one legend")
  func stacked() {
    let plots = [
      history("λ", .logarithmic, [1e3, 1e2, 1e-4]), history("γ", .linear, [123456, 2, 1, 0.5]),
      history("ρ", .linear, [1, 2, 3, 4, 5]),
    ]
    let drawing = Figure(title: "Regulators", stacked: plots, sharedAxis: true).drawing()
    let texts = drawing.labels.map(\.text)
    for text in ["step", "dgd", "qn-mr-kfac"] { #expect(texts.filter { $0 == text }.count == 1) }
    #expect(drawing.boxes.filter { $0.width > 200 }.count == 3)
    #expect(Set(drawing.boxes.filter { $0.width > 200 }.map { [$0.left, $0.right] }).count == 1)
    // The longest history sets the axis of all: 4 steps.
    let marks = drawing.labels.filter { ["0", "4.0"].contains($0.text) && $0.box.top > drawing.frame.bottom }
    #expect(marks.map(\.text) == ["0", "4.0"])
    #expect(marks.map { ($0.box.left + $0.box.right) / 2 } == [drawing.frame.left, drawing.frame.right])
  }

  @Test("pictures of a row stand side by side, and beneath each other where the page is narrow")
  func rows() {
    let row = [history("λ", .logarithmic, [3, 2, 1]), history("ρ", .linear, [1, 2, 3])]
    let wide = Figure(rows: [row]).drawing(width: 640)
    let narrow = Figure(rows: [row]).drawing(width: 360)
    let frames = { (drawing: Drawing) in drawing.boxes.filter { $0.width > 100 } }
    #expect(frames(wide).count == 2 && frames(wide)[0].top == frames(wide)[1].top)
    #expect(frames(wide)[0].right < frames(wide)[1].left)
    #expect(frames(narrow).count == 2 && frames(narrow)[0].bottom < frames(narrow)[1].top)
    #expect(narrow.width <= 360)
  }

  @Test("words overlap nothing in figures of all kinds of pictures", arguments: [1000.0, 640, 360, 200])
  func words(width: Double) {
    let plot = history("energy (ħω)", .linear, [-2.4717, -2.4716])
    let map = HeatMap(
      title: "Fisher", rows: 2, columns: 2,
      panels: [.init("exact", values: [1, 2, 3, 4]), .init("model", values: [])],
      label: "F")
    let grid = CaseGrid(rows: ["2"], columns: ["1", "2", "3"], cells: [.init("1e-3", .close)])
    for shared in [false, true] {
      let rows: [[any Picture]] = [[plot, plot, plot], [map, plot], [grid], [plot, grid, map], [], [Plot()]]
      expectReadable(Figure(title: "All of them at once", rows: rows, sharedAxis: shared), width: width)
    }
    expectReadable(Figure(rows: []), width: width)
    expectReadable(Figure(rows: [[Figure(stacked: [plot, plot]), map]]), width: width)
  }

  @Test("titles and summaries of the parts are those of the figure, unless it has its own")
  func spoken() {
    let parts = [Plot(title: "one", summary: "first."), Plot(title: "two", summary: "second.")]
    let document = SVGDocument(Figure(stacked: parts).svg())
    #expect(document?.texts("title") == ["one; two"] && document?.texts("desc") == ["first. second."])
    #expect(SVGDocument(Figure(title: "both", stacked: parts).svg())?.texts("title") == ["both"])
  }
}
