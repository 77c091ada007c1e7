import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 2: the error of a second difference against its step, beside that of nested dual numbers, which have none.
  ///
  /// f(x) = x sin x², the page's example, at a hundred points of [0, 2]; errors are root mean squares, over that of f″.
  ///
  /// Columns of the data: step h, error of the second difference, what Taylor's series leaves out (h²/12 times f⁗), what
  /// rounding leaves (see below), error of dual numbers.
  static let differences: BookFigure = .init(
    name: "differences",
    commands: ["swift run -c release figures differences --data"],
    data: { _ in
      let points = (0..<100).map { 0.02 * Double($0) + 0.01 }
      func rms(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      }
      let rounded = rounding(significant: 3)
      // By hand: f″ = 6x cos x² - 4x³ sin x².
      let exact = points.map { x in
        6 * x * Double.cos(x * x) - 4 * x * x * x * Double.sin(x * x)
      }
      let dual = points.map { x in derivative(of: { derivative(of: wiggle, at: $0) }, at: x) }
      let fourth = points.map { x in
        derivative(
          of: { x in
            derivative(of: { x in derivative(of: { derivative(of: wiggle, at: $0) }, at: x) }, at: x)
          }, at: x)
      }
      let dualError = rms(zip(dual, exact).map { $0 - $1 }) / rms(exact)
      // A rounding is off by up to half a unit in the last place, evenly spread, variance ulp²/12: of x², its sine and the
      // product in each of the three values (the middle one counts twice, so six times), and of x + h and x - h.
      let rounding =
        rms(
          points.map { x in
            let (sine, cosine) = (Double.sin(x * x), Double.cos(x * x))
            let parts = [wiggle(x).ulp, x * sine.ulp, x * cosine * (x * x).ulp]
            let arguments = derivative(of: wiggle, at: x) * x.ulp
            return ((6 * parts.reduce(0) { $0 + $1 * $1 } + 2 * arguments * arguments) / 12).squareRoot()
          }) / rms(exact)
      let rows = (4...40).map { step -> [Double] in
        let h = Double.pow(10, -0.25 * Double(step))
        let differences = points.map { (wiggle($0 + h) - 2 * wiggle($0) + wiggle($0 - h)) / (h * h) }
        let error = rms(zip(differences, exact).map { $0 - $1 }) / rms(exact)
        return [h, error, h * h / 12 * rms(fourth) / rms(exact), rounding / (h * h), dualError].map(rounded)
      }
      return FigureData(
        table: NumericTable(columns: ["step", "difference", "left_out", "rounding", "dual"], rows: rows))
    },
    draw: { table, _ throws(FigureError) in
      let steps = try table.needed("step")
      return Plot(
        title: "Second derivative of x sin x²", xAxis: Axis("step h", scale: .logarithmic),
        yAxis: Axis("relative error", scale: .logarithmic, from: 1e-17, to: 1e4),
        series: [
          Series("left out, ∝ h²", x: steps, y: try table.needed("left_out"), colour: 8),
          Series("rounding, ∝ 1/h²", x: steps, y: try table.needed("rounding"), colour: 10),
          Series("second difference", x: steps, y: try table.needed("difference"), style: .points, colour: 0),
          Series("dual numbers, no step", x: steps, y: try table.needed("dual"), colour: 16),
        ], height: 250)
    })
}

/// x sin x²
private func wiggle<S: DifferentiableScalar>(_ x: S) -> S { x * sin(x * x) }
