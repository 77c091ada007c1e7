import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 15: what cancellation leaves of a sum over A! permutations, and what it costs the local energy.
  ///
  /// Columns of the data: A; |Σ sgn f| / Σ |f| of random networks with 16 units, the geometric mean over 128 walkers of |ψ|² and four
  /// seeds, by activation and scale of the start; then of one network with 32 tanh units, scale 2, at its start, pretrained to free
  /// fermions, and after 30 steps of PI-DGD at V0 = 10; and for the first and the last of these the median over walkers of
  /// |E_L - E_L′|/|E_L|, E_L′ that of the same network with its places reversed: 1e-16 if nothing were lost.
  static let signProblem: BookFigure = .init(
    name: "sign-problem",
    commands: ["swift run -c release figures sign-problem --data"],
    data: { _ in
      let rows = try (1...7).map { particles -> [Double] in
        let random = starts.map { start -> Double in
          let logarithms = (1...4).map { seed -> Double in
            let psi = AntisymmetrizedNetwork(
              particles: particles, hidden: 16, activation: start.activation, scale: start.scale, seed: UInt64(seed))
            var walk = MetropolisWalk(walkers: 128, particles: particles, seed: UInt64(seed))
            walk.sweep(psi, count: 100, adaptingWidth: true, threads: 2)
            return meanLogarithm(psi.cancellations(at: walk.walkers))
          }
          return Double.exp(logarithms.reduce(0, +) / 4)
        }
        return ([Double(particles)] + random + (try cancellationHistory(particles))).map {
          Double(scientific($0, 3)) ?? $0
        }
      }
      return FigureData(
        table: NumericTable(
          columns: ["particles"] + starts.map(\.column)
            + ["start", "pretrained", "trained", "start_energy", "trained_energy"], rows: rows),
        notes: [
          "left: 16 units, 128 walkers, four seeds; right: 32 tanh units, scale 2, 256 walkers, seed 1, 40 steps of "
            + "overlap pretraining, 30 of PI-DGD at V0 = 10"
        ])
    },
    draw: { table, _ throws(FigureError) in
      let particles = try table.needed("particles")
      let axis = Axis("fermions", from: 1, to: 7)
      let left = Axis("left of the sum", scale: .logarithmic, from: 1e-16, to: 2)
      let factorials = particles.map { Double.exp(-0.5 * Double.logFactorial(Int($0))) }
      var random = [Series("1/√A!", x: particles, y: factorials, style: .reference)]
      for (colour, start) in starts.enumerated() {
        random.append(Series(start.title, x: particles, y: try table.needed(start.column), colour: colour))
      }
      var trained: [Series] = []
      for (name, column, colour) in [
        ("start", "start", 1), ("pretrained", "pretrained", 2), ("trained", "trained", 5),
        ("E_L's rounding, start", "start_energy", 4), ("E_L's rounding, trained", "trained_energy", 6),
      ] {
        trained.append(Series(name, x: particles, y: try table.needed(column), colour: colour))
      }
      return Figure(
        title: "A sum of A! terms that cancel",
        rows: [
          [
            Plot(
              title: "random networks (scale)", xAxis: axis, yAxis: left, series: random, legend: .beneath, height: 230),
            Plot(
              title: "32 tanh units, V0 = 10", xAxis: axis, yAxis: Axis("", scale: .logarithmic, from: 1e-17, to: 2),
              series: trained, legend: .beneath, height: 230),
          ]
        ])
    })
}

private struct Start: Sendable {
  let activation: Activation
  let scale: Double
  var title: String { "\(activation.rawValue) (\(Int(scale)))" }
  var column: String { "\(activation.rawValue)_\(Int(scale))" }
}

private let starts = [
  Start(activation: .tanh, scale: 1), Start(activation: .tanh, scale: 2), Start(activation: .tanh, scale: 4),
  Start(activation: .sine, scale: 1), Start(activation: .sine, scale: 2), Start(activation: .rectifier, scale: 1),
]

private func meanLogarithm(_ values: [Double]) -> Double {
  let seen = values.filter { $0 > 0 }
  return seen.reduce(0) { $0 + Double.log($1) } / Double(max(seen.count, 1))
}

/// The five numbers of one network: what is left at its start, pretrained and trained, and the rounding of E_L at two of these.
private func cancellationHistory(_ particles: Int) throws -> [Double] {
  let system = TrappedFermions(particles: particles, strength: 10)
  func left(_ psi: AntisymmetrizedNetwork, _ walkers: Walkers) -> Double {
    Double.exp(meanLogarithm(psi.cancellations(at: walkers)))
  }
  func rounding(_ psi: AntisymmetrizedNetwork, _ walkers: Walkers) -> Double {
    let energies = system.localEnergies(of: psi, at: walkers, threads: 2).total
    let other = system.localEnergies(of: psi.reordered((0..<particles).reversed()), at: walkers, threads: 2).total
    // Below a unit of the last place nothing is seen.
    return max(zip(energies, other).map { abs(($0 - $1) / $0) }.sorted()[energies.count / 2], 1e-16)
  }
  var psi = AntisymmetrizedNetwork(particles: particles, hidden: 32, seed: 1)
  var random = MetropolisWalk(walkers: 256, particles: particles, seed: 1)
  random.sweep(psi, count: 100, adaptingWidth: true, threads: 2)
  let (start, startEnergy) = (left(psi, random.walkers), rounding(psi, random.walkers))
  var walk = MetropolisWalk(walkers: 256, particles: particles, seed: 1)
  OverlapPretraining().run(&psi, &walk, threads: 2)
  let pretrained = left(psi, walk.walkers)
  walk.power = ProjectedIncrements.samplingPower
  var run = VariationalMonteCarlo(system, psi, walk, ProjectedIncrements().optimizer, threads: 2)
  for _ in 1...30 { _ = try run.advance() }
  walk = run.walk
  walk.power = 2
  walk.sweep(run.ansatz, count: 50, threads: 2)
  return [
    start, pretrained, left(run.ansatz, walk.walkers), startEnergy, rounding(run.ansatz, walk.walkers),
  ]
}
