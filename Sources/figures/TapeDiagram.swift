import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 2: z = x² y at (2, 3) in both directions.
  ///
  /// Rows of the data: x, y, u = x x and z = u y. Columns: the value, its derivative by x in one run of forward mode, its
  /// derivative by y in another, and the derivative of z by it from one walk back over the tape.
  static let tape: BookFigure = .init(
    name: "tape",
    commands: ["swift run -c release figures tape --data"],
    data: { _ in
      let start = [2.0, 3]
      func nodes<S: DifferentiableScalar>(_ x: [S]) -> [S] { [x[0], x[1], x[0] * x[0], x[0] * x[0] * x[1]] }
      let forward = (0..<2).map { direction in
        (0..<4).map { node in
          directionalDerivative(of: { nodes($0)[node] }, at: start, along: (0..<2).map { $0 == direction ? 1 : 0 })
        }
      }
      let tape = Tape<Double>()
      let (x, y) = (tape.variable(start[0]), tape.variable(start[1]))
      let u = x * x
      let z = u * y
      let reverse = tape.gradient(of: z, by: [x, y, u, z])
      return FigureData(
        table: NumericTable(
          columns: ["value", "by_x", "by_y", "of_z"],
          rows: (0..<4).map { [nodes(start)[$0], forward[0][$0], forward[1][$0], reverse[$0]] }))
    },
    draw: { table, _ throws(FigureError) in
      let values = try table.needed("value").map(plain)
      guard values.count == 4 else { throw FigureError(description: "wanted: four nodes") }
      let (byX, byY, ofZ) = (
        try table.needed("by_x").map(plain), try table.needed("by_y").map(plain), try table.needed("of_z").map(plain)
      )
      let names = ["x", "y", "u", "z"]
      let nodes = ["x = \(values[0])", "y = \(values[1])", "u = x·x = \(values[2])", "z = u·y = \(values[3])"]
      // x and u on one line, y beneath them.
      let places: [(column: Double, row: Double)] = [(0, 0), (0, 1), (1, 0), (2, 0.5)]
      func diagram(_ title: String, _ lines: [String], backwards: Bool) -> Diagram {
        let edges = [(0, 2, "× 2x"), (2, 3, "× y"), (1, 3, "× u")]
        return Diagram(
          title: title,
          boxes: names.indices.map { node in
            Diagram.Box(
              nodes[node] + "\n" + lines[node], column: places[node].column, row: places[node].row,
              colour: backwards ? 1 : 0)
          },
          arrows: edges.map {
            Diagram.Arrow(
              from: backwards ? $0.1 : $0.0, to: backwards ? $0.0 : $0.1, label: $0.2, colour: backwards ? 1 : 0)
          })
      }
      return Figure(
        title: "z = x² y, and the chain rule from both ends",
        stacked: [
          diagram(
            "Forward: one run for each variable, here two",
            names.indices.map { "∂\(names[$0])/∂x = \(byX[$0])\n∂\(names[$0])/∂y = \(byY[$0])" }, backwards: false),
          diagram(
            "Reverse: one walk back for all variables", zip(names, ofZ).map { "∂z/∂\($0) = \($1)" }, backwards: true),
        ])
    })
}

/// A whole number without a point.
private func plain(_ x: Double) -> String { fixed(x, 0) }
