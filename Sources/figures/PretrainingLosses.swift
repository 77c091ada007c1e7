import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 15: four ways to a start at free fermions, and the runs that begin there.
  ///
  /// Three fermions, a network of 32 features, 512 walkers, three seeds. Columns of the data: panel, step, and for each way the
  /// geometric mean over the seeds. Panel 0: 1 - cos² to the free fermions' determinant after so many steps, on 4096 walkers of
  /// its own. Panel 1: Ē - 4.5 ħω without interaction, on 512 walkers led on for 200 sweeps. Panels 2 and 3: |E - exact| at V0 = -20
  /// and 20, in ħω, validated, after so many steps of PI-DGD that follow on 40 of each way.
  static let pretrainingLosses: BookFigure = .init(
    name: "pretraining-losses",
    commands: ["swift run -c release figures pretraining-losses --data"],
    data: { _ in
      func row(_ panel: Int, _ step: Int, _ values: [Double]) -> [Double] {
        [Double(panel), Double(step)] + values.map { Double(scientific($0, 3)) ?? $0 }
      }
      func mean(_ values: [Double]) -> Double {
        Double.exp(values.reduce(0) { $0 + Double.log(max(abs($1), 1e-12)) } / Double(values.count))
      }
      var free = MetropolisWalk(walkers: 4096, particles: 3, seed: 99)
      free.sweep(FreeFermions(particles: 3), count: 300, adaptingWidth: true, threads: 2)
      let walkers = free.walkers
      var rows: [[Double]] = []
      for step in [1, 2, 5, 10, 20, 40] {
        let found = try Way.allCases.map { way -> (angle: Double, energy: Double) in
          let both = try (1...3).map { seed -> (Double, Double) in
            let (psi, begun) = try way.start(seed: UInt64(seed), steps: step)
            var walk = begun
            let angle =
              1 - OverlapLoss(of: psi, with: FreeFermions(particles: 3), at: walkers, threads: 2).cosineSquared
            walk.sweep(psi, count: 200, adaptingWidth: true, threads: 2)
            let system = TrappedFermions(particles: 3, strength: 0)
            return (angle, system.localEnergies(of: psi, at: walk.walkers, threads: 2).mean - 4.5)
          }
          return (mean(both.map(\.0)), mean(both.map(\.1)))
        }
        rows.append(row(0, step, found.map(\.angle)))
        rows.append(row(1, step, found.map(\.energy)))
      }
      for (panel, strength) in [(2, -20.0), (3, 20)] {
        let system = TrappedFermions(particles: 3, strength: strength)
        let exact = ExactEnergy.known(system)?.energy ?? .nan
        var errors = [[[Double]]](repeating: [[Double]](repeating: [], count: Way.allCases.count), count: 5)
        for (index, way) in Way.allCases.enumerated() {
          for seed in 1...3 {
            let (psi, begun) = try way.start(seed: UInt64(seed), steps: 40)
            var walk = begun
            walk.power = ProjectedIncrements.samplingPower
            var run = VariationalMonteCarlo(system, psi, walk, ProjectedIncrements().optimizer, threads: 2)
            for step in 0...40 {
              if step % 10 == 0 { errors[step / 10][index].append(try run.validated().energy - exact) }
              if step < 40 { _ = try run.advance() }
            }
          }
        }
        for k in 0...4 { rows.append(row(panel, 10 * k, errors[k].map(mean))) }
      }
      return FigureData(
        table: NumericTable(columns: ["panel", "step"] + Way.allCases.map(\.rawValue), rows: rows),
        notes: ["A = 3, 32 features, 512 walkers, three seeds"])
    },
    draw: { table, _ throws(FigureError) in
      let (panels, steps) = (try table.needed("panel"), try table.needed("step"))
      func panel(_ index: Int, _ title: String, _ x: Axis, _ y: Axis) throws(FigureError) -> Plot {
        let rows = panels.indices.filter { panels[$0] == Double(index) }
        var series: [Series] = []
        for (colour, way) in Way.allCases.enumerated() {
          let values = try table.needed(way.rawValue)
          series.append(Series(way.title, x: rows.map { steps[$0] }, y: rows.map { values[$0] }, colour: colour))
        }
        return Plot(
          title: title, xAxis: x, yAxis: y, series: series, legend: index > 1 ? .beneath : .none, height: 190)
      }
      let fit = Axis("step of the fit", scale: .logarithmic, from: 1, to: 40)
      let run = Axis("step of PI-DGD", from: 0, to: 40)
      return Figure(
        title: "Four ways to free fermions, A = 3",
        rows: [
          [
            try panel(0, "1 - cos²", fit, Axis("", scale: .logarithmic)),
            try panel(1, "energy above 4.5 ħω at V0 = 0", fit, Axis("", scale: .logarithmic)),
          ],
          [
            try panel(2, "then at V0 = -20", run, Axis("error (ħω)", scale: .logarithmic)),
            try panel(3, "then at V0 = 20", run, Axis("", scale: .logarithmic)),
          ],
        ])
    })
}

/// A way from a random network to free fermions.
private enum Way: String, CaseIterable, Sendable {
  case regression, adam
  case overlapAdam = "overlap_adam"
  case overlapNewton = "overlap_gauss_newton"

  var title: String {
    switch self {
    case .regression: "orbital loss, regression and Adam"
    case .adam: "orbital loss, Adam"
    case .overlapAdam: "angle, Adam"
    case .overlapNewton: "angle, Gauss-Newton"
    }
  }

  func start(seed: UInt64, steps: Int) throws -> (psi: DeterminantAnsatz, walk: MetropolisWalk) {
    var psi = DeterminantAnsatz(try AnsatzShape(particles: 3, hidden: 32), seed: seed)
    var walk = MetropolisWalk(walkers: 512, particles: 3, seed: seed)
    switch self {
    case .regression: Pretraining(steps: steps).run(&psi, &walk, threads: 2)
    case .adam:
      let free = FreeFermions(particles: 3)
      walk.sweep(free, count: 100, adaptingWidth: true, threads: 2)
      var adam = Adam(learningRate: 3e-3)
      for _ in 1...steps {
        walk.sweep(free, count: 5, adaptingWidth: true, threads: 2)
        let loss = psi.orbitalLoss(at: walk.walkers, threads: 2) { x, row in oscillatorOrbitals(x, into: &row) }
        psi.move(by: adam.change(gradient: loss.gradient))
      }
      walk.sweep(psi, count: 100, adaptingWidth: true, threads: 2)
    case .overlapAdam: OverlapPretraining(steps: steps, method: .adam(rate: 3e-3)).run(&psi, &walk, threads: 2)
    case .overlapNewton: OverlapPretraining(steps: steps).run(&psi, &walk, threads: 2)
    }
    return (psi, walk)
  }
}
