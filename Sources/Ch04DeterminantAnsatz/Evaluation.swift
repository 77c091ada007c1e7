import Ch00Lanes
import Ch02AutomaticDifferentiation

/// ψ and its derivatives in the coordinates at many walkers.
public struct Evaluation: Sendable {
  /// sign ψ: 1, -1, or 0 at a node. One a walker.
  public var sign: [Double]
  /// ln|ψ|, with the 1/√A!. One a walker.
  public var logPsi: [Double]
  /// ∂_i ln|ψ|, row-major [walkers × particles], in inverse oscillator lengths; empty where not asked for.
  public var gradient: [Double]
  /// Σ_i ∂²ln|ψ|/∂x_i², one a walker; empty where not asked for.
  public var laplacian: [Double]

  /// ψ itself; 0 where it is too small for a double. One a walker.
  public var psi: [Double] { zip(sign, logPsi).map { $0 * Double.exp($1) } }
}

extension DeterminantAnsatz {
  /// ψ at many walkers, with derivatives in the coordinates as far as `order` says.
  ///
  /// - Complexity: 1, 1 + A or 2 + A forward passes a walker.
  public func evaluate(_ walkers: Walkers, order: JetOrder = .laplacian, threads: Int = 1) -> Evaluation {
    precondition(
      walkers.particles == particles, "walkers have \(walkers.particles) particles, the ansatz \(particles)")
    struct Part: Sendable {
      var batch: WalkerBatch
      var values = Evaluation(sign: [], logPsi: [], gradient: [], laplacian: [])
    }
    var parts = walkers.batches.map { Part(batch: $0) }
    var workspaces = (0..<max(1, min(threads, parts.count))).map { _ in makeWorkspace(order: order) }
    let n = particles
    Ch00Lanes.parallelForEach(&parts, workspaces: &workspaces) { _, part, workspace in
      for tile in 0..<part.batch.tiles {
        var sign = Lanes32.zero
        evaluate(part.batch.positions, at: tile * n, sign: &sign, workspace: &workspace)
        for walker in 0..<part.batch.count(inTile: tile) {
          part.values.sign.append(sign[walker])
          part.values.logPsi.append(workspace.logPsi[0][walker])
          if order >= .gradient {
            for i in 0..<n { part.values.gradient.append(workspace.logPsi[i + 1][walker]) }
          }
          if order == .laplacian { part.values.laplacian.append(workspace.logPsi[n + 1][walker]) }
        }
      }
    }
    return Evaluation(
      sign: parts.flatMap(\.values.sign), logPsi: parts.flatMap(\.values.logPsi),
      gradient: parts.flatMap(\.values.gradient), laplacian: parts.flatMap(\.values.laplacian))
  }
}
