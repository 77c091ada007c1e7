import AppendixPlots
import Foundation
import TestSupport
import Testing

@Suite("P.2 Curves in a frame") struct CurvesInAFrame {
  @Test("a small plot, byte for byte")
  func bytes() {
    let plot = Plot(
      title: "E < 0 & \"exact\"", xAxis: Axis("step", from: 0, to: 2), yAxis: Axis("E", from: -1, to: 1),
      series: [Series("a", y: [1, -1, 0.5])], height: 100)
    let body = plot.svg(width: 300, style: false)
    #expect(body == smallPlot)
  }

  @Test("points of any magnitude are drawn inside the frame")
  func anyMagnitude() {
    var generator = SplitMix64(seed: 2)
    for round in 0..<150 {
      let plot = randomPlot(&generator)
      let drawing = plot.drawing(width: [640, 360, 200][round % 3])
      guard let document = SVGDocument(drawing.document()) else {
        Issue.record("not well-formed")
        continue
      }
      let frame = drawing.frame
      for path in ["line", "band", "thin"].flatMap({ document.paths($0) }) {
        guard let places = places(path) else {
          Issue.record("\(path) has other commands")
          continue
        }
        // Half of the last digit.
        #expect(
          places.allSatisfy {
            $0.x >= frame.left - 0.005 && $0.x <= frame.right + 0.005 && $0.y >= frame.top - 0.005
              && $0.y <= frame.bottom + 0.005
          })
      }
    }
  }

  @Test("every point of plain data is in the picture: its path visits it")
  func everyPoint() {
    let y = [0.25, 1, 0, 0.5]
    let plot = Plot(xAxis: Axis(from: 0, to: 3), yAxis: Axis(from: 0, to: 1), series: [Series("", y: y)], height: 100)
    let drawing = plot.drawing()
    let (frame, path) = (drawing.frame, SVGDocument(drawing.document())?.paths("line").first ?? "")
    let found = places(path) ?? []
    #expect(found.map(\.y) == [75, 0, 100, 50].map { frame.top + $0 })
    // Rounded to hundredths.
    #expect(found.map(\.x) ≈ (0..<4).map { frame.left + frame.width * Double($0) / 3 } ± 0.005)
  }

  @Test("words overlap nothing, whatever the names and the numbers")
  func words() {
    var generator = SplitMix64(seed: 3)
    for round in 0..<150 { expectReadable(randomPlot(&generator), width: [640, 360, 200, 1200][round % 4]) }
  }

  @Test("values without a place leave a gap")
  func gaps() {
    let y = [1, 2, .nan, 3, 4, .infinity, 5, 6]
    let lines = SVGDocument(Plot(series: [Series("", y: y)]).svg())?.paths("line") ?? []
    #expect(lines.map { $0.filter { $0 == "M" }.count } == [3])
    let logarithmic = Plot(yAxis: Axis(scale: .logarithmic), series: [Series("", y: [1, 0, 2, 3, -1, 4, 5])])
    let document = SVGDocument(logarithmic.svg())
    #expect(document?.paths("line").map { $0.filter { $0 == "M" }.count } == [2])
    // The first point stands alone: a mark instead of a line.
    #expect(document?.paths("mark").count == 1)
  }

  @Test(
    "nothing to draw is said",
    arguments: [[], [.nan], [.infinity, -.infinity]] as [[Double]])
  func noData(y: [Double]) {
    let plot = Plot(
      title: "t", series: [Series("a", y: y, style: .points)], references: [ReferenceLine(.nan, label: "b")])
    #expect(SVGDocument(plot.svg())?.texts("text").contains("no data") == true)
    expectReadable(plot)
    #expect(Plot().drawing().labels.map(\.text) == ["no data"])
  }

  @Test("a band's bound that is not positive reaches down to the frame of a logarithmic axis")
  func bandBelow() {
    let plot = Plot(
      yAxis: Axis(scale: .logarithmic), series: [Series("", y: [1, 1], lower: [-1, -1], upper: [2, 2])])
    let drawing = plot.drawing()
    let band = SVGDocument(drawing.document())?.paths("band").first.flatMap(places)
    #expect(band?.map(\.y).max() == drawing.frame.bottom)
  }

  @Test("what lies beyond given ends is cut off, and lines go on to the frame")
  func cut() {
    let plot = Plot(yAxis: Axis(from: 0, to: 1), series: [Series("", y: [-1e300, 0.5, 1e300])])
    let drawing = plot.drawing()
    let found = SVGDocument(drawing.document())?.paths("line").first.flatMap(places) ?? []
    #expect(found.first?.y == drawing.frame.bottom && found.last?.y == drawing.frame.top)
  }

  @Test("stairs hold a value until the next")
  func stairs() {
    let plot = Plot(xAxis: Axis(from: 0, to: 2), series: [Series("", y: [0, 1, 2], style: .steps)])
    let found = SVGDocument(plot.svg())?.paths("line").first.flatMap(places) ?? []
    #expect(found.count == 5)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.x == $1.x || $0.y == $1.y })
  }

  @Test("a hundred thousand points are thinned out, and their extremes stay")
  func thinned() {
    var generator = SplitMix64(seed: 4)
    var y = (0..<100_000).map { _ in generator.uniform() }
    y[77_777] = 10
    for style in [Series.Style.line, .points, .steps] {
      let plot = Plot(yAxis: Axis(from: 0, to: 10), series: [Series("", y: y, error: y, style: style)])
      let drawing = plot.drawing()
      let document = drawing.document()
      // Four places a column for the curve and for each side of the band, some thirteen bytes each, and twice that for
      // stairs; a mark with its bars takes about a hundred.
      #expect(document.utf8.count < 250_000, "\(style): \(document.utf8.count)")
      if style == .line {
        let found = SVGDocument(document)?.paths("line").first.flatMap(places) ?? []
        #expect(found.map(\.y).min() == drawing.frame.top)
      }
    }
  }

  @Test("every series has a name in the legend, and so has every reference line")
  func legend() {
    let names = ["adam", "ngd", "kfac", "qn-kfac", "qn-mr-kfac", "dgd"]
    let series = names.map { Series($0, y: [1, 2]) }
    for place in [LegendPlace.automatic, .right, .beneath] {
      let plot = Plot(series: series, references: [ReferenceLine(1.5, label: "exact")], legend: place)
      #expect(SVGDocument(plot.svg())?.texts("text").suffix(7) == names + ["exact"])
    }
    #expect(Plot(series: series, legend: .none).drawing().labels.allSatisfy { !names.contains($0.text) })
  }

  @Test("two reference lines are told apart by dashes and by tone, in the frame and in the legend")
  func references() {
    let plot = Plot(
      series: [Series("a", y: [0, 3])],
      references: [ReferenceLine(1, label: "Hartree-Fock", isDashed: true), ReferenceLine(2, label: "exact")])
    let classes = SVGDocument(plot.svg())?.elements.compactMap { $0.attributes["class"] } ?? []
    #expect(classes.filter { $0.hasPrefix("thin") } == ["thin d1 ink", "thin c6", "thin d1 ink", "thin c6"])
  }

  @Test("a circle is round where a unit is as long upwards as across, at any width", arguments: [640.0, 360, 220])
  func isometric(width: Double) {
    let angles = (0...40).map { 2 * Double.pi * Double($0) / 40 }
    let plot = Plot(
      xAxis: Axis("x", from: -2, to: 2), yAxis: Axis("y", from: -1.5, to: 1.5),
      series: [Series("circle", x: angles.map(cos), y: angles.map(sin), style: .path)], isIsometric: true)
    expectReadable(plot, width: width)
    let circle = SVGDocument(plot.svg(width: width))?.paths("line").first.flatMap(places) ?? []
    // All 41 places: a path goes to and fro, and nothing of it is thinned out.
    #expect(circle.count == 41)
    let (x, y) = (circle.map(\.x), circle.map(\.y))
    let (across, up) = ((x.max() ?? 0) - (x.min() ?? 0), (y.max() ?? 0) - (y.min() ?? 0))
    // The frame's height is rounded to a whole unit.
    #expect(abs(across - up) < 1, "\(across) across, \(up) up")
  }

  @Test("axes have two numbers at least, linear or logarithmic, however small the frame")
  func scales() {
    var generator = SplitMix64(seed: 10)
    for round in 0..<200 {
      func axis() -> Axis {
        let low = pow(10, generator.uniform() * 6 - 3)
        return generator.uniform() < 0.5
          ? Axis("x", scale: .logarithmic, from: low, to: low * (1 + pow(10, generator.uniform() * 8 - 2)))
          : Axis("x", from: low, to: low + pow(10, generator.uniform() * 6 - 3))
      }
      let (across, up) = (axis(), axis())
      let plot = Plot(
        xAxis: across, yAxis: up, series: [Series("", x: [across.from ?? 1, across.to ?? 1], y: [1, 2])],
        height: [60, 110, 260][round % 3])
      let width = [200.0, 360, 640][round / 3 % 3]
      expectReadable(plot, width: width)
      expectScales(plot.svg(width: width), "\(across), \(up), \(width)")
    }
  }

  @Test("names of any length are whole, in as many lines as they need")
  func longNames() {
    let name = (0..<40).map { "word\($0)" }.joined(separator: " ")
    let plot = Plot(series: [Series(name, y: [1, 2])])
    let lines = plot.drawing(width: 300).labels.map(\.text).filter { $0.hasPrefix("word") }
    #expect(lines.joined(separator: " ") == name)
  }

  @Test("one value, equal values and tiny differences have a range")
  func narrowRanges() {
    let lists: [[Double]] = [
      [3], [0, 0, 0], [-2.4717558, -2.4717558], [1, 1 + 1e-15], [1e-300, 2e-300], [.leastNonzeroMagnitude, 0],
    ]
    for y in lists {
      let plot = Plot(yAxis: Axis("E"), series: [Series("", y: y)])
      #expect(plot.drawing().labels.count >= 3)
      expectReadable(plot)
    }
  }
}

