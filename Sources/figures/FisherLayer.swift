import AppendixFiles
import AppendixPlots
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 8: a layer's 4 E[O Oᵀ] beside its two Kronecker models.
  ///
  /// Columns of the data: row and column of an entry, in the order [output][input] with the bias last, and its three
  /// values; the part on and above the diagonal.
  static let fisherLayer: BookFigure = .init(
    name: "fisher-layer",
    commands: ["swift run -c release figures fisher-layer --data"],
    data: { _ in
      let (ansatz, walk) = try pretrainedPair(hidden: 4, walkers: 4096)
      let sample = Sample(TrappedFermions(particles: 2, strength: -20), ansatz, at: walk.walkers, order: .value)

      // The second layer's block, uncentred as the models are.
      let group = ansatz.shape.groups[1]
      let (columns, width) = (group.layout.columns, group.layout.columns + 1)
      func place(_ i: Int) -> Int {
        let (row, column) = (i / width, i % width)
        return group.start + (column < columns ? row * columns + column : group.layout.biasStart + row)
      }
      let fisher = FisherMetric().matrix(sample)
      let count = walk.walkers.count
      let o = sample.derivatives.logDerivatives(weighted: [Double](repeating: 1 / Double(count), count: count))
      let moments = [sample.derivatives.moments(.expand)[1], sample.derivatives.moments(.reduce)[1]]
      let rounded = rounding(decimals: 4)
      var rows: [[Double]] = []
      for i in 0..<group.layout.count {
        for j in i..<group.layout.count {
          let exact = fisher[place(i), place(j)] + 4 * o[place(i)] * o[place(j)]
          let models = moments.map {
            4 * $0.sensitivities[i / width, j / width] * $0.activities[i % width, j % width]
          }
          rows.append([Double(i), Double(j)] + ([exact] + models).map(rounded))
        }
      }
      return FigureData(
        table: NumericTable(
          columns: ["row", "column", "exact", "expand", "reduce"], rows: rows),
        notes: ["A = 2, 4 features, seed 1, pretrained, 4096 walkers; second layer"])
    },
    draw: { table, _ throws(FigureError) in
      let size = try blockSize(table)
      return HeatMap(
        title: "A layer's Fisher matrix and its models, 9 parameters an output", rows: size, columns: size,
        panels: [
          HeatMap.Panel("exact", values: try symmetricBlock(table, "exact")),
          HeatMap.Panel("expand", values: try symmetricBlock(table, "expand")),
          HeatMap.Panel("reduce", values: try symmetricBlock(table, "reduce")),
        ], xLabel: "parameter", yLabel: "parameter", colours: .diverging,
        label: "4 E[O Oᵀ], beyond ±0.5 as ±0.5", largest: 0.5,
        // Eight inputs and a bias to an output.
        block: 9)
    })
}

/// The rows of a block whose entries on and above the diagonal stand in a table, with their row and column.
func blockSize(_ table: NumericTable) throws(FigureError) -> Int { Int(try table.needed("row").last ?? -1) + 1 }

/// Such a block as a square, row-major.
func symmetricBlock(_ table: NumericTable, _ name: String) throws(FigureError) -> [Double] {
  let (rows, columns, entries) = (try table.needed("row"), try table.needed("column"), try table.needed(name))
  let size = try blockSize(table)
  var values = [Double](repeating: .nan, count: size * size)
  for (index, entry) in entries.enumerated() {
    let (i, j) = (Int(rows[index]), Int(columns[index]))
    guard (0..<size).contains(i), (0..<size).contains(j) else {
      throw FigureError(description: "entry (\(i), \(j)) of a matrix with \(size) rows")
    }
    (values[i * size + j], values[j * size + i]) = (entry, entry)
  }
  return values
}
