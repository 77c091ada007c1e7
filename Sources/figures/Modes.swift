import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 12: what three metrics charge for an error in one excited mode, and how fast steps in each take it away.
  ///
  /// Near the ground state δ ln p = Σ_k u_k χ_k, χ_k an excited state over the ground state, ω_k its excitation energy. The
  /// energy is then too high by ¼ Σ ω_k u_k². Fisher's metric is Σ u_k², the decision metric ½ Σ ω_k u_k², Wasserstein's, of optimal
  /// transport, ½ Σ u_k²/ω_k. A gradient step multiplies u_k by 1 - η r_k, r_k the energy's weight over the metric's, that is,
  /// 1, ω_k and ω_k² up to factors: η is such that the fastest mode is taken away at once, and half of that for the decision
  /// metric, which would take away all.
  ///
  /// Columns of the data: ω_k in ħω of two fermions at V0 = -20, and what is left of mode k after ten steps in the three
  /// metrics. Excitations are those of the centre of mass and of the distance together, up to twenty.
  static let modes: BookFigure = .init(
    name: "modes",
    commands: ["swift run -c release figures modes --data"],
    data: { _ in
      let grid = LineGrid(from: -12, to: 12, spacing: 0.1, anchor: 0)
      let levels = SymmetricEigen(grid.hamiltonian(HalfDistance()), vectors: false).values
      // Every second level is odd in the distance.
      let odd = stride(from: 1, to: 60, by: 2).map { 2 * (levels[$0] - levels[1]) }
      var excitations: [Double] = []
      for distance in odd {
        for centre in 0...20 where distance + Double(centre) < 20.01 { excitations.append(distance + Double(centre)) }
      }
      let sorted = excitations.filter { $0 > 1e-6 }.sorted()
      let fastest = sorted.last ?? 1
      let rounded = rounding(significant: 5)
      let rows = sorted.map { omega -> [Double] in
        let part = omega / fastest
        return [omega, Double.pow(1 - part * part, 10), Double.pow(1 - part, 10), Double.pow(0.5, 10)].map(rounded)
      }
      return FigureData(
        table: NumericTable(columns: ["excitation", "wasserstein", "fisher", "decision"], rows: rows),
        notes: ["A = 2, V0 = -20; excitations up to 20"])
    },
    draw: { table, _ throws(FigureError) in
      let omega = try table.needed("excitation")
      let axis = Axis("excitation energy (ħω)", scale: .logarithmic, from: 0.8, to: 25)
      let names = [
        ("wasserstein", "Wasserstein: 1/energy", 3, -1.0), ("fisher", "Fisher: 1", 1, 0),
        ("decision", "decision: energy", 0, 1),
      ]
      var (weights, left): ([Series], [Series]) = ([], [])
      for (column, name, colour, power) in names {
        weights.append(
          Series(
            name, x: omega, y: omega.map { power == 0 ? 1 : power > 0 ? $0 : 1 / $0 }, style: .points, colour: colour,
            markSize: 2.2))
        left.append(Series(name, x: omega, y: try table.needed(column), style: .points, colour: colour, markSize: 2.2))
      }
      return Figure(
        title: "One error, three metrics",
        rows: [
          [
            Plot(
              title: "what a mode weighs", xAxis: axis, yAxis: Axis("weight", scale: .logarithmic, from: 0.03, to: 30),
              series: weights, legend: .beneath, height: 190),
            Plot(
              title: "left after ten steps", xAxis: axis, yAxis: Axis("part of the error", from: 0, to: 1),
              series: left, legend: .none, height: 190),
          ]
        ])
    })
}

/// ½ (r²/4 + v(r)) at V0 = -20.
private struct HalfDistance: Potential {
  let interaction = GaussianInteraction(strength: -20)
  func callAsFunction(_ r: Double) -> Double { 0.5 * (0.25 * r * r + interaction(r)) }
}
