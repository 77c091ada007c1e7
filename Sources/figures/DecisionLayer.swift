import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 13: a layer's block of the decision metric beside one Kronecker product with its partial traces, and
  /// the sum of two in both readings of weight sharing.
  ///
  /// Columns of the data: row and column of an entry, in the order [output][input] with the bias last, and its values; the
  /// part on and above the diagonal.
  static let decisionLayer: BookFigure = .init(
    name: "decision-layer",
    commands: ["swift run -c release figures decision-layer --data"],
    data: { _ in
      let (ansatz, walk) = try pretrainedPair(hidden: 4, walkers: 4096)
      let sample = Sample(TrappedFermions(particles: 2, strength: -20), ansatz, at: walk.walkers, order: .gradient)

      let group = ansatz.shape.groups[1]
      let (columns, width) = (group.layout.columns, group.layout.columns + 1)
      func place(_ i: Int) -> Int {
        let (row, column) = (i / width, i % width)
        return group.start + (column < columns ? row * columns + column : group.layout.biasStart + row)
      }
      let exact = DecisionMetric().matrix(sample)
      func sum(_ approximation: KroneckerApproximation) -> Matrix {
        let values = sample.derivatives.moments(approximation)[1]
        let slopes = sample.derivatives.mixedMoments(approximation)[1]
        return KroneckerSum(
          values: KroneckerFactors(activities: values.activities, sensitivities: values.sensitivities),
          slopes: KroneckerFactors(activities: slopes.activities, sensitivities: slopes.sensitivities)
        ).matrix
      }
      let traces = sample.derivatives.partialTraces()[1]
      let one = Matrix(rows: group.layout.count, columns: group.layout.count) { p, q in
        traces.sensitivities[p / width, q / width] * traces.activities[p % width, q % width]
      }
      let models = [one, sum(.expand), sum(.reduce)]
      let size = group.layout.count
      // Lengths of matrices, as vectors.
      func length(_ entry: (Int, Int) -> Double) -> Double {
        var squares = 0.0
        for i in 0..<size { for j in 0..<size { squares += entry(i, j) * entry(i, j) } }
        return squares.squareRoot()
      }
      let whole = length { exact[place($0), place($1)] }
      let errors = models.map { model in length { exact[place($0), place($1)] - model[$0, $1] } / whole }
      let rounded = rounding(decimals: 4)
      let rows = (0..<size).flatMap { i in
        (i..<size).map { j in
          [Double(i), Double(j)] + ([exact[place(i), place(j)]] + models.map { $0[i, j] }).map(rounded)
        }
      }
      return FigureData(
        table: NumericTable(columns: ["row", "column", "exact", "product", "expand", "reduce"], rows: rows),
        notes: [
          "A = 2, 4 features, seed 1, pretrained, 4096 walkers; second layer",
          "distance from the exact block over its length, one product, expand, reduce: "
            + errors.map { fixed($0, 2) }.joined(separator: ", "),
        ])
    },
    draw: { table, _ throws(FigureError) in
      HeatMap(
        title: "A layer's decision metric and two models of it", rows: try blockSize(table),
        columns: try blockSize(table),
        panels: [
          HeatMap.Panel("exact", values: try symmetricBlock(table, "exact")),
          HeatMap.Panel("one product", values: try symmetricBlock(table, "product")),
          HeatMap.Panel("sum of two", values: try symmetricBlock(table, "expand")),
        ], xLabel: "parameter", yLabel: "parameter", colours: .diverging,
        label: "Σ E[M Mᵀ], beyond ±0.25 as ±0.25", largest: 0.25,
        // Eight inputs and a bias to an output.
        block: 9)
    })
}
