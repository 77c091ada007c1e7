import Ch00Lanes
import Ch02AutomaticDifferentiation

extension ParameterDerivatives {
  /// Σ_w w (∂_θ ℓ)² over walkers of weight w, shape [parameterCount]: the diagonal of Oᵀ O.
  ///
  /// - Complexity: O(walkers · parameters · A).
  public func logSquares() -> [Double] { squares(.value) }

  /// Σ_w w Σ_i (∂_θ ∂_i ℓ)², shape [parameterCount], in inverse squared oscillator lengths: the diagonal of Mᵀ M. An
  /// order below `.gradient` stops the program.
  ///
  /// - Complexity: O(walkers · parameters · A²).
  public func mixedSquares() -> [Double] {
    requireOrder(.gradient)
    return squares(.gradient)
  }

  private func squares(_ kind: JetOrder) -> [Double] {
    let (starts, count, batches) = (groups.map(\.start), parameterCount, batches)
    return scratch.use { storage in
      parallelForEach(&storage.batches, threads: threads) { index, work in
        let batch = batches[index]
        work.clearGradient(count: count)
        let weights = ContiguousArray((0..<batch.tiles).map { self.weights(batch, tile: $0) })
        for (group, start) in starts.enumerated() {
          batch.factors[group].addSquares(
            kind, weights: weights, into: &work.gradient, at: start)
        }
      }
      return sumOfGradients(storage)
    }
  }
}
