import Ch00Lanes
import Ch02AutomaticDifferentiation

extension DeterminantAnsatz {
  /// The mean over walkers of Σ_d Σ_ij (M^d_ij - φ_j(x_i))², and its gradient in the parameters.
  ///
  /// What pretraining minimises: a network whose orbitals are those of a known Slater determinant starts near it. The
  /// backward pass is that of ln|ψ| with 2 (M - φ) in the place of ∂ℓ/∂M.
  ///
  /// - Parameter target: fills φ_0(x) … φ_{A-1}(x) for 32 positions x.
  /// - Complexity: one pass forward and one backward.
  public func orbitalLoss(
    at walkers: Walkers, threads: Int = 1, target: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void
  ) -> (loss: Double, gradient: [Double]) {
    precondition(walkers.particles == particles, "walkers have \(walkers.particles) particles, the ansatz \(particles)")
    struct Part: Sendable {
      var block: Walkers.Block
      var loss = 0.0
      var gradient: [Double] = []
    }
    struct Scratch: Sendable {
      var reverse: ReverseWorkspace
      var products = FactorWorkspace()
      var orbitals: ContiguousArray<Lanes32>
      var factors: [ParameterFactors] = []
    }
    var parts = walkers.blocks.map { Part(block: $0) }
    let n = particles
    var scratch = (0..<max(1, threads)).map { _ in
      Scratch(
        reverse: ReverseWorkspace(shape, order: .value), orbitals: ContiguousArray(repeating: .zero, count: n))
    }
    forEachBlock(&parts, workspaces: &scratch) { _, part, scratch in
      if scratch.factors.first?.tiles != part.block.tiles {
        scratch.factors = emptyFactors(tiles: part.block.tiles, order: .value)
      }
      var weights = ContiguousArray(repeating: Lanes32.zero, count: part.block.tiles)
      for tile in 0..<part.block.tiles {
        let counted = part.block.count(inTile: tile)
        weights[tile] = Lanes32(repeating: 1).keeping(first: counted)
        forward(part.block.positions, at: tile * n, leastSquare: 0, workspace: &scratch.reverse.forward)
        for i in 0..<n {
          target(part.block.positions[tile * n + i], &scratch.orbitals)
          for d in 0..<shape.determinants {
            for j in 0..<n {
              let difference = scratch.reverse.forward.matrices[d][i * n + j] - scratch.orbitals[j]
              part.loss += (difference * difference).keeping(first: counted).laneSum
              scratch.reverse.matrixSensitivities[d][i * n + j] = 2 * difference
            }
          }
        }
        backward(
          positions: part.block.positions, tile: tile, leastSquare: 0, into: &scratch.factors,
          workspace: &scratch.reverse)
      }
      part.gradient = [Double](repeating: 0, count: shape.parameterCount)
      for (block, factor) in zip(shape.blocks, scratch.factors) {
        factor.pull(weights, into: &part.gradient, at: block.start, workspace: &scratch.products)
      }
    }
    let scale = 1 / Double(walkers.count)
    var gradient = [Double](repeating: 0, count: shape.parameterCount)
    for part in parts { for p in gradient.indices { gradient[p] += scale * part.gradient[p] } }
    return (parts.reduce(0) { $0 + $1.loss } * scale, gradient)
  }
}
