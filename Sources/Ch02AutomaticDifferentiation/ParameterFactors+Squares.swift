import Ch00Lanes

extension ParameterFactors {
  /// Adds the squared derivatives of every parameter, summed over one tile's first `counted` walkers.
  ///
  /// - Parameter kind: `.value` for (∂_θ ℓ)², `.gradient` for Σ_k (∂_θ ∂_k ℓ)².
  /// - Complexity: one product a panel, row, column and walker for the value, two a coordinate for the gradient.
  public func addSquares(_ kind: JetOrder, tile: Int, counted: Int, into gradient: inout [Double], at start: Int) {
    let mask = Lanes32(repeating: 1).keeping(first: counted)
    let firstComponent = kind == .value ? 0 : 1
    let lastComponent = kind == .value ? 0 : coordinates
    // The last column stands for the bias, whose activity is the constant 1.
    let columns = layout.inputs + (layout.hasBias ? 1 : 0)
    for row in 0..<layout.outputs {
      for column in 0..<columns {
        var own = Lanes32.zero
        var mean = Lanes32.zero
        for component in firstComponent...lastComponent {
          var sum = Lanes32.zero
          var shared = Lanes32.zero
          for panel in 0..<panels {
            let term = derivative(row, column, panel: panel, tile: tile, component)
            sum += term
            if seesTotal(panel) { shared = term }
          }
          own.addProduct(sum, sum)
          mean.addProduct(shared, shared)
        }
        if column == layout.inputs {
          gradient[start + layout.biasStart + row] += (own * mask).laneSum
        } else {
          gradient[start + row * layout.columns + column] += (own * mask).laneSum
          if layout.sharing == .equivariant {
            gradient[start + row * layout.columns + layout.inputs + column] += (mean * mask).laneSum
          }
        }
      }
    }
  }

  /// One panel's part of the derivative in weight (row, column): e a, or ∂_k e a + e ∂_k a.
  @inline(__always)
  private func derivative(_ row: Int, _ column: Int, panel: Int, tile: Int, _ component: Int) -> Lanes32 {
    let e = sensitivity(panel, tile, 0) + row
    guard column < layout.inputs else {
      return seesBias(panel) ? sensitivities[e + component * outputStride] : .zero
    }
    let a = activity(panel, tile, 0) + column
    guard component > 0 else { return sensitivities[e] * activities[a] }
    var sum = sensitivities[e + component * outputStride] * activities[a]
    sum.addProduct(sensitivities[e], activities[a + component * inputStride])
    return sum
  }
}
