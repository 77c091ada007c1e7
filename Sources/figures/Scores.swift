import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 11: what a statement costs beyond the truth, under three or four rules.
  ///
  /// Columns of the data: panel, what is stated, then D for the linear, the quadratic and the logarithmic rule and the
  /// energy, and ½ G times the square of the distance to the truth for the last three. Panel 0 states a chance of rain where 0.6 is true, panel
  /// 1 a width where the truth is a Gaussian of width 1.
  static let scores: BookFigure = .init(
    name: "scores",
    commands: ["swift run -c release figures scores --data"],
    data: { _ in
      let rounded = rounding(decimals: 5)
      func forecast(_ chance: Double) -> Distribution<Lattice, Double> {
        Lattice(sites: 2)([Double.log(chance), Double.log(1 - chance)])
      }
      let belief = forecast(0.6)
      var rows = (1...99).map { percent -> [Double] in
        let said = forecast(Double(percent) / 100)
        return [
          0, Double(percent) / 100, LinearScore().divergence(belief, said), QuadraticScore().divergence(belief, said),
          LogScore().divergence(belief, said), .nan, .nan, .nan, .nan,
        ].map(rounded)
      }
      let truth = Gaussians()([0, 1])
      let energy = EnergyScore()
      let metrics = [QuadraticScore().metric(truth)[1, 1], LogScore().metric(truth)[1, 1], energy.metric(truth)[1, 1]]
      for step in 0...60 {
        let width = 0.5 + 0.025 * Double(step)
        let said = Gaussians()([0, width])
        let off = (width - 1) * (width - 1)
        rows.append(
          [
            1, width, .nan, QuadraticScore().divergence(truth, said), LogScore().divergence(truth, said),
            energy.divergence(truth, said),
          ].map(rounded) + metrics.map { rounded(0.5 * $0 * off) })
      }
      return FigureData(
        table: NumericTable(
          columns: [
            "panel", "stated", "linear", "quadratic", "log", "energy", "quadratic_metric", "log_metric",
            "energy_metric",
          ], rows: rows))
    },
    draw: { table, _ throws(FigureError) in
      let (panels, stated) = (try table.needed("panel"), try table.needed("stated"))
      func series(
        _ panel: Double, _ column: String, _ name: String, _ colour: Int = 0, near truth: Double? = nil
      ) throws(FigureError) -> Series {
        let values = try table.needed(column)
        let rows = panels.indices.filter { panels[$0] == panel && abs(stated[$0] - (truth ?? stated[$0])) < 0.22 }
        return Series(
          name, x: rows.map { stated[$0] }, y: rows.map { values[$0] }, style: truth == nil ? .line : .outline,
          colour: colour)
      }
      return Figure(
        title: "What a statement costs beyond the truth",
        rows: [
          [
            Plot(
              title: "rain, truly 60 %", xAxis: Axis("chance stated", from: 0, to: 1),
              yAxis: Axis("D", from: -0.1, to: 0.6),
              series: [
                try series(0, "linear", "linear", 3), try series(0, "quadratic", "quadratic", 1),
                try series(0, "log", "logarithmic", 0),
              ],
              references: [
                ReferenceLine(0, label: ""), ReferenceLine(0.6, label: "", direction: .vertical, isDashed: true),
              ], legend: .beneath, height: 210),
            Plot(
              title: "a Gaussian, truly of width 1", xAxis: Axis("width σ stated", from: 0.7, to: 1.35),
              yAxis: Axis("D (energy in ħω)", from: 0, to: 0.1),
              series: [
                try series(1, "energy_metric", "½ G (σ − 1)²", near: 1),
                try series(1, "quadratic_metric", "", near: 1), try series(1, "log_metric", "", near: 1),
                try series(1, "energy", "energy", 2), try series(1, "quadratic", "quadratic", 1),
                try series(1, "log", "logarithmic", 0),
              ],
              references: [ReferenceLine(1, label: "", direction: .vertical, isDashed: true)],
              legend: .beneath, height: 210),
          ]
        ])
    })
}
