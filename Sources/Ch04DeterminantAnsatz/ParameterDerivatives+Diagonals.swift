import Ch00Lanes
import Ch02AutomaticDifferentiation

extension ParameterDerivatives {
  /// Σ_w (∂_θ ℓ)², one number a parameter: the diagonal of Oᵀ O.
  public mutating func logSquares() -> [Double] { squares(.value) }

  /// Σ_w Σ_i (∂_θ ∂_i ℓ)², one number a parameter: the diagonal of Mᵀ M. Order `.gradient` or higher.
  ///
  /// - Complexity: O(walkers · parameters · A²).
  public mutating func mixedSquares() -> [Double] {
    precondition(order >= .gradient, "derivatives were recorded to order \(order), gradient is needed")
    return squares(.gradient)
  }

  private mutating func squares(_ kind: JetOrder) -> [Double] {
    let (starts, count) = (shape.groups.map(\.start), shape.parameterCount)
    var workspaces = (0..<threads).map { _ in SquaresWorkspace() }
    parallelForEach(&batches, workspaces: &workspaces) { _, batch, workspace in
      batch.clearGradient(count: count)
      for (layer, start) in starts.enumerated() {
        for tile in 0..<batch.tiles {
          batch.factors[layer].addSquares(
            kind, tile: tile, counted: batch.positions.count(inTile: tile), into: &batch.gradient, at: start,
            workspace: &workspace)
        }
      }
    }
    return sumOfGradients()
  }
}
