import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// The talk's test of bias: two fermions from strong attraction to strong repulsion, the network against three
  /// references.
  ///
  /// Columns of the data: strength, then energies in ħω: exact, of configuration interaction in 20 modes, of
  /// Hartree-Fock, and of the network with its standard error where there is a run.
  static let energies: BookFigure = .init(
    name: "energies",
    commands: [
      "swift run -c release nqs study --particles 2 --strengths=-20,-15,-10,-5,0,5,10,15,20"
        + " --seed 1 --output runs/energies",
      "swift run -c release figures energies --data runs/energies",
    ],
    data: { folders in
      let runs = try StudyRun.all(in: folders).filter { $0.particles == 2 }
      guard !runs.isEmpty else {
        throw FigureError(description: "wanted: the folder of an nqs study of two fermions, with runs in it")
      }
      let rounded = rounding(decimals: 8)
      let strengths = Set((-20...20).map(Double.init) + runs.map(\.strength)).sorted()
      let rows = try strengths.map { strength -> [Double] in
        let pair = TrappedFermions(particles: 2, strength: strength)
        let result = runs.first { $0.strength == strength }?.result
        let references = [
          try relativeCoordinate(pair).energy,
          try configurationInteraction(pair, settings: ModeSettings(modes: 20)).energy, try hartreeFock(pair).energy,
        ]
        return [strength] + (references + [result?.energy ?? .nan, result?.error ?? .nan]).map(rounded)
      }
      return FigureData(
        table: NumericTable(
          columns: ["strength", "exact", "ci", "hartree_fock", "network", "network_error"], rows: rows),
        notes: runs.notes)
    },
    draw: { table, _ throws(FigureError) in
      let (strengths, exact) = (try table.needed("strength"), try table.needed("exact"))
      let (network, errors) = (try table.needed("network"), try table.needed("network_error"))
      let references = [
        ("20 modes", try table.needed("ci"), 2), ("Hartree-Fock", try table.needed("hartree_fock"), 1),
      ]
      let measured = strengths.indices.filter { network[$0].isFinite }
      func points(_ values: [Double]) -> Series {
        Series(
          "network", x: measured.map { strengths[$0] }, y: measured.map { values[$0] },
          error: measured.map { errors[$0] },
          style: .points, colour: 0)
      }
      // The distance itself: relative to an energy that passes through zero near V0 = -13 it would mean nothing there.
      func distances(_ values: [Double]) -> [Double] { zip(values, exact).map { abs($0 - $1) } }
      let axis = Axis("strength V0 (harmonic units)")
      return Figure(
        title: "Two fermions, from attraction to repulsion",
        stacked: [
          Plot(
            xAxis: axis, yAxis: Axis("energy (ħω)"),
            series: [Series("exact", x: strengths, y: exact, colour: 20)]
              + references.map { Series($0.0, x: strengths, y: $0.1, colour: $0.2) } + [points(network)], height: 240),
          Plot(
            xAxis: axis, yAxis: Axis("distance to exact (ħω)", scale: .logarithmic, from: 1e-7, to: 1),
            series: references.map { Series($0.0, x: strengths, y: distances($0.1), colour: $0.2) }
              + [points(distances(network))], legend: .none, height: 220),
        ])
    })
}
