import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

extension BookFigure {
  /// Chapter 1: the levels that Lanczos' method sees in its Krylov space, and how its lowest one converges.
  ///
  /// The matrix is that of the page: three particles in the trap on 39 points each, from a start of ones. Every new vector is
  /// made orthogonal to all before it, so that no level comes twice by rounding.
  ///
  /// Columns of the data: products with H so far, a level of the projected matrix below 11 ħω, and ‖Hy - value·y‖ of its
  /// vector; rows with no products hold levels of H itself that have a part of the start.
  static let lanczos: BookFigure = .init(
    name: "lanczos",
    commands: ["swift run -c release figures lanczos --data"],
    data: { _ in
      let (points, width, ceiling) = (39, 10.0, 11.0)
      let h = width / Double(points + 1)
      let one = Matrix(rows: points, columns: points) { i, j in
        let x = Double(i + 1) * h - width / 2
        return i == j ? 1 / (h * h) + 0.5 * x * x : abs(i - j) == 1 ? -0.5 / (h * h) : 0
      }
      // Levels of H are sums of three; those of odd states have no part of an even start, and order does not count.
      let single = SymmetricEigen(one).values
      var levels: [Double] = []
      for i in stride(from: 0, to: 12, by: 2) {
        for j in stride(from: i, to: 12, by: 2) {
          for k in stride(from: j, to: 12, by: 2) { levels.append(single[i] + single[j] + single[k]) }
        }
      }
      let rounded = rounding(significant: 3)
      var rows = levels.filter { $0 < ceiling }.sorted().map { [0, rounding(decimals: 12)($0), .nan] }

      var basis = [
        [Double](repeating: 1 / Double(points * points * points).squareRoot(), count: points * points * points)
      ]
      var (diagonal, offDiagonal): ([Double], [Double]) = ([], [])
      for count in 1...70 {
        var next = applyToThree(one, basis[count - 1])
        diagonal.append(dot(next, basis[count - 1]))
        for _ in 0..<2 {
          for vector in basis { add(-dot(next, vector), vector, to: &next) }
        }
        let size = norm(next)
        let projected = Matrix(rows: count, columns: count) { i, j in
          i == j ? diagonal[i] : abs(i - j) == 1 ? offDiagonal[min(i, j)] : 0
        }
        let ritz = SymmetricEigen(projected)
        for (k, value) in ritz.values.enumerated() where value < ceiling {
          let residual = size * abs(ritz.vectors[count - 1, k])
          let kept = rounding(decimals: k == 0 ? 12 : 3)(value)
          rows.append([Double(count), kept, k == 0 ? rounded(residual) : .nan])
        }
        offDiagonal.append(size)
        basis.append(next.map { $0 / size })
      }
      return FigureData(table: NumericTable(columns: ["products", "level", "residual"], rows: rows))
    },
    draw: { table, _ throws(FigureError) in
      let (products, levels) = (try table.needed("products"), try table.needed("level"))
      let residuals = try table.needed("residual")
      let exact = levels.indices.filter { products[$0] == 0 }.map { levels[$0] }
      let seen = levels.indices.filter { products[$0] > 0 }
      // Only the lowest of each space has its residual in the data. Below 1e-11 the error is rounding.
      let lowest = seen.filter { residuals[$0].isFinite }
      let errors = lowest.map { levels[$0] - (exact.first ?? .nan) }
      let axis = Axis("products with H", from: 0, to: 71)
      var lines: (x: [Double], y: [Double]) = ([], [])
      for level in exact {
        lines.x += [0, 71, .nan]
        lines.y += [level, level, .nan]
      }
      return Figure(
        title: "Three particles in the trap, 59 319 unknowns",
        stacked: [
          Plot(
            xAxis: axis, yAxis: Axis("level (ħω)", from: 0, to: 11),
            series: [
              Series("levels of H", x: lines.x, y: lines.y, style: .reference),
              Series(
                "levels in the Krylov space", x: seen.map { products[$0] }, y: seen.map { levels[$0] }, style: .points,
                colour: 0),
            ], legend: .beneath, height: 230),
          Plot(
            xAxis: axis, yAxis: Axis("lowest level (ħω)", scale: .logarithmic, from: 1e-11, to: 100),
            series: [
              Series(
                "its residual ‖Hy − Ey‖", x: lowest.map { products[$0] }, y: lowest.map { residuals[$0] }, colour: 1),
              Series("its error", x: lowest.map { products[$0] }, y: errors.map { $0 > 1e-11 ? $0 : .nan }, colour: 0),
            ], legend: .beneath, height: 170),
        ], sharedAxis: true)
    })
}

/// H x for three particles, `one` on each of three indices in turn: only its three diagonals are read.
private func applyToThree(_ one: Matrix, _ x: [Double]) -> [Double] {
  let n = one.rows
  var y = [Double](repeating: 0, count: x.count)
  for p in 0..<n {
    for q in 0..<n {
      for r in 0..<n {
        let at = (p * n + q) * n + r
        var sum = (one[p, p] + one[q, q] + one[r, r]) * x[at]
        for (i, stride) in [(p, n * n), (q, n), (r, 1)] {
          if i > 0 { sum += one[i, i - 1] * x[at - stride] }
          if i < n - 1 { sum += one[i, i + 1] * x[at + stride] }
        }
        y[at] = sum
      }
    }
  }
  return y
}
