import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 3: what the distance of two fermions feels, and how it is then distributed.
  ///
  /// Columns of the data: V0, r in oscillator lengths, r²/4 + v(r) in ħω, |φ(r)|² of the lowest odd level per length, and that
  /// level in ħω.
  static let interaction: BookFigure = .init(
    name: "interaction",
    commands: ["swift run -c release figures interaction --data"],
    data: { _ in
      let grid = LineGrid(from: -9, to: 9, spacing: 0.05, anchor: 0)
      let rounded = rounding(decimals: 5)
      var rows: [[Double]] = []
      for strength in [-20.0, 0, 20] {
        let potential = RelativePotential(interaction: GaussianInteraction(strength: strength))
        // -½ d²/dr² and half of the potential, so twice the levels; the second one is the lowest odd one.
        let levels = SymmetricEigen(grid.hamiltonian(potential))
        let state = levels.vectors.column(1)
        for (i, r) in grid.points.enumerated() where abs(r) < 5.01 {
          rows.append(
            [strength, rounded(r)]
              + [2 * potential(r), state[i] * state[i] / grid.spacing, 2 * levels.values[1]].map(rounded))
        }
      }
      return FigureData(
        table: NumericTable(columns: ["strength", "distance", "potential", "density", "level"], rows: rows))
    },
    draw: { table, _ throws(FigureError) in
      let (strengths, distances) = (try table.needed("strength"), try table.needed("distance"))
      let (potentials, densities) = (try table.needed("potential"), try table.needed("density"))
      let levels = try table.needed("level")
      var (above, beside): ([Series], [Series]) = ([], [])
      for (strength, colour, solid) in threeStrengths {
        let rows = strengths.indices.filter { strengths[$0] == strength }
        let x = rows.map { distances[$0] }
        let name = "V0 = \(Int(strength))".replacing("-", with: "−")
        above.append(Series(name, x: x, y: rows.map { potentials[$0] }, colour: colour))
        // The level where the distance may classically be.
        let inside = rows.filter { potentials[$0] <= levels[$0] }
        above.append(
          Series("", x: inside.map { distances[$0] }, y: inside.map { levels[$0] }, style: .path, colour: solid))
        beside.append(Series(name, x: x, y: rows.map { densities[$0] }, colour: colour))
      }
      let axis = Axis("distance r (oscillator lengths)", from: -5, to: 5)
      return Figure(
        title: "Two fermions as one particle at r = x₁ − x₂",
        rows: [
          [
            Plot(
              title: "r²/4 + v(r), lowest odd level", xAxis: axis, yAxis: Axis("energy (ħω)", from: -17, to: 17),
              series: above, legend: .beneath, height: 200),
            Plot(
              title: "probability of a distance", xAxis: axis, yAxis: Axis("per length", from: 0), series: beside,
              legend: .none, height: 200),
          ]
        ])
    })

  /// Chapter 3: where three fermions are, one and two at a time.
  ///
  /// Columns of the data: V0, x and x', then densities per length or squared length: the exact one, and Hartree-Fock's for
  /// n(x). Rows where x' is not a number hold n(x), the others n(x, x') for x ≤ x'.
  static let threeFermions: BookFigure = .init(
    name: "three-fermions",
    commands: ["swift run -c release figures three-fermions --data"],
    data: { _ in
      let rounded = rounding(decimals: 4)
      let line = (-50...50).map { Double($0) * 0.07 }
      let coarse = (-17...17).map { Double($0) * 0.2 }
      var rows: [[Double]] = []
      for strength in [-20.0, 0, 20] {
        let three = TrappedFermions(particles: 3, strength: strength)
        let settings = GridSettings(tolerance: 1e-6, wantsDensities: true)
        guard let exact = try gridDiagonalisation(three, settings: settings).densities,
          let field = try hartreeFock(three, wantsDensities: true).densities
        else { throw FigureError(description: "no densities") }
        rows += line.map { [strength, $0, .nan, rounded(exact.oneBody(at: $0)), rounded(field.oneBody(at: $0))] }
        let weights = Matrix(coarse.map { exact.grid.interpolation(at: $0) })
        let pairs = product(product(weights, exact.pair), transposed: weights)
        for i in coarse.indices {
          for j in i..<coarse.count {
            rows.append([strength, rounded(coarse[i]), rounded(coarse[j]), rounded(max(pairs[i, j], 0)), .nan])
          }
        }
      }
      return FigureData(
        table: NumericTable(columns: ["strength", "x", "x'", "exact", "hartree_fock"], rows: rows),
        notes: ["A = 3, grid diagonalisation to 1e-6"])
    },
    draw: { table, _ throws(FigureError) in
      let strengths = try table.needed("strength")
      let (x, other, exact) = (try table.needed("x"), try table.needed("x'"), try table.needed("exact"))
      let field = try table.needed("hartree_fock")
      var (plots, panels): ([Plot], [HeatMap.Panel]) = ([], [])
      var places: [Double] = []
      for (strength, _, _) in threeStrengths {
        let rows = strengths.indices.filter { strengths[$0] == strength }
        let single = rows.filter { other[$0].isNaN }
        let name = "V0 = \(Int(strength))".replacing("-", with: "−")
        plots.append(
          Plot(
            title: name, xAxis: Axis("x (oscillator lengths)", from: -3.5, to: 3.5),
            yAxis: Axis(plots.isEmpty ? "n(x) (per length)" : "", from: 0),
            series: [
              Series("exact", x: single.map { x[$0] }, y: single.map { exact[$0] }, colour: 0),
              Series("Hartree-Fock", x: single.map { x[$0] }, y: single.map { field[$0] }, colour: 1),
            ], legend: plots.isEmpty ? .beneath : .none, height: 120))
        let pairs = rows.filter { !other[$0].isNaN }
        let square = try Square(
          NumericTable(columns: ["x1", "x2", "n"], rows: pairs.map { [x[$0], other[$0], exact[$0]] }), "n")
        places = square.places
        let greatest = square.values.max() ?? 1
        panels.append(HeatMap.Panel(name, values: square.values.map { $0 / greatest }))
      }
      return Figure(
        title: "Three fermions: density, and exact pair density",
        rows: [
          plots,
          [
            HeatMap(
              title: "pair density n(x, x'), lengths in oscillator lengths", rows: places.count, columns: places.count,
              panels: panels, x: places, y: places,
              xLabel: "x", yLabel: "x'", label: "over its maximum", largest: 1)
          ],
        ], leastWidth: 180)
    })
}

/// Attraction, none, repulsion, the colours of their curves, and the same colours without dashes.
private let threeStrengths: [(strength: Double, colour: Int, solid: Int)] = [(-20, 0, 0), (0, 6, 20), (20, 1, 8)]

/// ½ (r²/4 + v(r)), for a Hamiltonian of -½ d²/dr² + potential.
private struct RelativePotential: Potential {
  let interaction: GaussianInteraction
  func callAsFunction(_ r: Double) -> Double { 0.5 * (0.25 * r * r + interaction(r)) }
}
