import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  private static let walkWidths = [0.1, 1, 10]

  /// Chapter 5: two hundred moves of one walker, at three widths, over lines of equal |ψ|² of two free fermions.
  ///
  /// Columns of the data: width of the proposals, x₁ and x₂ after each move; rows of width 0 hold points of the lines, with
  /// not-a-number between two of them.
  static let walks: BookFigure = .init(
    name: "walks",
    commands: ["swift run -c release figures walks --data"],
    data: { _ in
      let rounded = rounding(decimals: 3)
      var rows: [[Double]] = []
      for width in walkWidths {
        var walk = MetropolisWalk(
          positions: [-0.7, 0.7], particles: 2, width: ProposalWidth(width), seed: 4)
        for _ in 0...200 {
          let x = walk.walkers[0]
          rows.append([width, rounded(x[0]), rounded(x[1])])
          walk.sweep(FreeFermions(particles: 2), count: 1)
        }
      }
      // |ψ|² = (x₁ - x₂)² exp(-x₁² - x₂²), 2/e at its two maxima.
      let places = (-48...48).map { Double($0) / 16 }
      let density = places.flatMap { y in
        places.map { x in (x - y) * (x - y) * Double.exp(1 - x * x - y * y) / 2 }
      }
      for level in [0.9, 0.5, 0.1, 0.01] {
        let line = contour(density, x: places, y: places, level: level)
        for (number, (x, y)) in zip(line.x, line.y).enumerated() where number % 2 == 0 || x.isNaN {
          rows.append([0, rounded(x), rounded(y)])
        }
        rows.append([0, .nan, .nan])
      }
      return FigureData(
        table: NumericTable(columns: ["width", "x1", "x2"], rows: rows),
        notes: ["A = 2, no interaction; one walker from (-0.7, 0.7), 200 moves, seed 4; lines at 0.9, 0.5, 0.1, 0.01"])
    },
    draw: { table, _ throws(FigureError) in
      let widths = try table.needed("width")
      let (x, y) = (try table.needed("x1"), try table.needed("x2"))
      let lines = widths.indices.filter { widths[$0] == 0 }
      let plots = walkWidths.map { width in
        let path = widths.indices.filter { widths[$0] == width }
        let stops = path.filter { $0 == path.first || x[$0] != x[$0 - 1] || y[$0] != y[$0 - 1] }
        return Plot(
          title: "width \(fixed(width, width < 1 ? 1 : 0))", xAxis: Axis("x₁", from: -3, to: 3),
          yAxis: Axis("x₂", from: -3, to: 3),
          series: [
            Series("", x: lines.map { x[$0] }, y: lines.map { y[$0] }, style: .outline),
            Series("", x: [-3, 3], y: [-3, 3], style: .reference),
            Series("", x: stops.map { x[$0] }, y: stops.map { y[$0] }, style: .path, colour: 0),
            Series("", x: stops.map { x[$0] }, y: stops.map { y[$0] }, style: .points, colour: 0, markSize: 1.8),
          ], legend: .none, isIsometric: true)
      }
      return Figure(title: "200 moves of one walker", rows: [plots], leastWidth: 180)
    })

  /// Chapter 5: how often moves are accepted, and how long a walker repeats itself, against the width of the moves.
  ///
  /// Columns of the data: width, acceptance and its standard error, autocorrelation time of Σ x² in sweeps and its standard
  /// error.
  static let widths: BookFigure = .init(
    name: "widths",
    commands: ["swift run -c release figures widths --data"],
    data: { _ in
      let rounded = rounding(significant: 4)
      let rows = (-4...4).map { step -> [Double] in
        let width = Double.pow(10, Double(step) / 4)
        var (acceptances, times): ([Double], [Double]) = ([], [])
        for seed in 1...8 {
          var walk = MetropolisWalk(walkers: 64, particles: 2, seed: UInt64(seed), width: ProposalWidth(width))
          walk.sweep(FreeFermions(particles: 2), count: 2000)
          acceptances.append(walk.acceptance)
          let series = walk.measure(FreeFermions(particles: 2), times: 4000) { $0.reduce(0) { $0 + $1 * $1 } }
          times.append(series.autocorrelationTime)
        }
        let (acceptance, time) = (SampleStatistics(independent: acceptances), SampleStatistics(independent: times))
        return [width, acceptance.mean, acceptance.standardError, time.mean, time.standardError].map(rounded)
      }
      return FigureData(
        table: NumericTable(columns: ["width", "acceptance", "acceptance_error", "time", "time_error"], rows: rows),
        notes: ["A = 2, no interaction; 64 walkers, 2000 sweeps and 4000 more, seeds 1 to 8"])
    },
    draw: { table, _ throws(FigureError) in
      let widths = try table.needed("width")
      let axis = Axis("width of a move (oscillator lengths)", scale: .logarithmic)
      func series(_ column: String, _ colour: Int) throws(FigureError) -> [Series] {
        let (values, errors) = (try table.needed(column), try table.needed(column + "_error"))
        return [
          Series("", x: widths, y: values, colour: colour),
          Series("", x: widths, y: values, error: errors, style: .points, colour: colour),
        ]
      }
      return Figure(
        rows: [
          [
            Plot(
              title: "moves accepted", xAxis: axis, yAxis: Axis("acceptance", from: 0, to: 1),
              series: try series("acceptance", 0),
              references: [ReferenceLine(0.5, label: "", isDashed: true)], legend: .none, height: 170),
            Plot(
              title: "autocorrelation time", xAxis: axis,
              yAxis: Axis("sweeps", scale: .logarithmic, from: 1, to: 300), series: try series("time", 8),
              legend: .none,
              height: 170),
          ]
        ])
    })
}
