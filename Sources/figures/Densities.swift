import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// Strong attraction: fermions gather in the middle of the trap, as close as Pauli's principle lets them.
  static let clumping = densities(
    "clumping", title: "Four fermions, V0 = -20", strength: -20, options: "--seed 301", reach: 2.5,
    // At the edge of the clump: near its middle the cut would be a picture of how the bins happen to lie.
    held: 0.9)
  /// Strong repulsion: they stand in line, one after the other.
  static let crystal = densities(
    "crystal", title: "Four fermions, V0 = 20", strength: 20, options: "--seed 1", reach: 4.2)

  /// Where four fermions are: n(x), and n(x, x') with one of them held and as a map; network, exact, Hartree-Fock.
  ///
  /// Columns of the data: x and x', middles of bins, then the densities' means over the bins: the network's with its
  /// standard error, the exact one, Hartree-Fock's. Rows where x' is not a number hold n(x), the others n(x, x').
  ///
  /// - Parameters:
  ///   - options: of the run that was measured, beyond its system.
  ///   - reach: how much of the line is drawn, to both sides.
  ///   - held: where one fermion is held in the cut through n(x, x'), about; where those at the right most likely are if
  ///     nil.
  private static func densities(
    _ name: String, title: String, strength: Double, options: String, reach: Double,
    held: Double? = nil
  ) -> BookFigure {
    BookFigure(
      name: name,
      commands: [
        "swift run -c release nqs solve --particles 4 --strength \(Int(strength)) --walkers 4096 \(options)"
          + " --output runs/\(name)",
        "swift run -c release nqs measure runs/\(name) --batches 100",
        "swift run -c release figures \(name) --data runs/\(name)",
      ],
      data: { folders in
        guard folders.count == 1, let path = folders.first else {
          throw FigureError(description: "wanted: the folder of one run, measured by nqs measure")
        }
        let folder = try RunFolder.open(path)
        guard let measured = try folder.readMeasured(["one_body_density.csv", "pair_density.csv"]) else {
          throw FigureError(description: "\(path) has no densities; nqs measure makes them")
        }
        let (settings, one, pair) = (folder.settings, measured.tables[0], measured.tables[1])
        guard settings["particles"]?.int == 4, settings["strength"]?.double == strength else {
          throw FigureError(description: "\(path) is no run of four fermions at V0 = \(strength)")
        }
        let system = TrappedFermions(particles: 4, strength: strength)
        // A grid finer than the energy needs, since pair densities between its points are interpolated.
        let exact = try gridDiagonalisation(system, settings: GridSettings(tolerance: 1e-8, wantsDensities: true))
        let field = try hartreeFock(system, wantsDensities: true)
        let references = [exact.densities, field.densities].compactMap { $0 }
        let (walkers, steps) = (settings["walkers"]?.int ?? 0, try folder.read().result?["steps"]?.int ?? 0)
        return FigureData(
          table: NumericTable(
            columns: ["x", "x'", "network", "error", "exact", "hartree_fock"],
            rows: try oneBodyRows(one, references) + pairRows(pair, references)),
          notes: [measured.about["command"]?.text ?? "", "\(walkers) walkers, \(steps) steps"])
      },
      draw: { table, _ throws(FigureError) in try drawnDensities(table, title: title, reach: reach, held: held) })
  }

  private static let rounded = rounding(decimals: 6)

  private static func oneBodyRows(_ measured: NumericTable, _ references: [Densities]) throws(FigureError) -> [[Double]]
  {
    let (x, density, errors) = (
      try measured.needed("x"), try measured.needed("density"), try measured.needed("error")
    )
    let width = x.count > 1 ? x[1] - x[0] : 1
    return x.indices.map { i in
      let bins = references.map { $0.fermions(from: x[i] - width / 2, to: x[i] + width / 2) / width }
      return ([x[i], .nan, density[i], errors[i]] + bins).map(rounded)
    }
  }

  private static func pairRows(_ measured: NumericTable, _ references: [Densities]) throws(FigureError) -> [[Double]] {
    let (x, other) = (try measured.needed("x"), try measured.needed("x'"))
    let (density, errors) = (try measured.needed("density"), try measured.needed("error"))
    let side = Int(Double(x.count).squareRoot().rounded())
    guard side > 1, side * side == x.count else {
      throw FigureError(description: "\(x.count) rows of a pair density are not those of a square")
    }
    let middles = Array(other.prefix(side))
    let means = references.map { reference -> Matrix in
      let weights = binMeans(reference.grid, middles)
      return product(product(weights, reference.pair), transposed: weights)
    }
    return x.indices.map { i in
      ([x[i], other[i], density[i], errors[i]] + means.map { $0[i / side, i % side] }).map(rounded)
    }
  }

  /// From values on a grid to means over bins, [bins, points]: Gauss and Legendre's three points in each bin.
  private static func binMeans(_ grid: LineGrid, _ middles: [Double]) -> Matrix {
    let half = (middles[1] - middles[0]) / 2
    let rows = middles.map { middle -> [Double] in
      var row = [Double](repeating: 0, count: grid.count)
      for (node, weight) in [(-0.7745966692414834, 5.0 / 18), (0, 8.0 / 18), (0.7745966692414834, 5.0 / 18)] {
        for (i, value) in grid.interpolation(at: middle + node * half).enumerated() { row[i] += weight * value }
      }
      return row
    }
    return Matrix(rows: middles.count, columns: grid.count, elements: rows.flatMap { $0 })
  }
}

