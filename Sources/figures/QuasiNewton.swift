import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 9: the energy along KFAC's direction, measured, and what two quadratic models promise.
  ///
  /// Columns of the data: α in units of the length that F's model chooses, E(θ + αΔ) - E(θ) with its error, and the
  /// models.
  static let quasiNewton: BookFigure = .init(
    name: "quasi-newton",
    commands: ["swift run -c release figures quasi-newton --data"],
    data: { _ in
      let pair = TrappedFermions(particles: 2, strength: -20)
      let (ansatz, start) = try pretrainedPair(hidden: 16, walkers: 1024)
      var run = VariationalMonteCarlo(pair, ansatz, start, KFAC().optimizer, sweeps: 10, threads: 2)
      for _ in 1...10 { _ = try run.advance() }
      var walk = MetropolisWalk(
        positions: (0..<4).flatMap { _ in run.walk.walkers.positions }, particles: 2, width: run.walk.width, seed: 2)
      walk.sweep(run.ansatz, count: 100, threads: 2)
      let sample = Sample(pair, run.ansatz, at: walk.walkers, order: .gradient, threads: 2)

      var kronecker = KroneckerDirection()
      let delta = kronecker.direction(sample, lambda: 1)
      let slope = zip(sample.gradient, delta).reduce(0) { $0 + $1.0 * $1.1 }
      let fisher = FisherMetric().forms([delta], sample)[0, 0]
      let quasiHessian = QuasiHessian(.mixedDerivatives).forms([delta], sample)[0, 0]
      let rows = (0...15).map { index -> [Double] in
        let part = 0.1 * Double(index)
        let alpha = part * -slope / fisher
        var (moved, there) = (run.ansatz, walk)
        moved.move(by: delta, factor: alpha)
        there.sweep(moved, count: 50, threads: 2)
        let change = EnergyChange(
          Sample(pair, moved, at: there.walkers, order: .value, threads: 2), from: run.ansatz,
          oldEnergy: sample.clippedEnergy)
        let models = [fisher, quasiHessian].map { alpha * slope + 0.5 * alpha * alpha * $0 }
        return [part, change.change, change.error].map(rounding(decimals: 5))
          + models.map(rounding(decimals: 5))
      }
      return FigureData(
        table: NumericTable(
          columns: ["length", "energy", "error", "fisher", "quasi_hessian"], rows: rows),
        notes: ["A = 2, V0 = -20, 16 features, seed 1, ten steps of KFAC; 4096 walkers; energies in ħω"])
    },
    draw: { table, _ throws(FigureError) in
      let lengths = try table.needed("length")
      return Plot(
        title: "Along KFAC's direction",
        xAxis: Axis("length of the step, in units of what F chooses"), yAxis: Axis("change of the energy (ħω)"),
        series: [
          Series("F", x: lengths, y: try table.needed("fisher")),
          Series("quasi-Hessian", x: lengths, y: try table.needed("quasi_hessian")),
          Series(
            "measured", x: lengths, y: try table.needed("energy"), error: try table.needed("error"), style: .points),
        ])
    })
}
