import AppendixPlots
import Foundation
import TestSupport
import Testing

@Suite("P.8 Boxes and arrows") struct BoxesAndArrows {
  private let product = Diagram(
    title: "z = x y",
    boxes: [
      .init("x = 2", column: 0, row: 0, colour: 0), .init("y = 3", column: 0, row: 1),
      .init("z = 6\n∂z/∂x = 3", values: [0.5, -1], column: 1, row: 0.5),
    ],
    arrows: [.init(from: 0, to: 2, label: "× y"), .init(from: 1, to: 2, colour: 1, isDashed: true)])

  @Test("every box has an outline, every arrow a line and a head that touch neither box")
  func parts() throws {
    let document = try #require(SVGDocument(product.svg()))
    let outlines = document.elements.filter { $0.attributes["class"] == "thin" }.compactMap {
      places($0.attributes["d"] ?? "")
    }
    #expect(outlines.count == 3)
    let heads = document.elements.filter { $0.attributes["class"] == "mark" }.compactMap {
      places($0.attributes["d"] ?? "")
    }
    #expect(heads.count == 2)
    let target = try #require(outlines.last)
    let left = try #require(target.map(\.x).min())
    for head in heads { #expect(head.allSatisfy { $0.x < left && $0.x > left - 20 }) }
    #expect(document.elements.count { $0.attributes["class"]?.hasPrefix("line") == true } == 2)
  }

  @Test("values are squares in their colours: the greatest has the last one, and dark pages have their own")
  func values() throws {
    let svg = product.svg()
    let squares = try #require(SVGDocument(svg)).elements.filter {
      $0.attributes["class"]?.hasPrefix("cells v") == true
    }
    // 0.5 of -1…1 is three quarters of the way through 63 levels.
    #expect(squares.map { $0.attributes["class"] } == ["cells v47", "cells v0"])
    #expect(squares[1].attributes["stroke"] == ColourMap.diverging.levels[0].hexadecimal)
    #expect(svg.contains(".v0{stroke:\(ColourMap.diverging.darkLevels?[0].hexadecimal ?? "")}"))
    // Where there is no value no rule is needed.
    #expect(!Diagram(boxes: [.init("x", column: 0, row: 0)]).svg().contains(".v0{"))
  }

  @Test("words overlap nothing, however many boxes stand in a row, at any width", arguments: [1000.0, 640, 360, 200])
  func words(width: Double) {
    expectReadable(product, width: width)
    expectReadable(Diagram(boxes: []), width: width)
    expectReadable(Diagram(boxes: [.init("alone", column: 3, row: 2)]), width: width)
    let row = (0..<7).map {
      Diagram.Box("box number \($0)", values: [1, 2, .nan], column: Double($0) / 2, row: Double($0 % 2) / 10)
    }
    let drawing = Diagram(boxes: row, arrows: (0..<6).map { .init(from: $0, to: $0 + 1) }).drawing(width: width)
    for (number, label) in drawing.labels.enumerated() {
      #expect(drawing.labels[(number + 1)...].allSatisfy { !$0.box.overlaps(label.box) })
    }
    expectReadable(Diagram(boxes: row), width: width)
  }

  @Test("a diagram is as wide as it was asked to be where its boxes leave room")
  func width() { for width in [400.0, 640] { #expect(product.drawing(width: width).width == width) } }
}