/// Numbers of all magnitudes and signs, some missing; axes, styles, names at random.
private func randomPlot(_ generator: inout SplitMix64) -> Plot {
  func pick<Value>(_ values: [Value]) -> Value { values[Int(generator.uniform() * Double(values.count))] }
  func text() -> String {
    let parts = [
      "λ", "relative error", "ħω", "<&>\"'", "10⁻³", "exact", "W", "ᚠ漢字", "qn-mr-kfac", "1 2 3", "\u{1}", "…",
    ]
    return (0..<Int(pow(40, generator.uniform())) - 1).map { _ in pick(parts) }.joined(separator: pick([" ", ""]))
  }
  func number(_ size: Double) -> Double {
    if generator.uniform() < 0.05 {
      return pick([.nan, .infinity, -.infinity, 0, 1e300, -1e300, .leastNonzeroMagnitude])
    }
    return (generator.uniform() * 2 - 0.5) * pow(10, size * (generator.uniform() * 2 - 1))
  }
  func axis() -> Axis {
    let ends = [nil, nil, nil, number(2), Double.nan]
    return Axis(text(), scale: pick([.linear, .logarithmic]), from: pick(ends), to: pick(ends))
  }
  let series = (0..<Int(generator.uniform() * 9)).map { _ in
    let count = pick([0, 1, 2, 30, 800])
    let size = pick([0.0, 1, 5, 300])
    let y = (0..<count).map { _ in number(size) }
    return Series(
      text(), x: pick([nil, (0..<count).map { _ in number(size) }]), y: y,
      lower: pick([nil, y.map { $0 - number(1) }]),
      upper: y.map { $0 + number(1) }, style: pick([.line, .points, .steps, .reference]), colour: pick([nil, -3, 99]))
  }
  let lines = (0..<Int(generator.uniform() * 3)).map { _ in
    ReferenceLine(number(2), label: text(), direction: pick([.horizontal, .vertical]))
  }
  return Plot(
    title: text(), xAxis: axis(), yAxis: axis(), series: series, references: lines,
    legend: pick([.automatic, .right, .beneath, .none]), height: pick([80, 260, -1, .nan, 400]))
}

