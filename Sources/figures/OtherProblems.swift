import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// Page 16's density, and how far a network is from it.
private let truth = GaussianMixture([
  .init(share: 0.5, centre: [-1.5], width: 0.6), .init(share: 0.2, centre: [0.4], width: 0.3),
  .init(share: 0.3, centre: [1.8], width: 0.5),
])

private let rounded = rounding(significant: 4)

/// The geometric mean.
private func middle(_ values: [Double]) -> Double {
  Double.exp(values.reduce(0) { $0 + Double.log($1) } / Double(values.count))
}

extension BookFigure {
  /// Chapter 16: one density, two losses, three steps: D of the loss's own rule against the step, the geometric mean over three
  /// seeds.
  ///
  /// Columns of the data: step, then Hyvärinen's divergence from score matching by its own metric, by Fisher's and by Adam, then
  /// Kullback and Leibler's from maximum likelihood by its own metric, Hyvärinen's and Adam; then milliseconds of each so far.
  static let twoLosses: BookFigure = .init(
    name: "two-losses",
    commands: ["swift run -c release figures two-losses --data"],
    data: { _ in
      let error = DensityError(from: truth, extent: 6, spacing: 0.02)
      let likelihood = MaximumLikelihood(grid: truth.grid(extent: 8, spacing: 0.05), volume: 0.05)
      let fisher: @Sendable (Sample) -> any ParameterMetric = {
        MetricElsewhere(FisherMetric(), at: likelihood.model($0))
      }
      let steps = [1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 56, 80, 110, 150, 210, 300]
      /// The curve of one method, and its milliseconds, both [steps].
      func curve<Problem: FittingProblem>(
        _ problem: Problem, _ method: Fit<Problem>.Method, _ divergence: (PointNetwork) -> Double
      ) throws -> ([Double], [Double]) {
        var curves: [[Double]] = []
        var times: [[Double]] = []
        for seed in 1...3 {
          var fit = Fit(
            problem, PointNetwork(hidden: 12, confinement: 0.1, seed: UInt64(seed)),
            newData: { truth.samples(2048, seed: UInt64(seed * 1_000_000 + $0)) }, by: method, threads: 2)
          let watch = Stopwatch()
          var (curve, time) = ([Double](), [Double]())
          for step in steps {
            while fit.steps < step { try fit.advance() }
            time.append(watch.milliseconds)
            curve.append(divergence(fit.network))
          }
          curves.append(curve)
          times.append(time)
        }
        return (
          steps.indices.map { k in middle(curves.map { $0[k] }) },
          steps.indices.map { k in times.map { $0[k] }.sorted()[1] }
        )
      }
      let matching = ScoreMatching()
      let lists = [
        try curve(
          matching,
          .metric(
            MetricDescent({ _ in matching.metric }, damping: 0.1, rate: LearningRate(1, decaySteps: 5), bound: 1)),
          error.hyvarinen),
        try curve(
          matching,
          .metric(MetricDescent(fisher, damping: 0.3, rate: LearningRate(0.3, decaySteps: 50), bound: 0.1)),
          error.hyvarinen),
        try curve(matching, .adam(Adam(learningRate: 0.01, decaySteps: 300)), error.hyvarinen),
        try curve(
          likelihood,
          .metric(MetricDescent(fisher, damping: 0.01, rate: LearningRate(1, decaySteps: 5), bound: 1)),
          error.kullbackLeibler),
        try curve(
          likelihood,
          .metric(
            MetricDescent(
              { _ in matching.metric }, order: .gradient, damping: 0.1, rate: LearningRate(1, decaySteps: 50), bound: 1)
          ),
          error.kullbackLeibler),
        try curve(likelihood, .adam(Adam(learningRate: 0.01, decaySteps: 300)), error.kullbackLeibler),
      ]
      let names = ["own_score", "fisher_score", "adam_score", "own_log", "hyvarinen_log", "adam_log"]
      return FigureData(
        table: NumericTable(
          columns: ["step"] + names + names.map { $0 + "_ms" },
          rows: steps.indices.map { k in
            [Double(steps[k])] + lists.map { rounded($0.0[k]) } + lists.map { ($0.1[k]).rounded() }
          }),
        notes: ["a mixture of three Gaussians, 193 parameters, 2048 new points a step, seeds 1 to 3"])
    },
    draw: { table, _ throws(FigureError) in
      let steps = try table.needed("step")
      func plot(_ title: String, _ axis: String, _ columns: [(String, String)]) throws(FigureError) -> Plot {
        var series: [Series] = []
        for (colour, (name, column)) in columns.enumerated() {
          series.append(Series(name, x: steps, y: try table.needed(column), colour: colour))
        }
        return Plot(
          title: title, xAxis: Axis("step", scale: .logarithmic), yAxis: Axis(axis, scale: .logarithmic),
          series: series, legend: .beneath, height: 220)
      }
      return Figure(
        title: "One density, two losses",
        rows: [
          [
            try plot(
              "score matching", "D of Hyvärinen",
              [("its own metric", "own_score"), ("Fisher's", "fisher_score"), ("Adam", "adam_score")]),
            try plot(
              "maximum likelihood", "D of Kullback and Leibler",
              [("its own metric", "own_log"), ("Hyvärinen's", "hyvarinen_log"), ("Adam", "adam_log")]),
          ]
        ])
    })

