/// f′(x) from values alone: central differences at steps h, h/2, h/4 … extrapolated to zero (Richardson).
///
/// Each column of the table removes the next even power of the step. With four steps from h = 0.05 the truncation
/// error is h⁸ f⁽⁹⁾/(9! · 2¹²) ~ 3e-20 f⁽⁹⁾, and rounding in f is amplified by about 1/(h/8) = 160.
///
/// - Returns: the derivative, and the last correction made as a measure of its error.
func finiteDifference(
  at x: Double, step h: Double = 0.05, of f: (Double) -> Double
) -> (value: Double, correction: Double) {
  var row: [Double] = []
  var correction = Double.infinity
  for level in 0..<4 {
    let step = h / Double(1 << level)
    var next = [(f(x + step) - f(x - step)) / (2 * step)]
    var power = 1.0
    for coarse in row {
      power *= 4
      next.append(next.last! + (next.last! - coarse) / (power - 1))
    }
    correction = row.last.map { abs(next.last! - $0) } ?? correction
    row = next
  }
  return (row.last!, correction)
}

/// ∇f(x) from values alone, a coordinate at a time.
func gradientByDifferences(at x: [Double], of f: ([Double]) -> Double) -> (values: [Double], correction: Double) {
  var correction = 0.0
  let values = x.indices.map { i in
    let result = finiteDifference(at: x[i]) { shifted in
      var point = x
      point[i] = shifted
      return f(point)
    }
    correction = max(correction, result.correction)
    return result.value
  }
  return (values, correction)
}
