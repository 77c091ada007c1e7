import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 15: the antisymmetrised network and the determinant in the same loop, with about as many parameters.
  ///
  /// 512 walkers, seed 1. The network has 64 tanh units and is pretrained by the angle (257 and 321 parameters), the determinant 10 and
  /// 11 features and is pretrained by its orbitals (264 and 325). Columns of the data: A, V0, step, and |E - exact| in ħω of four
  /// runs, validated; NaN where a run has ended.
  static let twoAnsatze: BookFigure = .init(
    name: "two-ansatze",
    commands: ["swift run -c release figures two-ansatze --data"],
    data: { _ in
      var (rows, notes): ([[Double]], [String]) = ([], [])
      for (particles, strength) in twoSystems {
        let system = TrappedFermions(particles: particles, strength: strength)
        let exact = ExactEnergy.known(system)?.energy ?? .nan
        var curves: [Int: [Double]] = [:]
        for (index, name) in runNames.enumerated() {
          let rule: any Optimizer = index % 2 == 0 ? ProjectedIncrements().optimizer : Adam(learningRate: 3e-3)
          func record<Psi: TrainableWaveFunction>(_ psi: Psi, _ start: MetropolisWalk) throws {
            var walk = start
            if index % 2 == 0 { walk.power = ProjectedIncrements.samplingPower }
            var run = VariationalMonteCarlo(system, psi, walk, rule, threads: 2)
            var seconds = 0.0
            for step in 0...(index % 2 == 0 ? 100 : 600) {
              if marks.contains(step) {
                let error = abs(try run.validated().energy - exact)
                curves[step, default: [.nan, .nan, .nan, .nan]][index] = Double(scientific(error, 3)) ?? error
              }
              let clock = Stopwatch()
              _ = try run.advance()
              seconds += clock.seconds
            }
            let final = try run.evaluate()
            notes.append(
              "A = \(particles), V0 = \(Int(strength)), \(name), \(psi.parameterCount) parameters: "
                + "\(fixed(final.energy, 5)) ± \(fixed(final.error, 5)), exact \(fixed(exact, 5)), "
                + "\(scientific(seconds / Double(run.step), 1)) s a step")
          }
          var walk = MetropolisWalk(walkers: 512, particles: particles, seed: 1)
          if index < 2 {
            var psi = AntisymmetrizedNetwork(particles: particles, hidden: 64, seed: 1)
            OverlapPretraining().run(&psi, &walk, threads: 2)
            try record(psi, walk)
          } else {
            var psi = DeterminantAnsatz(
              try AnsatzShape(particles: particles, hidden: particles == 2 ? 10 : 11), seed: 1)
            Pretraining().run(&psi, &walk, threads: 2)
            try record(psi, walk)
          }
        }
        for (step, errors) in curves.sorted(by: { $0.key < $1.key }) {
          rows.append([Double(particles), strength, Double(step)] + errors)
        }
      }
      return FigureData(
        table: NumericTable(
          columns: [
            "particles", "strength", "step", "network_pi_dgd", "network_adam", "determinant_pi_dgd", "determinant_adam",
          ],
          rows: rows), notes: ["512 walkers, seed 1, 101 steps of PI-DGD and 601 of Adam at 3e-3"] + notes)
    },
    draw: { table, _ throws(FigureError) in
      let (particles, strengths) = (try table.needed("particles"), try table.needed("strength"))
      let steps = try table.needed("step")
      let columns = ["network_pi_dgd", "network_adam", "determinant_pi_dgd", "determinant_adam"]
      var plots: [Plot] = []
      for (index, system) in twoSystems.enumerated() {
        let rows = steps.indices.filter { (k: Int) -> Bool in
          particles[k] == Double(system.0) && strengths[k] == system.1 && steps[k] > 0
        }
        var series: [Series] = []
        for (colour, column) in columns.enumerated() {
          let values = try table.needed(column)
          let seen = rows.filter { values[$0].isFinite }
          series.append(Series(runNames[colour], x: seen.map { steps[$0] }, y: seen.map { values[$0] }, colour: colour))
        }
        plots.append(
          Plot(
            title: "A = \(system.0), V0 = \(Int(system.1))",
            xAxis: Axis(index > 1 ? "step" : "", scale: .logarithmic, from: 5, to: 600),
            yAxis: Axis(index % 2 == 0 ? "error (ħω)" : "", scale: .logarithmic, from: 1e-5, to: 3), series: series,
            legend: index > 1 ? .beneath : .none, height: 180))
      }
      return Figure(
        title: "Network and determinant in the same loop", rows: [Array(plots[0...1]), Array(plots[2...3])])
    })
}

private let twoSystems: [(Int, Double)] = [(2, -20), (2, 10), (3, -20), (3, 10)]
private let runNames = ["network, PI-DGD", "network, Adam", "determinant, PI-DGD", "determinant, Adam"]
private let marks: Set = [0, 5, 10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 500, 600]
