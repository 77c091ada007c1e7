import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// ½x² as a score: minus the local energy in the trap.
private let trap = EnergyScore { x in 0.5 * x * x }
private let ground = [0, 0.5.squareRoot()]

private func energy(_ theta: [Double]) -> Double { -trap.entropy(Gaussians()(theta)) }

/// √(δᵀFδ) at a Gaussian.
private func length(_ step: [Double], at theta: [Double]) -> Double {
  dot(step, LogScore().metric(Gaussians()(theta)) * step).squareRoot()
}

extension BookFigure {
  /// Chapter 7: steps of one length in θ and steps that change |ψ|² by one D, for the page's network and for Gaussians.
  ///
  /// Columns of the data: panel, a number for each curve, and its points. Panel 0 is the plane of two directions, downhill
  /// with one block's parameters each, from page 7's network: curve 0 holds |δ| = 0.1, 1 D = 0.005, 2 ½ δᵀFδ = 0.005. Panel 1
  /// is the plane of a Gaussian's mean and width, at nine of them: even curves hold |δ| = 0.15, odd ones √(δᵀFδ) = 0.3.
  static let equalDistances: BookFigure = .init(
    name: "equal-distances",
    commands: ["swift run -c release figures equal-distances --data"],
    data: { _ in
      var rows: [[Double]] = []
      func add(_ panel: Double, _ curve: Double, _ points: [(x: Double, y: Double)]) {
        rows += points.map { [panel, curve] + [$0.x, $0.y].map(rounding(decimals: 4)) }
      }
      let angles = (0...60).map { 2 * Double.pi * Double($0) / 60 }

      let (ansatz, walk) = try pretrainedPair(hidden: 8, walkers: 1024)
      let sample = Sample(TrappedFermions(particles: 2, strength: -20), ansatz, at: walk.walkers, order: .value)
      let directions = [1, 3].map { group -> [Double] in
        var step = [Double](repeating: 0, count: sample.gradient.count)
        for p in sample.parameterGroups[group].range { step[p] = -sample.gradient[p] }
        let size = norm(step)
        return step.map { $0 / size }
      }
      func step(_ x: Double, _ y: Double) -> [Double] { zip(directions[0], directions[1]).map { x * $0 + y * $1 } }
      func divergence(_ x: Double, _ y: Double) -> Double {
        var moved = ansatz
        moved.move(by: step(x, y))
        let there = moved.evaluate(sample.walkers, order: .value).logPsi
        return kullbackLeibler(
          logRatios: zip(there, sample.derivatives.evaluation.logPsi).map { 2 * ($0 - $1) })
      }
      let fisher = FisherMetric().forms(directions, sample)
      add(0, 0, angles.map { (0.1 * Double.cos($0), 0.1 * Double.sin($0)) })
      let places = (-32...32).map { Double($0) / 100 }
      let grid = places.flatMap { y in places.map { x in divergence(x, y) } }
      let line = contour(grid, x: places, y: places, level: 0.005)
      add(0, 1, zip(line.x, line.y).map { ($0, $1) })
      // The ellipse by Cholesky's factor, evenly around.
      let slope = fisher[0, 1] / fisher[0, 0]
      let rest = fisher[1, 1] - slope * fisher[0, 1]
      add(
        0, 2,
        angles.map { angle in
          let y = 0.1 * Double.sin(angle) / rest.squareRoot()
          return (0.1 * Double.cos(angle) / fisher[0, 0].squareRoot() - slope * y, y)
        })

      var curve = 0.0
      for width in [0.3, 0.75, 1.4] {
        for mean in [-1.0, 0, 1] {
          let metric = LogScore().metric(Gaussians()([mean, width]))
          let radii = [0, 1].map { 0.3 / metric[$0, $0].squareRoot() }
          add(1, curve, angles.map { (mean + 0.15 * Double.cos($0), width + 0.15 * Double.sin($0)) })
          add(1, curve + 1, angles.map { (mean + radii[0] * Double.cos($0), width + radii[1] * Double.sin($0)) })
          curve += 2
        }
      }
      return FigureData(
        table: NumericTable(columns: ["panel", "curve", "x", "y"], rows: rows),
        notes: ["A = 2, V0 = -20, 8 features, seed 1, pretrained, 1024 walkers"])
    },
    draw: { table, _ throws(FigureError) in
      let (panels, curves) = (try table.needed("panel"), try table.needed("curve"))
      let (x, y) = (try table.needed("x"), try table.needed("y"))
      func curve(_ panel: Double, _ wanted: (Double) -> Bool) -> (x: [Double], y: [Double]) {
        var (resultX, resultY): ([Double], [Double]) = ([], [])
        var last = Double.nan
        for i in panels.indices where panels[i] == panel && wanted(curves[i]) {
          if curves[i] != last && !last.isNaN {
            resultX.append(.nan)
            resultY.append(.nan)
          }
          last = curves[i]
          resultX.append(x[i])
          resultY.append(y[i])
        }
        return (resultX, resultY)
      }
      let (circle, divergence, form) = (curve(0) { $0 == 0 }, curve(0) { $0 == 1 }, curve(0) { $0 == 2 })
      let (circles, ellipses) = (
        curve(1) { $0.truncatingRemainder(dividingBy: 2) == 0 }, curve(1) { $0.truncatingRemainder(dividingBy: 2) == 1 }
      )
      return Figure(
        title: "Equal steps in θ, and equal changes of |ψ|²",
        rows: [
          [
            Plot(
              title: "180 parameters", xAxis: Axis("δ in the second layer", from: -0.32, to: 0.32),
              yAxis: Axis("in the envelopes", from: -0.188, to: 0.188),
              series: [
                Series("|δ| = 0.1", x: circle.x, y: circle.y, style: .path, colour: 1),
                Series("D = 0.005", x: divergence.x, y: divergence.y, style: .path, colour: 0),
                Series("½ δᵀFδ = 0.005", x: form.x, y: form.y, style: .path, colour: 6),
              ], legend: .beneath, isIsometric: true),
            Plot(
              title: "Gaussians |ψ|²", xAxis: Axis("mean μ", from: -1.7, to: 1.7),
              yAxis: Axis("width σ", from: 0, to: 2),
              series: [
                Series("|δ| = 0.15", x: circles.x, y: circles.y, style: .path, colour: 1),
                Series("√(δᵀFδ) = 0.3", x: ellipses.x, y: ellipses.y, style: .path, colour: 0),
              ], legend: .beneath, isIsometric: true),
          ]
        ])
    })

