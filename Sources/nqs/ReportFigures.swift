import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension ReportRun {
  /// Energy and its distance to the exact one.
  var learningCurves: [ReportFigure] {
    let (energies, steps) = (column("energy"), column("step"))
    let name = settings.states == 1 ? "Energy" : "Sum of \(settings.states) levels"
    var summary = "\(name) against step. It starts at \(fixed(energies.first ?? .nan, 3)) ħω"
    summary += " and is \(fixed(energies.last ?? .nan, 3)) ħω at step \(steps.count)."
    if let exact { summary += " The exact energy is \(fixed(exact, 3)) ħω." }
    var figures = [
      ReportFigure(
        Plot(
          title: name, xAxis: Axis("step"), yAxis: Axis("energy (ħω)"),
          series: [Series("energy ± error", x: steps, y: energies, error: column("energy_error"))],
          references: exact.map { [ReferenceLine($0, label: "exact")] } ?? [], height: 230, summary: summary),
        caption: "Mean of the local energy over the walkers of each step, with one standard error to either side.")
    ]
    if let single = relativeErrors(energies), let mean = relativeErrors(meanEnergies) {
      figures.append(
        ReportFigure(
          Plot(
            title: "Relative error", xAxis: Axis("step"),
            yAxis: Axis("|E - exact| / |exact|", scale: .logarithmic),
            series: [
              Series("each step", x: steps, y: single, style: .points, colour: 5),
              Series("mean of ten", x: steps, y: mean, colour: 0),
            ], height: 230,
            summary: "Relative error of the energy against step, on a logarithmic axis. The mean of the last ten steps "
              + "ends at \(scientific(mean.last ?? .nan, 1))."),
          caption: "Distance to the exact energy: of each step, and of the mean of the last ten steps."))
    }
    return figures
  }

  /// What the optimiser reports of its steps.
  var diagnostics: [Diagnostic] { (try? settings.makeOptimizer().diagnostics) ?? [] }

  /// The numbers of the optimiser, as far as there are any: its dampings and ρ, and what else it reports.
  var diagnosticFigures: [ReportFigure] {
    let numbers = diagnostics.filter { !$0.isEvent && column($0.name).contains(where: \.isFinite) }
    let trust = numbers.filter { [.lambda, .gamma, .rho].contains($0) }
    return [
      figure("Trust region", trust, summary: "The trust region against step"),
      figure("Steps", numbers.filter { !trust.contains($0) }, summary: "What the optimiser reports against step"),
    ].compactMap { $0 }
  }

  /// One plot a number, one above the other.
  private func figure(_ title: String, _ numbers: [Diagnostic], summary: String) -> ReportFigure? {
    let steps = column("step")
    var caption: [String] = []
    var plots = numbers.enumerated().map { index, number -> Plot in
      let values = column(number.name)
      let finite = values.filter(\.isFinite)
      var text = "\(number.symbol): \(number.meaning)"
      defer { caption.append(text) }
      guard number == .rho else {
        let isWide = finite.allSatisfy { $0 > 0 } && (finite.max() ?? 1) > 10 * (finite.min() ?? 1)
        return Plot(
          xAxis: Axis("step"), yAxis: Axis(number.symbol, scale: isWide ? .logarithmic : .linear),
          series: [Series(number.symbol, x: steps, y: values, style: .steps, colour: index)], legend: .none, height: 110
        )
      }
      // A ratio of two small differences strays far; what matters is on which side of 1/4 and 3/4 it lies.
      let beyond = finite.filter { !(-2...4).contains($0) }.count
      text += ", with lines at 1/4 and 3/4" + (beyond > 0 ? "; \(beyond) of its values are beyond the frame" : "")
      return Plot(
        xAxis: Axis("step"), yAxis: beyond > 0 ? Axis("ρ", from: -2, to: 4) : Axis("ρ"),
        series: [Series("ρ", x: steps, y: values, style: .points, colour: index)],
        references: [ReferenceLine(0.25, label: ""), ReferenceLine(0.75, label: "")], legend: .none, height: 130)
    }
    guard !plots.isEmpty else { return nil }
    plots[0].title = title
    return ReportFigure(
      Figure(
        stacked: plots, sharedAxis: true,
        summary: "\(summary): \(numbers.map(\.symbol).joined(separator: ", ")), one above the other."),
      caption: caption.joined(separator: ". ") + ".")
  }

  /// Acceptance, norms, variance.
  var otherHistories: [ReportFigure] {
    let steps = column("step")
    func plot(_ title: String, _ axis: Axis, _ series: [Series]) -> Plot {
      Plot(
        title: title, xAxis: Axis("step"), yAxis: axis, series: series, legend: series.count > 1 ? .automatic : .none,
        height: 190)
    }
    return [
      ReportFigure(
        plot(
          "Variance", Axis("variance of E_L", scale: .logarithmic),
          [Series("variance", x: steps, y: column("variance"))]),
        caption: "Variance of the local energy in (ħω)², 0 for an eigenstate."),
      ReportFigure(
        plot(
          "Norms", Axis("norm", scale: .logarithmic),
          [
            Series("gradient", x: steps, y: column("gradient_norm")),
            Series("update", x: steps, y: column("update_norm")),
          ]),
        caption: "Euclidean norms of the energy's gradient and of the parameters' change."),
      ReportFigure(
        plot(
          "Acceptance", Axis("accepted moves", from: 0, to: 1),
          [Series("acceptance", x: steps, y: column("acceptance"))]),
        caption: "Share of the proposed moves that were accepted."),
    ]
  }
}

