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

  /// (1/A) Σ_mi E[∂_iā_m ∂_iā_mᵀ] and Σ_mi E[∂_ie_m ∂_ie_mᵀ] of each parameter group, m over particles and i over
  /// coordinates: with the moments of *expand*, what the decision metric's Kronecker products are made of. An order below
  /// `.gradient`, or a layer that several sets of particles share, stops the program.
  ///
  /// - Returns: one pair a group, of the shapes that `moments` has.
  public func mixedMoments() -> [(activities: Matrix, sensitivities: Matrix)] {
    precondition(order >= .gradient, "derivatives were recorded to order \(order), gradient is needed")
    precondition(
      groups.allSatisfy { $0.layout.sets == 1 }, "a layer of several sets of particles has no mixed moments yet")
    return moments(.expand, components: 1...particles)
  }

  private func moments(
    _ approximation: KroneckerApproximation, components: ClosedRange<Int>
  ) -> [(activities: Matrix, sensitivities: Matrix)] {
    let layouts = groups.map(\.layout)
    func width(_ layout: WeightLayout) -> Int { layout.columns + (layout.hasBias ? 1 : 0) }
    struct Part: Sendable {
      var batch: Batch
      var a: [[Double]]
      var e: [[Double]]
    }
    let a = layouts.map { [Double](repeating: 0, count: width($0) * width($0)) }
    let e = layouts.map { [Double](repeating: 0, count: $0.outputs * $0.outputs) }
    var parts = batches.map { Part(batch: $0, a: a, e: e) }
    parallelForEach(&parts, threads: threads) { _, part in
      let weights = (0..<part.batch.tiles).map { self.weights(part.batch, tile: $0) }
      for layer in part.a.indices {
        for component in components {
          part.batch.factors[layer].addMoments(
            approximation, component: component, weights: weights, activityMoment: &part.a[layer],
            sensitivityMoment: &part.e[layer])
        }
      }
    }
    let count = Double(walkers)
    let samples = approximation == .expand ? count * Double(particles) : count
    return layouts.indices.map { layer in
      var (sumA, sumE) = (a[layer], e[layer])
      for part in parts {
        for i in sumA.indices { sumA[i] += part.a[layer][i] }
        for i in sumE.indices { sumE[i] += part.e[layer][i] }
      }
      let (n, m) = (width(layouts[layer]), layouts[layer].outputs)
      return (
        Matrix(rows: n, columns: n, elements: sumA.map { $0 / samples }),
        Matrix(rows: m, columns: m, elements: sumE.map { $0 / count })
      )
    }
  }
}
