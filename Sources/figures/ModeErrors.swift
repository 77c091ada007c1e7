import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 13: how much energy stands in each of the lowest six excitations of two fermions, step by step, with a gradient in
  /// each of the three metrics.
  ///
  /// The exact states are products, of the centre of mass in the trap and of the distance: ψ = Σ_k a_k ψ_k by quadrature,
  /// and the energy is too high by Σ ω_k a_k² / Σ a_k².
  ///
  /// Columns of the data: step, then ω_k a_k² / Σ a_k² for k = 1 … 6 and the sum over all others, for wqmc, minsr and
  /// pi-dgd.
  static let modeErrors: BookFigure = .init(
    name: "mode-errors",
    commands: ["swift run -c release figures mode-errors --data"],
    data: { _ in
      let rounded = rounding(significant: 4)
      let modes = PairModes(pair)
      var runs: [[[Double]]] = []
      let methods: [any OptimizerSettings] = [WassersteinQMC(), MinSR(), ProjectedIncrements()]
      for method in methods {
        var ansatz = DeterminantAnsatz(try AnsatzShape(particles: 2, hidden: 32), seed: 1)
        var walk = MetropolisWalk(walkers: 1024, particles: 2, seed: 1)
        Pretraining().run(&ansatz, &walk, threads: 2)
        // Pretraining leaves the centre of mass almost at rest; so that every mode has an error, all parameters are moved.
        ansatz.parameters = ansatz.parameters.enumerated().map { $1 * (1 + 0.02 * Double(($0 * 7 + 3) % 11 - 5)) }
        walk.power = type(of: method).samplingPower
        walk.sweep(ansatz, count: 100, adaptingWidth: true, threads: 2)
        var run = VariationalMonteCarlo(pair, ansatz, walk, method.makeOptimizer(), sweeps: 10, threads: 2)
        var rows = [modes.energies(run.ansatz)]
        for _ in 1...40 {
          _ = try run.advance()
          rows.append(modes.energies(run.ansatz))
        }
        runs.append(rows)
      }
      let names = ["wqmc", "minsr", "pi-dgd"]
      let columns = names.flatMap { name in (1...6).map { "\(name)_\($0)" } + ["\(name)_rest"] }
      return FigureData(
        table: NumericTable(
          columns: ["step"] + columns,
          rows: (0...40).map { step -> [Double] in [Double(step)] + runs.flatMap { $0[step].map(rounded) } }),
        notes: [
          "A = 2, V0 = 10, 32 features, seed 1, pretrained and moved, 1024 walkers, 10 sweeps a step; defaults",
          "excitation energies " + modes.excitations.prefix(6).map { fixed($0, 4) }.joined(separator: ", "),
        ])
    },
    draw: { table, notes throws(FigureError) in
      let steps = try table.needed("step")
      let known = notes.first { $0.hasPrefix("excitation energies ") }?.dropFirst(20) ?? ""
      let excitations = known.split(separator: ", ").compactMap { Double($0) }
      guard excitations.count == 6 else {
        throw FigureError(description: "the notes do not tell six excitation energies")
      }
      var plots: [Plot] = []
      for (name, title) in [("wqmc", "Wasserstein: wqmc"), ("minsr", "Fisher: minsr"), ("pi-dgd", "decision: pi-dgd")] {
        var series: [Series] = []
        for k in 1...6 {
          series.append(
            Series("ω = \(fixed(excitations[k - 1], 2))", x: steps, y: try table.needed("\(name)_\(k)"), colour: k - 1))
        }
        series.append(Series("all others", x: steps, y: try table.needed("\(name)_rest"), style: .reference))
        plots.append(
          Plot(
            title: title, xAxis: Axis("step"),
            yAxis: Axis("energy (ħω)", scale: .logarithmic, from: 1e-7, to: 1),
            series: series, legend: name == "pi-dgd" ? .beneath : .none, height: 140))
      }
      return Figure(
        title: "The error, mode by mode: two fermions, V0 = 10", stacked: plots,
        sharedAxis: true)
    })
}

private let pair = TrappedFermions(particles: 2, strength: 10)

/// The exact states of two fermions in a harmonic trap, at equal distances in y = (x₁ + x₂)/√2 and z = (x₁ - x₂)/√2 > 0.
///
/// H = -½∂²/∂y² + ½y² - ½∂²/∂z² + ½z² + v(√2 z): levels of y and odd levels of z add up.
private struct PairModes {
  private static let spacing = 0.125
  private let line = LineGrid(from: -7, to: 7, spacing: spacing, anchor: 0)
  private let centre: SymmetricEigen
  private let distance: SymmetricEigen
  /// Levels of y and of z, and ω = E - E₀, in the order of ω from the ground state on.
  private let states: [(y: Int, z: Int, excitation: Double)]

  init(_ fermions: TrappedFermions) {
    centre = SymmetricEigen(line.hamiltonian(HarmonicTrap()))
    distance = SymmetricEigen(line.hamiltonian(Distance(interaction: fermions.interaction)))
    var all: [(y: Int, z: Int, excitation: Double)] = []
    let ground = centre.values[0] + distance.values[1]
    for y in 0..<16 {
      // Every second level is odd.
      for z in stride(from: 1, to: 24, by: 2) { all.append((y, z, centre.values[y] + distance.values[z] - ground)) }
    }
    states = all.sorted { $0.excitation < $1.excitation }
  }

  /// ω_k for k = 1, 2, …
  var excitations: [Double] { states.dropFirst().map(\.excitation) }

  /// ω_k a_k² / Σ a_k² of the lowest six excitations, and the sum over the others.
  func energies(_ ansatz: DeterminantAnsatz) -> [Double] {
    let places = line.points
    let root = 0.5.squareRoot()
    let half = places.indices.filter { places[$0] > 1e-9 }
    let points = places.flatMap { y in half.map { [(y + places[$0]) * root, (y - places[$0]) * root] } }
    let values = ansatz.evaluate(Walkers(points), order: .value).psi
    let psi = Matrix(rows: places.count, columns: half.count) { values[$0 * half.count + $1] }
    let odd = Matrix(rows: half.count, columns: places.count) { distance.vectors[half[$0], $1] }
    let parts = product(transposed: centre.vectors, psi * odd)
    let squares = states.map { parts[$0.y, $0.z] * parts[$0.y, $0.z] }
    let sum = squares.reduce(0, +)
    let energies = zip(states, squares).map { $0.excitation * $1 / sum }.dropFirst()
    return Array(energies.prefix(6)) + [energies.dropFirst(6).reduce(0, +)]
  }
}

/// ½z² + v(√2 z).
private struct Distance: Potential {
  let interaction: any Potential
  func callAsFunction(_ z: Double) -> Double { 0.5 * z * z + interaction(2.0.squareRoot() * z) }
}
