import Ch00Lanes
import Ch02AutomaticDifferentiation

/// ψ and its derivatives in the coordinates at many walkers.
public struct Evaluation: Sendable {
  /// sign ψ: 1, -1, or 0 at a node; shape [walkers].
  public var sign: [Double] = []
  /// ln|ψ|, with the 1/√A!; shape [walkers], -∞ at a node.
  public var logPsi: [Double] = []
  /// ∂_i ln|ψ|, row-major [walkers × particles], in inverse oscillator lengths; empty where not asked for.
  public var gradient: [Double] = []
  /// Σ_i ∂²ln|ψ|/∂x_i², one a walker, in inverse squared oscillator lengths; empty where not asked for.
  public var laplacian: [Double] = []

  /// ψ itself, shape [walkers]; 0 where it is too small for a double, ±∞ where it is too large.
  public var psi: [Double] { zip(sign, logPsi).map { $0 * Double.exp($1) } }
}

extension Evaluation {
  /// The parts one behind the other.
  init(joining parts: [Evaluation]) {
    sign = parts.flatMap(\.sign)
    logPsi = parts.flatMap(\.logPsi)
    gradient = parts.flatMap(\.gradient)
    laplacian = parts.flatMap(\.laplacian)
  }

  /// Appends the first `count` walkers of a tile.
  mutating func append(
    _ count: Int, sign: Lanes32, jet: ContiguousArray<Lanes32>, order: JetOrder, particles n: Int
  ) {
    for walker in 0..<count {
      self.sign.append(sign[walker])
      logPsi.append(jet[0][walker])
      if order >= .gradient { for i in 0..<n { gradient.append(jet[i + 1][walker]) } }
      if order == .laplacian { laplacian.append(jet[n + 1][walker]) }
    }
  }
}

extension TrainableWaveFunction {
  /// ψ at many walkers, with derivatives in the coordinates as far as `order` says, in the order of the walkers.
  ///
  /// - Parameters:
  ///   - walkers: configurations, in oscillator lengths.
  ///   - order: value, gradient or Laplacian.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  /// - Precondition: the walkers have the particles of ψ.
  ///
  /// - Complexity: 1, 1 + A or 2 + A forward passes a walker.
  public func evaluate(_ walkers: Walkers, order: JetOrder = .laplacian, threads: Int = 1) -> Evaluation {
    precondition(
      walkers.particles == particles, "walkers have \(walkers.particles) particles, ψ has \(particles)")
    var parts = walkers.batches.map { (batch: $0, values: Evaluation()) }
    let n = particles
    let jet = ContiguousArray(repeating: Lanes32.zero, count: order.components(coordinates: n))
    var scratch = (0..<max(1, min(threads, parts.count))).map { _ in
      (workspace: makeWorkspace(order: order), jet: jet)
    }
    parallelForEach(&parts, workspaces: &scratch) { _, part, scratch in
      for tile in 0..<part.batch.tiles {
        var sign = Lanes32.zero
        logPsiJet(
          part.batch.positions, at: tile * n, sign: &sign, jet: &scratch.jet, workspace: &scratch.workspace)
        part.values.append(
          part.batch.count(inTile: tile), sign: sign, jet: scratch.jet, order: order, particles: n)
      }
    }
    return Evaluation(joining: parts.map(\.values))
  }
}
