import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

extension ParameterDerivatives {
  /// E[āāᵀ] and E[eeᵀ] of each parameter group: what Kronecker factors are made of.
  ///
  /// *Expand*: the mean over walkers and particles of āāᵀ, and the mean over walkers of Σ_i e_ie_iᵀ. *Reduce*: means
  /// over walkers of the outer products of Σ_i ā_i/A and of Σ_i e_i. Neither is centred; walkers count with their weights.
  ///
  /// - Returns: one pair a group, in the order of `groups`: [n, n] for ā of n numbers, and [outputs, outputs].
  public func moments(
    _ approximation: KroneckerApproximation
  ) -> [(activities: Matrix, sensitivities: Matrix)] {
    moments(approximation, components: 0...0)
  }

  /// The same moments of ∂_iā and ∂_ie, summed over the coordinates i: with `moments`, what the decision metric's Kronecker
  /// products are made of. An order below `.gradient`, or a layer that several sets of particles share, stops the program.
  ///
  /// *Expand* sees each particle's own ∂_ie_m, which grows like 1/r² where two particles are at a distance r: their squares
  /// have no mean under |ψ|². In the sum over particles of *reduce* the large parts cancel.
  ///
  /// - Returns: one pair a group, of the shapes that `moments` has.
  public func mixedMoments(
    _ approximation: KroneckerApproximation
  ) -> [(activities: Matrix, sensitivities: Matrix)] {
    requireOrder(.gradient)
    precondition(
      groups.allSatisfy { $0.layout.sets == 1 }, "a layer of several sets of particles has no mixed moments yet")
    return moments(approximation, components: 1...particles)
  }

  /// The partial traces of each group's block of the decision metric (with c E[O Oᵀ] more), over outputs and over inputs.
  ///
  /// With M_i = ∂_θ∂_i ℓ as a matrix [outputs, inputs (+ 1)] they are Σ_i E[M_iᵀM_i] and Σ_i E[M_iM_iᵀ]; each is divided by the root
  /// of the trace that they share. Their Kronecker product is the block where that is one product, and has the block's
  /// partial traces in any case.
  ///
  /// - Parameter valueWeight: c ≥ 0.
  /// - Returns: one pair a group, of the shapes that `moments` has. An order below `.gradient` stops the program.
  public func partialTraces(valueWeight: Double = 0) -> [(activities: Matrix, sensitivities: Matrix)] {
    requireOrder(.gradient)
    return sums { factors, weights, a, e in
      factors.addPartialTraces(
        coordinates: 0..<particles, valueWeight: valueWeight, weights: weights, inputTrace: &a, outputTrace: &e)
    }.map { a, e in
      let scale = 1 / (Double(walkers) * (a.trace / Double(walkers)).squareRoot())
      let isPositive = scale.isFinite
      return (isPositive ? scale * a : a, isPositive ? scale * e : e)
    }
  }

  private func moments(
    _ approximation: KroneckerApproximation, components: ClosedRange<Int>
  ) -> [(activities: Matrix, sensitivities: Matrix)] {
    let count = Double(walkers)
    let samples = approximation == .expand ? count * Double(particles) : count
    return sums { factors, weights, a, e in
      for component in components {
        factors.addMoments(
          approximation, component: component, weights: weights, activityMoment: &a, sensitivityMoment: &e)
      }
    }.map { a, e in (divided(a, by: samples), divided(e, by: count)) }
  }

  /// What a function adds to two square matrices over the walkers of each batch, for each parameter group.
  private func sums(
    _ add: @Sendable (ParameterFactors, [Lanes32], inout [Double], inout [Double]) -> Void
  ) -> [(activities: Matrix, sensitivities: Matrix)] {
    let layouts = groups.map(\.layout)
    struct Part: Sendable {
      var batch: Batch
      var a: [[Double]]
      var e: [[Double]]
    }
    let a = layouts.map { [Double](repeating: 0, count: $0.width * $0.width) }
    let e = layouts.map { [Double](repeating: 0, count: $0.outputs * $0.outputs) }
    var parts = batches.map { Part(batch: $0, a: a, e: e) }
    parallelForEach(&parts, threads: threads) { _, part in
      let weights = (0..<part.batch.tiles).map { self.weights(part.batch, tile: $0) }
      for layer in part.a.indices { add(part.batch.factors[layer], weights, &part.a[layer], &part.e[layer]) }
    }
    return layouts.indices.map { layer in
      var (sumA, sumE) = (a[layer], e[layer])
      for part in parts {
        for i in sumA.indices { sumA[i] += part.a[layer][i] }
        for i in sumE.indices { sumE[i] += part.e[layer][i] }
      }
      let (n, m) = (layouts[layer].width, layouts[layer].outputs)
      return (Matrix(rows: n, columns: n, elements: sumA), Matrix(rows: m, columns: m, elements: sumE))
    }
  }
}

private func divided(_ matrix: Matrix, by divisor: Double) -> Matrix {
  Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { $0 / divisor })
}