extension MeasuredTables {
  /// Densities, and how the orbitals are filled.
  ///
  /// - Parameter references: names and densities of other states of the same system, drawn under the measured one.
  func figures(particles: Int, references: [(name: String, densities: Densities)]) -> [ReportFigure] {
    var figures: [ReportFigure] = []
    if let density, let x = density["x"], let n = density["density"], let errors = density["error"] {
      let others = references.enumerated().map { index, reference in
        Series(reference.name, x: x, y: x.map { reference.densities.oneBody(at: $0) }, colour: index + 1)
      }
      figures.append(
        ReportFigure(
          Plot(
            title: "One-body density", xAxis: Axis("x (oscillator lengths)"), yAxis: Axis("n(x)", from: 0),
            series: others + [Series("measured ± error", x: x, y: n, error: errors, colour: 0)],
            legend: others.isEmpty ? .none : .automatic, height: 230),
          caption: "Density of particles, with its standard error; the integral is A = \(particles)."))
    }
    figures += square(
      pairDensity, "density", "Pair density", .sequential, "n(x, x')",
      "Density of ordered pairs, averaged over square bins; the integral is A(A-1) = \(particles * (particles - 1)).")
    figures += square(
      densityMatrix, "value", "Density matrix", .diverging, "ρ(x, x')",
      "One-body density matrix; its diagonal is n(x).")
    if let table = occupationNumbers, let k = table["k"], let values = table["occupation"], let errors = table["error"]
    {
      let shown = min(k.count, particles + 6)
      figures.append(
        ReportFigure(
          Plot(
            title: "Occupation numbers", xAxis: Axis("natural orbital k"), yAxis: Axis("occupation", from: 0),
            series: [
              Series(
                "occupation", x: Array(k.prefix(shown)), y: Array(values.prefix(shown)),
                error: Array(errors.prefix(shown)), style: .points)
            ], legend: .none, height: 230),
          caption: "Eigenvalues of the density matrix, largest first; fixed orbitals have \(particles) ones."))
    }
    return figures
  }

  /// A function of x and x'.
  private func square(
    _ table: NumericTable?, _ column: String, _ title: String, _ colours: ColourMap, _ label: String, _ caption: String
  ) -> [ReportFigure] {
    guard let table, let x = table["x'"], let values = table[column] else { return [] }
    let side = Int(Double(values.count).squareRoot().rounded())
    let places = Array(x.prefix(side))
    return [
      ReportFigure(
        HeatMap(
          title: title, rows: side, columns: side, panels: [HeatMap.Panel(values: values)], x: places, y: places,
          xLabel: "x", yLabel: "x'", colours: colours, label: label),
        caption: caption)
    ]
  }
}
