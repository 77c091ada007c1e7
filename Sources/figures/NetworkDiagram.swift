import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 4: from positions to ψ, in numbers: page 4's network of four features and one layer, before and after
  /// particles 1 and 3 are exchanged.
  ///
  /// Columns of the data: arrangement (0 or 1), particle, its position, its features, its row of the matrix Φ, and det Φ.
  static let network: BookFigure = .init(
    name: "network",
    commands: ["swift run -c release figures network --data"],
    data: { _ in
      let shape = try AnsatzShape(particles: 3, hidden: 4, layers: 1)
      let ansatz = DeterminantAnsatz(shape, seed: 4)
      let layer = EquivariantLayer(inputs: 1, outputs: 4, residual: false)
      let parameters = Array(ansatz.parameters[shape.groups[0].range])
      let rounded = rounding(decimals: 6)
      var rows: [[Double]] = []
      for (arrangement, x) in [[0.4, -0.7, 1.1], [1.1, -0.7, 0.4]].enumerated() {
        let features = layer.reference(parameters, x.map { [$0] })
        let orbitals = DeterminantAnsatz.referenceOrbitals(shape, parameters: ansatz.parameters, positions: x)[0]
        let value = LU(Matrix(orbitals)).determinant
        for i in 0..<3 {
          let numbers: [Double] = features[i] + orbitals[i] + [value]
          rows.append([Double(arrangement), Double(i + 1), x[i]] + numbers.map(rounded))
        }
      }
      return FigureData(
        table: NumericTable(
          columns: ["arrangement", "particle", "x", "h1", "h2", "h3", "h4", "m1", "m2", "m3", "det"], rows: rows),
        notes: ["A = 3, one layer of 4 features, seed 4, not trained"])
    },
    draw: { table, _ throws(FigureError) in
      let (arrangements, x, value) = (
        try table.needed("arrangement"), try table.needed("x"), try table.needed("det")
      )
      var (features, orbitals): ([[Double]], [[Double]]) = ([], [])
      for column in ["h1", "h2", "h3", "h4"] { features.append(try table.needed(column)) }
      for column in ["m1", "m2", "m3"] { orbitals.append(try table.needed(column)) }
      func diagram(_ arrangement: Double, _ title: String) -> Diagram {
        let rows = arrangements.indices.filter { arrangements[$0] == arrangement }
        let mean = rows.reduce(0) { $0 + x[$1] } / Double(max(rows.count, 1))
        var boxes: [Diagram.Box] = []
        // A colour follows its particle, that is, its position.
        let sorted = rows.map { x[$0] }.sorted()
        let colours = rows.map { row in [2, 0, 4][sorted.firstIndex(of: x[row]) ?? 0] }
        for (i, row) in rows.enumerated() {
          boxes.append(.init("x\(subscripts[i]) = \(number(x[row], 1))", column: 0, row: Double(i), colour: colours[i]))
        }
        boxes.append(.init("⟨x⟩ = \(number(mean, 2))", column: 0.75, row: 3))
        for (i, row) in rows.enumerated() {
          boxes.append(
            .init(
              "h\(subscripts[i])", values: features.map { $0[row] }, column: 1.5, row: Double(i), colour: colours[i]))
        }
        for (i, row) in rows.enumerated() {
          boxes.append(
            .init(
              "row \(i + 1) of Φ", values: orbitals.map { $0[row] }, column: 2.6, row: Double(i), colour: colours[i]))
        }
        boxes.append(.init("det Φ =\n\(signed(rows.first.map { value[$0] } ?? .nan))", column: 3.6, row: 1))
        boxes.append(.init("tanh(W [x ; ⟨x⟩] + b)", column: 1.5, row: 3, isOutlined: false))
        boxes.append(.init("(W h + b) · envelope", column: 2.6, row: 3, isOutlined: false))
        var arrows: [Diagram.Arrow] = []
        for i in 0..<3 {
          arrows.append(.init(from: i, to: 3, isDashed: true))
          arrows.append(.init(from: 3, to: 4 + i, isDashed: true))
        }
        for i in 0..<3 {
          arrows.append(.init(from: i, to: 4 + i, colour: colours[i]))
          arrows.append(.init(from: 4 + i, to: 7 + i, colour: colours[i]))
          arrows.append(.init(from: 7 + i, to: 10, colour: colours[i]))
        }
        return Diagram(title: title, boxes: boxes, arrows: arrows, largest: 1)
      }
      return Figure(
        title: "Three particles, four features, one determinant",
        stacked: [diagram(0, "As they are"), diagram(1, "Particles 1 and 3 exchanged")])
    })
}

private let subscripts = ["₁", "₂", "₃"]

/// With a proper minus sign.
private func number(_ x: Double, _ digits: Int) -> String { fixed(x, digits).replacing("-", with: "−") }

private func signed(_ x: Double) -> String { (x > 0 ? "+" : "") + number(x, 4) }
