import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// Page 6's system, and its pair: pretrained, 512 walkers.
private let pair = TrappedFermions(particles: 2, strength: -20)

private func adamRun() throws -> VariationalMonteCarlo<DeterminantAnsatz> {
  let (ansatz, walk) = try pretrainedPair(walkers: 512)
  return VariationalMonteCarlo(pair, ansatz, walk, Adam(learningRate: 5e-3, decaySteps: 50), sweeps: 10, threads: 2)
}

extension BookFigure {
  /// Chapter 6: the energy of Adam's two hundred steps with its error bar, and the variance of the local energy.
  ///
  /// Columns of the data: step, energy, its standard error, variance of E_L.
  static let training: BookFigure = .init(
    name: "training",
    commands: ["swift run -c release figures training --data"],
    data: { _ in
      let rounded = rounding(significant: 5)
      var run = try adamRun()
      let rows = try (1...200).map { _ -> [Double] in
        let record = try run.advance()
        return [Double(record.step), rounded(record.energy), rounded(record.energyError), rounded(record.variance)]
      }
      return FigureData(
        table: NumericTable(columns: ["step", "energy", "error", "variance"], rows: rows),
        notes: ["A = 2, V0 = -20, 64 features, seed 1, pretrained, 512 walkers, 10 sweeps a step"])
    },
    draw: { table, _ throws(FigureError) in
      let steps = try table.needed("step")
      return Figure(
        title: "Adam, two fermions, V0 = −20",
        stacked: [
          Plot(
            xAxis: Axis("step"), yAxis: Axis("energy (ħω)"),
            series: [Series("E ± error", x: steps, y: try table.needed("energy"), error: try table.needed("error"))],
            references: referenceEnergies(hartreeFock: -1.89146, exact: -2.47176), legend: .beneath, height: 200),
          Plot(
            xAxis: Axis("step"), yAxis: Axis("variance (ħω)²", scale: .logarithmic),
            series: [Series("variance of E_L", x: steps, y: try table.needed("variance"), colour: 8)], legend: .none,
            height: 110),
        ], sharedAxis: true)
    })

  /// Chapter 6: |ψ|² of two fermions on the way: a random network, the pretrained one, Adam's steps, and the exact state.
  ///
  /// Columns of the data: x₁ ≤ x₂, then |ψ|² over its maximum.
  static let clumpingSteps: BookFigure = .init(
    name: "clumping-steps",
    commands: ["swift run -c release figures clumping-steps --data"],
    data: { _ in
      let places = (-20...20).map { Double($0) * 0.13 }
      let points = places.indices.flatMap { i in places[i...].map { [places[i], $0] } }
      func density(_ ansatz: DeterminantAnsatz) -> [Double] {
        ansatz.evaluate(Walkers(points), order: .value).psi.map { $0 * $0 }
      }
      var columns = [density(DeterminantAnsatz(try AnsatzShape(particles: 2), seed: 1))]
      var run = try adamRun()
      columns.append(density(run.ansatz))
      for step in 1...200 {
        _ = try run.advance()
        if [20, 60, 200].contains(step) { columns.append(density(run.ansatz)) }
      }
      let settings = GridSettings(tolerance: 1e-8, wantsDensities: true)
      guard let exact = try gridDiagonalisation(pair, settings: settings).densities else {
        throw FigureError(description: "no densities")
      }
      // n(x₁, x₂) is twice |ψ|².
      let weights = Matrix(places.map { exact.grid.interpolation(at: $0) })
      let pairs = product(product(weights, exact.pair), transposed: weights)
      columns.append(places.indices.flatMap { i in (i..<places.count).map { max(pairs[i, $0], 0) } })
      let scaled = columns.map { column -> [Double] in
        let greatest = column.max() ?? 1
        return column.map { $0 / greatest }.map(rounding(decimals: 3))
      }
      return FigureData(
        table: NumericTable(
          columns: ["x1", "x2", "random", "pretrained", "step20", "step60", "step200", "exact"],
          rows: points.indices.map { point in
            points[point].map(rounding(decimals: 2)) + scaled.map { $0[point] }
          }),
        notes: ["A = 2, V0 = -20, 64 features, seed 1, pretrained, 512 walkers, 10 sweeps a step; Adam"])
    },
    draw: { table, _ throws(FigureError) in
      var panels: [HeatMap.Panel] = []
      var places: [Double] = []
      let names = ["random network", "pretrained", "step 20", "step 60", "step 200", "exact"]
      for (name, column) in zip(names, ["random", "pretrained", "step20", "step60", "step200", "exact"]) {
        let square = try Square(table, column)
        places = square.places
        panels.append(HeatMap.Panel(name, values: square.values))
      }
      return HeatMap(
        title: "|ψ|² of two fermions, V0 = −20", rows: places.count, columns: places.count, panels: panels,
        x: places, y: places, xLabel: "x₁", yLabel: "x₂", label: "over its maximum", largest: 1)
    })
}
