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
    precondition(order >= .gradient, "derivatives were recorded to order \(order), gradient is needed")
    return squares(.gradient)
  }

  private func squares(_ kind: JetOrder) -> [Double] {
    let (starts, count, batches) = (groups.map(\.start), parameterCount, batches)
    var workspaces = (0..<threads).map { _ in SquaresWorkspace() }
    return scratch.use { storage in
      parallelForEach(&storage.batches, workspaces: &workspaces) { index, work, workspace in
        let batch = batches[index]
        work.clearGradient(count: count)
        for (group, start) in starts.enumerated() {
          for tile in 0..<batch.tiles {
            batch.factors[group].addSquares(
              kind, tile: tile, counted: batch.positions.count(inTile: tile), weights: weights(batch, tile: tile),
              into: &work.gradient, at: start,
              workspace: &workspace)
          }
        }
      }
      return sumOfGradients(storage)
    }
  }
}
