import Ch00Lanes
import Ch01LinearAlgebra

extension ParameterFactors {
  /// Adds Σ_w w Σ_i M_i M_iᵀ and Σ_w w Σ_i M_iᵀM_i, M_i the layer's ∂_θ∂_i ℓ of a walker as a matrix [outputs, width of ā]: the
  /// partial traces of the layer's block of the decision metric, over inputs and over outputs.
  ///
  /// M_i = Σ_m ∂_ie_m āᵀ_m + e_m ∂_iāᵀ_m has rank 2A at the most: with its 2A vectors e_k and ā_k, M_iM_iᵀ is
  /// Σ_kl (ā_k·ā_l) e_k e_lᵀ, and no M_i is ever made. What one particle adds may be large where another takes it away;
  /// the sum is within the dot products.
  ///
  /// - Parameters:
  ///   - coordinates: i; component 0 of the factors is the value, component i + 1 the derivative in coordinate i.
  ///   - valueWeight: c ≥ 0 of c OOᵀ and c OᵀO, O = Σ_m e_m āᵀ_m, which are added; 0 for none.
  ///   - weights: w ≥ 0 of each tile's walkers; 0 for those that do not count.
  ///   - inputTrace: row-major, the width of ā squared; outputs are summed over.
  ///   - outputTrace: row-major, outputs squared; inputs are summed over.
  /// - Complexity: O(A² (A + outputs + width)(outputs + width)) a walker.
  package func addPartialTraces(
    coordinates: Range<Int>, valueWeight: Double, weights: [Lanes32], inputTrace: inout [Double],
    outputTrace: inout [Double]
  ) {
    let (width, outputs, particles) = (layout.width, layout.outputs, panels)
    for tile in 0..<tiles {
      let root = weights[tile].map { $0.squareRoot() }
      let value = (0..<particles).map { expanded($0, tile, 0) }
      if valueWeight > 0 {
        let scaled = valueWeight.squareRoot() * root
        add(value.map { $0.e.map { $0 * scaled } }, value.map(\.a), &inputTrace, &outputTrace, width, outputs)
      }
      for i in coordinates {
        var (e, a): ([[Lanes32]], [[Lanes32]]) = ([], [])
        for m in 0..<particles {
          let slope = expanded(m, tile, i + 1)
          e += [slope.e.map { $0 * root }, value[m].e.map { $0 * root }]
          a += [value[m].a, slope.a]
        }
        add(e, a, &inputTrace, &outputTrace, width, outputs)
      }
    }
  }

  /// e_m and ā_m of a particle, or their derivatives.
  private func expanded(_ m: Int, _ tile: Int, _ component: Int) -> (e: [Lanes32], a: [Lanes32]) {
    var a = (0..<layout.inputs).map { particleActivity(m, tile, component, $0) }
    if layout.sharing == .equivariant {
      a += (0..<layout.inputs).map { meanActivity(of: m, tile, component, $0) }
    }
    // The bias sees a constant.
    if layout.hasBias { a.append(component == 0 ? Lanes32(repeating: 1) : .zero) }
    return ((0..<layout.outputs).map { particleSensitivity(m, tile, component, $0) }, a)
  }

  /// MMᵀ and MᵀM of M = Σ_k e_k ā_kᵀ.
  private func add(
    _ e: [[Lanes32]], _ a: [[Lanes32]], _ inputTrace: inout [Double], _ outputTrace: inout [Double], _ width: Int,
    _ outputs: Int
  ) {
    /// Σ_kl (x_k·x_l) y_k y_lᵀ.
    func square(_ x: [[Lanes32]], _ y: [[Lanes32]], _ size: Int, into sum: inout [Double]) {
      var (left, right): (ContiguousArray<Lanes32>, ContiguousArray<Lanes32>) = ([], [])
      for k in x.indices {
        var mixed = [Lanes32](repeating: .zero, count: size)
        for l in x.indices {
          var overlap = Lanes32.zero
          for f in x[k].indices { overlap += x[k][f] * x[l][f] }
          for f in 0..<size { mixed[f] += overlap * y[l][f] }
        }
        left += mixed
        right += y[k]
      }
      addOuterProducts(
        left, at: 0, stride: size, rows: size, right, at: 0, stride: size, columns: size, pairs: x.count, into: &sum,
        at: 0, stride: size)
    }
    square(a, e, outputs, into: &outputTrace)
    square(e, a, width, into: &inputTrace)
  }
}
