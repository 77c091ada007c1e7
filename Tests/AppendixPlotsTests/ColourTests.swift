import AppendixPlots
import Foundation
import Testing

@Suite("P.5 Colours") struct Colours {
  @Test("the sequential scale grows lighter from end to end")
  func sequential() {
    let lightness = ColourMap.sequential.levels.map(lightness)
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 < $1 })
    #expect(ColourMap.sequential.colour(at: 0).hexadecimal == "#440154")
    #expect(ColourMap.sequential.colour(at: 1).hexadecimal == "#fde725")
  }

  @Test("the diverging scale is lightest in the middle and darkens to both sides")
  func diverging() {
    let levels = ColourMap.diverging.levels
    let lightness = levels.map(lightness)
    let middle = levels.count / 2
    #expect(zip(lightness[...middle], lightness[1...middle]).allSatisfy { $0 < $1 })
    #expect(zip(lightness[middle...], lightness[(middle + 1)...]).allSatisfy { $0 > $1 })
    #expect(levels[middle] == Colour(0xF7F7F7))
    #expect(levels[0].blue > levels[0].red && levels[levels.count - 1].red > levels[levels.count - 1].blue)
  }

  @Test("on a dark page the diverging scale is darkest in the middle, and as long as on a light one")
  func divergingOnDark() throws {
    let levels = try #require(ColourMap.diverging.darkLevels)
    let lightness = levels.map(lightness)
    let middle = levels.count / 2
    #expect(levels.count == ColourMap.diverging.levels.count)
    #expect(zip(lightness[...middle], lightness[1...middle]).allSatisfy { $0 > $1 })
    #expect(zip(lightness[middle...], lightness[(middle + 1)...]).allSatisfy { $0 < $1 })
    #expect(ColourMap.sequential.darkLevels == nil)
  }

  @Test("levels are at most 64, and values beyond the scale get the colour of its end")
  func levels() {
    for map in ColourMap.allCases {
      #expect(map.levels.count <= 64)
      #expect(map.colour(at: -1) == map.levels.first && map.colour(at: 7) == map.levels.last)
    }
  }

  @Test("colours of curves are told apart with and without the receptors for red or green")
  func curves() {
    let sheet = styleSheet().components(separatedBy: "@media")
    for part in sheet {
      let colours = (0..<7).compactMap { number -> Colour? in
        guard let range = part.range(of: ".c\(number){color:#") else { return nil }
        return UInt32(part[range.upperBound...].prefix(6), radix: 16).map { Colour($0) }
      }
      #expect(colours.count == 7)
      for simulation in [identity, protanopia, deuteranopia] {
        let seen = colours.map { laboratory(linear($0), simulation) }
        for i in seen.indices {
          for j in seen.indices.dropFirst(i + 1) {
            // A difference of about 2 is just visible side by side.
            let difference = sqrt(zip(seen[i], seen[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
            #expect(difference > 10, "\(i) and \(j)")
          }
        }
      }
    }
  }
}

/// Light of the three primaries, from 0 to 1.
private func linear(_ colour: Colour) -> [Double] {
  [colour.red, colour.green, colour.blue].map { part in
    let s = Double(part) / 255
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4)
  }
}

/// CIE L*, from 0 to 100.
private func lightness(_ colour: Colour) -> Double { laboratory(linear(colour), identity)[0] }

/// CIE L*a*b* under daylight (D65) of what is left of the primaries.
private func laboratory(_ light: [Double], _ simulation: [[Double]]) -> [Double] {
  func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }
  let seen = times(simulation, light).map { min(max($0, 0), 1) }
  let xyz = times([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], seen)
  let f = zip(xyz, [0.9505, 1, 1.089]).map { value, white in
    let t = value / white
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116
  }
  return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
}

private let identity = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
// Machado, Oliveira, Fernandes (2009), severity 1.
private let protanopia = [
  [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
]
private let deuteranopia = [
  [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
]
