import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 7: gradient descent creeps past Hartree-Fock's energy, natural gradient goes through.
  ///
  /// Columns of the data: step, and the energy of each optimiser at it.
  static let naturalGradient: BookFigure = .init(
    name: "natural-gradient",
    commands: ["swift run -c release figures natural-gradient --data"],
    data: { _ in
      let pair = TrappedFermions(particles: 2, strength: -20)
      let (ansatz, walk) = try pretrainedPair(hidden: 8, walkers: 1024)
      let optimizers: [any Optimizer] = [
        GradientDescent(learningRate: 0.05), Adam(learningRate: 0.03),
        SecondOrder.exact(FisherMetric(), damping: 1e-2, radius: 0.2, learningRate: 0.1),
      ]
      var energies: [[Double]] = []
      for optimizer in optimizers {
        var run = VariationalMonteCarlo(pair, ansatz, walk, optimizer, sweeps: 10)
        energies.append(try (0..<80).map { _ in try run.advance().energy }.map(rounding(decimals: 4)))
      }
      return FigureData(
        table: NumericTable(
          columns: ["step", "gd", "adam", "natural"],
          rows: (0..<80).map { step -> [Double] in [Double(step + 1)] + energies.map { $0[step] } }),
        notes: ["seed 1, 1024 walkers, 8 features a layer, pretrained; energies in ħω"])
    },
    draw: { table, _ throws(FigureError) in
      let steps = try table.needed("step")
      let names = [("gd", "gradient descent"), ("adam", "Adam"), ("natural", "natural gradient")]
      var series: [Series] = []
      for (column, name) in names { series.append(Series(name, x: steps, y: try table.needed(column))) }
      return Plot(
        title: "Two fermions, V0 = -20, 180 parameters", xAxis: Axis("step"), yAxis: Axis("energy (ħω)"),
        series: series,
        references: referenceEnergies(hartreeFock: -1.89146, exact: -2.47176))
    })
}