  /// Chapter 16: two fermions by metrics of a reader's own: how far the energy is off, against the step.
  ///
  /// Columns of the data: panel, step, and for five metrics the geometric mean over six seeds of |E - E_0| in ħω, an energy
  /// being that of five measurements between steps. Panel 0 has V0 = -20, panel 1 V0 = 20.
  static let geometries: BookFigure = .init(
    name: "geometries",
    commands: ["swift run -c release figures geometries --data"],
    data: { _ in
      let metrics: [any ParameterMetric] = [
        DecisionMetric(), WeightedDecisionMetric { 1 + $0 * $0 }, WeightedDecisionMetric { 1 / (1 + $0 * $0) },
        DecisionMetric() + 1 * FisherMetric(), FisherMetric(),
      ]
      let steps = [5, 10, 15, 20, 25, 30, 40, 50, 60, 80]
      func errors(_ metric: any ParameterMetric, strength: Double, exact: Double, seed: UInt64) throws -> [Double] {
        var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 16), seed: seed)
        var walk = MetropolisWalk(walkers: 512, particles: 2, seed: seed)
        Pretraining().run(&ansatz, &walk, threads: 2)
        walk.power = ProjectedIncrements.samplingPower
        var optimizer = ProjectedIncrements().optimizer
        optimizer.direction = MetricDirection(
          .whole(metric), scale: LayerStiffness(of: DecisionMetric()), prior: Prior(0.95),
          solver: MinimumResidual(tolerance: 1e-2))
        optimizer.length = SignGuard(MetricBound(0.1, in: metric, unit: .freeFermions), growth: 2, halvings: 2)
        var run = VariationalMonteCarlo(
          TrappedFermions(particles: 2, strength: strength), ansatz, walk, optimizer, threads: 2)
        var done = 0
        return try steps.map { step in
          while done < step {
            _ = try run.advance()
            done += 1
          }
          return abs(try run.evaluate(batches: 5).energy - exact)
        }
      }
      var rows: [[Double]] = []
      for (panel, (strength, exact)) in [(-20.0, -2.4717558), (20, 2.6056395)].enumerated() {
        let curves = try metrics.map { metric in
          let seeds = try (1...6).map { try errors(metric, strength: strength, exact: exact, seed: UInt64($0)) }
          return steps.indices.map { k in rounded(middle(seeds.map { $0[k] })) }
        }
        for (k, step) in steps.enumerated() { rows.append([Double(panel), Double(step)] + curves.map { $0[k] }) }
      }
      return FigureData(
        table: NumericTable(
          columns: ["panel", "step", "decision", "weighted", "inverse", "sum", "fisher"], rows: rows),
        notes: [
          "A = 2, 16 features, 512 walkers, pretrained, seeds 1 to 6; PI-DGD with another metric and a bound of 0.2 in its units"
        ])
    },
    draw: { table, _ throws(FigureError) in
      let (panels, steps) = (try table.needed("panel"), try table.needed("step"))
      func plot(_ panel: Double, _ title: String) throws(FigureError) -> Plot {
        let rows = panels.indices.filter { panels[$0] == panel }
        var series: [Series] = []
        for (colour, (name, column)) in [
          ("G", "decision"), ("w = 1 + x²", "weighted"), ("w = 1/(1 + x²)", "inverse"), ("G + F", "sum"),
          ("F", "fisher"),
        ].enumerated() {
          let values = try table.needed(column)
          series.append(Series(name, x: rows.map { steps[$0] }, y: rows.map { values[$0] }, colour: colour))
        }
        return Plot(
          title: title, xAxis: Axis("step"), yAxis: Axis("|E − E₀| (ħω)", scale: .logarithmic), series: series,
          legend: .beneath, height: 220)
      }
      return Figure(
        title: "Two fermions in five geometries", rows: [[try plot(0, "V0 = −20"), try plot(1, "V0 = 20")]])
    })
}