/// n(x) and a cut through n(x, x') side by side, under each how far the network is off, and beneath them n(x, x') as it is
/// and as it was found.
private func drawnDensities(
  _ table: NumericTable, title: String, reach: Double, held: Double?
) throws(FigureError) -> any Picture {
  let (x, other) = (try table.needed("x"), try table.needed("x'"))
  let names = ["network", "error", "exact", "hartree_fock"]
  var columns: [[Double]] = []
  for name in names { columns.append(try table.needed(name)) }
  let near = x.indices.filter { abs(x[$0]) <= reach && (other[$0].isNaN || abs(other[$0]) <= reach) }
  let single = near.filter { other[$0].isNaN }
  let pairs = near.filter { !other[$0].isNaN }

  let peak = held ?? single.filter { x[$0] > 0 }.max { columns[2][$0] < columns[2][$1] }.map { x[$0] } ?? 0
  let held = pairs.map { other[$0] }.min { (a: Double, b: Double) in abs(a - peak) < abs(b - peak) } ?? 0
  let cut = pairs.filter { other[$0] == held }
  func plot(_ title: String, _ rows: [Int], _ label: String, _ legend: LegendPlace) -> Plot {
    let places = rows.map { x[$0] }
    func values(_ column: Int) -> [Double] { rows.map { columns[column][$0] } }
    return Plot(
      title: title, xAxis: Axis("x (oscillator lengths)", from: -reach, to: reach), yAxis: Axis(label, from: 0),
      series: [
        Series("network ± error", x: places, y: values(0), error: values(1), colour: 0),
        Series("exact", x: places, y: values(2), colour: 6),
        Series("Hartree-Fock", x: places, y: values(3), colour: 1),
      ], legend: legend, height: 180)
  }
  /// Network minus exact: the two lie on each other above.
  func difference(_ rows: [Int]) -> Plot {
    Plot(
      xAxis: Axis("x (oscillator lengths)", from: -reach, to: reach), yAxis: Axis("network − exact"),
      series: [
        Series(
          "network − exact, ± error", x: rows.map { x[$0] }, y: rows.map { columns[0][$0] - columns[2][$0] },
          error: rows.map { columns[1][$0] }, style: .points, colour: 0)
      ], references: [ReferenceLine(0, label: "")], legend: .none, height: 120)
  }
  var middles: [Double] = []
  for i in pairs where middles.last != x[i] { middles.append(x[i]) }
  let heldText = "\((held * 100).rounded() / 100)"
  return Figure(
    title: title,
    rows: [
      [
        plot("density n(x)", single, "per length", .beneath),
        plot("pairs n(x, \(heldText))", cut, "per squared length", .none),
      ],
      [difference(single), difference(cut)],
      [
        HeatMap(
          title: "pair density n(x, x'), lengths in oscillator lengths", rows: middles.count, columns: middles.count,
          panels: [
            HeatMap.Panel("network", values: pairs.map { columns[0][$0] }),
            HeatMap.Panel("exact", values: pairs.map { columns[2][$0] }),
            HeatMap.Panel("Hartree-Fock", values: pairs.map { columns[3][$0] }),
          ], x: middles, y: middles, xLabel: "x", yLabel: "x'", label: "per squared length")
      ],
    ], sharedAxis: true)
}
