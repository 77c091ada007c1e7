import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 4: ψ(x₁, x₂) of three networks that were never trained, and where it changes its sign.
  ///
  /// Columns of the data: x₁ ≤ x₂, and ψ of each seed over the greatest |ψ| on the grid. The other half of the plane follows
  /// by antisymmetry.
  static let nodes: BookFigure = .init(
    name: "nodes",
    commands: ["swift run -c release figures nodes --data"],
    data: { _ in
      let places = (-24...24).map { Double($0) / 8 }
      let points = places.indices.flatMap { i in places[i...].map { [places[i], $0] } }
      let columns = try [1, 2, 3].map { seed in
        let psi = DeterminantAnsatz(try AnsatzShape(particles: 2), seed: UInt64(seed))
          .evaluate(Walkers(points), order: .value).psi
        let greatest = psi.map(abs).max() ?? 1
        // To three digits however small, since it is the sign that is drawn.
        return psi.map { Double(scientific($0 / greatest, 2)) ?? $0 }
      }
      return FigureData(
        table: NumericTable(
          columns: ["x1", "x2", "seed 1", "seed 2", "seed 3"],
          rows: points.indices.map { point in points[point] + columns.map { $0[point] } }),
        notes: ["A = 2, 64 features, not trained; over the greatest |ψ|"])
    },
    draw: { table, _ throws(FigureError) in
      let names = ["seed 1", "seed 2", "seed 3"]
      var panels: [HeatMap.Panel] = []
      var places: [Double] = []
      for name in names {
        let square = try Square(table, name, antisymmetric: true)
        places = square.places
        // The line where two particles meet is a node by construction; beyond it only those of the network are drawn.
        let node = contour(square.values, x: places, y: places, level: 0)
        panels.append(
          HeatMap.Panel(
            name, values: square.values,
            lines: [
              Series("", x: node.x, y: node.y, style: .path, colour: 20),
              Series("", x: [-0.5, -0.5], y: [0.5, 3], style: .reference),
            ]))
      }
      return HeatMap(
        title: "ψ of three networks that were never trained", rows: places.count, columns: places.count, panels: panels,
        x: places, y: places, xLabel: "x₁", yLabel: "x₂", colours: .diverging, label: "ψ over max |ψ|",
        largest: 1)
    })
}

/// A function of two positions on a square grid, row-major with a row for each x₂, from the half of it with x₁ ≤ x₂.
struct Square {
  let places: [Double]
  let values: [Double]

  init(_ table: NumericTable, _ column: String, antisymmetric: Bool = false) throws(FigureError) {
    let (first, second, given) = (try table.needed("x1"), try table.needed("x2"), try table.needed(column))
    let places = second.indices.filter { first[$0] == first.first }.map { second[$0] }
    guard given.count == places.count * (places.count + 1) / 2 else {
      throw FigureError(description: "\(given.count) rows are not half of a square of \(places.count)")
    }
    var values = [Double](repeating: .nan, count: places.count * places.count)
    var next = 0
    for i in places.indices {
      for j in i..<places.count {
        values[j * places.count + i] = given[next]
        if i != j { values[i * places.count + j] = antisymmetric ? -given[next] : given[next] }
        next += 1
      }
    }
    (self.places, self.values) = (places, values)
  }
}