  private static let descentUnits = [1.0 / 3, 1, 3]

  /// Chapter 7: ways down to a trap's ground state in the plane of a Gaussian's mean and width, in steps of one length
  /// √(δᵀFδ) = 0.05: against the gradient, with the mean in three units, and against F⁻¹ times the gradient, where units make
  /// no difference.
  ///
  /// Columns of the data: curve (0 lines of equal energy, 1 to 3 the gradient's ways with the mean in units of ⅓, 1 and 3,
  /// 4 the natural gradient's), step, mean, width, distance of the energy to the ground state's.
  static let descents: BookFigure = .init(
    name: "descents",
    commands: ["swift run -c release figures descents --data"],
    data: { _ in
      let rounded = rounding(decimals: 4)
      var rows: [[Double]] = []
      let (means, widths) = ((-30...40).map { Double($0) / 20 }, (4...40).map { Double($0) / 20 })
      let grid = widths.flatMap { width in means.map { energy([$0, width]) - 0.5 } }
      for level in [0.02, 0.1, 0.3, 0.7, 1.3, 2] {
        let line = contour(grid, x: means, y: widths, level: level)
        rows += zip(line.x, line.y).map { [0, .nan, rounded($0), rounded($1), level] } + [[0, .nan, .nan, .nan, .nan]]
      }
      for curve in 1...4 {
        var theta = [1.6, 0.25]
        for step in 0...120 {
          let distance = energy(theta) - 0.5
          rows.append(
            [Double(curve), Double(step), rounded(theta[0]), rounded(theta[1]), Double(scientific(distance, 3)) ?? 0])
          if distance < 1e-3 { break }
          var move = trap.step(from: Gaussians()(theta), measuredBy: LogScore())
          if curve < 4 {
            // With μ counted in units of u, ∂/∂(μ/u) is u ∂/∂μ, and a step of μ/u is u times as long in μ.
            let gradient = trap.objectiveGradient(Gaussians()(theta))
            let unit = descentUnits[curve - 1]
            move = [-unit * unit * gradient[0], -gradient[1]]
          }
          scale(&move, by: 0.05 / length(move, at: theta))
          add(1, move, to: &theta)
        }
      }
      return FigureData(
        table: NumericTable(columns: ["curve", "step", "mean", "width", "distance"], rows: rows),
        notes: [
          "trap of frequency 1, start (1.6, 0.25); the mean in units of 1/3, 1, 3; lines of equal energy at the distances given"
        ])
    },
    draw: { table, _ throws(FigureError) in
      let (curves, steps) = (try table.needed("curve"), try table.needed("step"))
      let (means, widths) = (try table.needed("mean"), try table.needed("width"))
      let distances = try table.needed("distance")
      var (plane, progress): ([Series], [Series]) = ([], [])
      func values(_ column: [Double], _ curve: Double) -> [Double] {
        curves.indices.filter { curves[$0] == curve }.map { column[$0] }
      }
      plane.append(Series("", x: values(means, 0), y: values(widths, 0), style: .outline))
      for (curve, name, colour) in [
        (1.0, "gradient, μ in units of ⅓", 22), (2, "of 1", 1), (3, "of 3", 15), (4, "natural gradient", 0),
      ] {
        plane.append(Series(name, x: values(means, curve), y: values(widths, curve), style: .path, colour: colour))
        progress.append(Series(name, x: values(steps, curve), y: values(distances, curve), colour: colour))
      }
      plane.append(Series("", x: [ground[0]], y: [ground[1]], style: .points, colour: 6))
      return Figure(
        title: "Ways down, in steps of one length √(δᵀFδ)",
        rows: [
          [
            Plot(
              title: "over lines of equal energy", xAxis: Axis("mean μ", from: -0.4, to: 2),
              yAxis: Axis("width σ", from: 0.2, to: 2), series: plane, legend: .beneath, isIsometric: true),
            Plot(
              title: "energy left", xAxis: Axis("step"),
              yAxis: Axis("E − E₀ (ħω)", scale: .logarithmic, from: 1e-3, to: 10), series: progress, legend: .none,
              height: 176),
          ]
        ])
    })
}