private let smallPlot = """
  <svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 300 204" width="300" height="204" role="img">
  <title>E &lt; 0 &amp; &quot;exact&quot;</title>
  <desc>E against step: a.</desc>
  <path class="paper" d="M0 0H300V204H0Z"/>
  <text class="title" x="54" y="18">E &lt; 0 &amp; &quot;exact&quot;</text>
  <g class="data c0">
  <path class="line" d="M54 28L171 128 288 53"/>
  </g>
  <path class="axis" d="M54 28H288V128H54ZM112.5 128v-6M112.5 28v6M171 128v-6M171 28v6M229.5 128v-6M229.5 28v6\
  M65.7 128v-3M65.7 28v3M77.4 128v-3M77.4 28v3M89.1 128v-3M89.1 28v3M100.8 128v-3M100.8 28v3M124.2 128v-3\
  M124.2 28v3M135.9 128v-3M135.9 28v3M147.6 128v-3M147.6 28v3M159.3 128v-3M159.3 28v3M182.7 128v-3M182.7 28v3\
  M194.4 128v-3M194.4 28v3M206.1 128v-3M206.1 28v3M217.8 128v-3M217.8 28v3M241.2 128v-3M241.2 28v3M252.9 128v-3\
  M252.9 28v3M264.6 128v-3M264.6 28v3M276.3 128v-3M276.3 28v3M54 78h6M288 78h-6M54 118h3M288 118h-3M54 108h3\
  M288 108h-3M54 98h3M288 98h-3M54 88h3M288 88h-3M54 68h3M288 68h-3M54 58h3M288 58h-3M54 48h3M288 48h-3M54 38h3\
  M288 38h-3"/>
  <text class="small" x="54" y="146" text-anchor="middle">0</text>
  <text class="small" x="112.5" y="146" text-anchor="middle">0.5</text>
  <text class="small" x="171" y="146" text-anchor="middle">1.0</text>
  <text class="small" x="229.5" y="146" text-anchor="middle">1.5</text>
  <text class="small" x="288" y="146" text-anchor="middle">2.0</text>
  <text class="label" x="171" y="166.4" text-anchor="middle">step</text>
  <text class="small" x="48" y="132" text-anchor="end">−1</text>
  <text class="small" x="48" y="82" text-anchor="end">0</text>
  <text class="small" x="48" y="32" text-anchor="end">1</text>
  <text class="label" transform="translate(14.4 78)rotate(-90)" text-anchor="middle">E</text>
  <g class="c0">
  <path class="line" d="M54 189H82"/>
  </g>
  <text class="small" x="88" y="193">a</text>
  </svg>

  """
