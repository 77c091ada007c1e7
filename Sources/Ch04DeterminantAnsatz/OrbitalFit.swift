import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

extension DeterminantAnsatz {
  /// The mean over walkers of Σ_d Σ_ij (M^d_ij - φ_j(x_i))², and its gradient in the parameters.
  ///
  /// What pretraining brings down: a network whose orbitals are those of a known Slater determinant starts near it. The
  /// backward pass is that of ln|ψ| with 2 (M - φ) in the place of ∂ℓ/∂M.
  ///
  /// - Parameter target: fills φ_0(x) … φ_{A-1}(x) for 32 positions x.
  /// - Complexity: one pass forward and one backward.
  package func orbitalLoss(
    at walkers: Walkers, threads: Int = 1, target: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void
  ) -> (loss: Double, gradient: [Double]) {
    precondition(walkers.particles == particles, "walkers have \(walkers.particles) particles, the ansatz \(particles)")
    struct Part: Sendable {
      var batch: WalkerBatch
      var loss = 0.0
      var gradient: [Double] = []
    }
    struct Scratch: Sendable {
      var reverse: ReverseWorkspace
      var products = FactorWorkspace<Lanes32>()
      var orbitals: ContiguousArray<Lanes32>
      var factors: [ParameterFactors] = []
    }
    var parts = walkers.batches.map { Part(batch: $0) }
    let n = particles
    var scratch = (0..<max(1, threads)).map { _ in
      Scratch(
        reverse: ReverseWorkspace(shape, order: .value), orbitals: ContiguousArray(repeating: .zero, count: n))
    }
    parallelForEach(&parts, workspaces: &scratch) { _, part, scratch in
      if scratch.factors.first?.tiles != part.batch.tiles {
        scratch.factors = emptyFactors(shape.groups, tiles: part.batch.tiles, particles: n, order: .value)
      }
      var weights = ContiguousArray(repeating: Lanes32.zero, count: part.batch.tiles)
      for tile in 0..<part.batch.tiles {
        let counted = part.batch.count(inTile: tile)
        weights[tile] = Lanes32(repeating: 1).keeping(first: counted)
        forward(part.batch.positions, at: tile * n, minimumSquaredWidth: 0, workspace: &scratch.reverse.forward)
        for i in 0..<n {
          target(part.batch.positions[tile * n + i], &scratch.orbitals)
          for d in 0..<shape.determinants {
            for j in 0..<n {
              let difference = scratch.reverse.forward.matrices[d][i * n + j] - scratch.orbitals[j]
              part.loss += (difference * difference).keeping(first: counted).laneSum
              scratch.reverse.matrixSensitivities[d][i * n + j] = 2 * difference
            }
          }
        }
        backward(
          positions: part.batch.positions, tile: tile, minimumSquaredWidth: 0, into: &scratch.factors,
          workspace: &scratch.reverse)
      }
      part.gradient = [Double](repeating: 0, count: shape.parameterCount)
      for (group, factor) in zip(shape.groups, scratch.factors) {
        factor.pull(weights, into: &part.gradient, at: group.start, workspace: &scratch.products)
      }
    }
    let scale = 1 / Double(walkers.count)
    var gradient = [Double](repeating: 0, count: shape.parameterCount)
    for part in parts { for p in gradient.indices { gradient[p] += scale * part.gradient[p] } }
    return (parts.reduce(0) { $0 + $1.loss } * scale, gradient)
  }
}

extension DeterminantAnsatz {
  /// Sets the orbital layers to the weights with which M comes nearest to given orbitals in the least squares.
  ///
  ///     minimise  E Σ_i (M_ij - φ_j(x_i))² + r ‖(W_j, b_j) - (W_j, b_j)_prior‖²,        M_ij = f_ij (W_j · h_i + b_j)
  ///
  /// M is linear in them, so that this is one system of H + 1 equations for all orbitals with the same envelope,
  ///
  ///     (N + r) (W_j, b_j) = E Σ_i z_i φ_j(x_i) + r (W_j, b_j)_prior,        N = E Σ_i z_i z_iᵀ,   z_i = f_i (h_i, 1)
  ///
  /// and N, the right sides and the deviation are parts of one Gram matrix, that of (z, φ). Smooth features make N
  /// nearly singular; the ridge r keeps weights small that would have to cancel.
  ///
  /// - Parameters:
  ///   - walkers: those that E is the mean over.
  ///   - prior: parameters to stay near; those of the ansatz if not given. Determinants that begin apart stay apart.
  ///   - ridge: r as a fraction of the mean of N's diagonal; must be positive.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - target: fills φ_0(x) … φ_{A-1}(x) for 32 positions x.
  /// - Returns: the mean over walkers of Σ_d Σ_ij (M^d_ij - φ_j(x_i))² that is left; NaN, with nothing changed, where features
  ///   are not finite.
  /// - Complexity: one pass forward, and for each different envelope width 64 (H + 1 + A)² A operations a tile.
  @discardableResult
  public mutating func fitOrbitals(
    at walkers: Walkers, prior: [Double]? = nil, ridge: Double, threads: Int = 1,
    target: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void
  ) -> Double {
    precondition(walkers.particles == particles, "walkers have \(walkers.particles) particles, the ansatz \(particles)")
    precondition(ridge > 0, "a positive ridge is needed, got \(ridge)")
    let prior = prior ?? parameters
    precondition(prior.count == parameters.count, "\(parameters.count) parameters, a prior of \(prior.count)")
    let unknowns = shape.hidden + 1
    let distinct = Set(widths.joined()).sorted()
    var fitted = parameters
    var deviation = 0.0
    for (width, gram) in zip(distinct, orbitalGrams(distinct, at: walkers, threads: threads, target: target)) {
      let normal = gram.block(rows: 0..<unknowns, columns: 0..<unknowns)
      let r = ridge * normal.trace / Double(unknowns)
      var system = normal
      for p in 0..<unknowns { system[p, p] += r }
      guard let cholesky = Cholesky(system) else { return .nan }
      for group in shape.groups {
        guard case .orbitals(let d) = group.role else { continue }
        for j in 0..<particles where widths[d][j] == width {
          let row = group.start + j * shape.hidden
          let places = Array(row..<(row + shape.hidden)) + [group.start + group.layout.biasStart + j]
          let overlap = (0..<unknowns).map { gram[unknowns + j, $0] }
          let weights = cholesky.solve(zip(overlap, places).map { $0 + r * prior[$1] })
          // E (z·w - φ)² = w·(N w) - 2 w·E[zφ] + E[φ²]
          deviation += dot(weights, normal * weights) - 2 * dot(weights, overlap) + gram[unknowns + j, unknowns + j]
          for (place, weight) in zip(places, weights) { fitted[place] = weight }
        }
      }
    }
    parameters = fitted
    return deviation
  }

  /// For each width the mean over walkers of Σ_i (z_i, φ(x_i)) (z_i, φ(x_i))ᵀ.
  private func orbitalGrams(
    _ distinct: [Double], at walkers: Walkers, threads: Int,
    target: @Sendable (Lanes32, inout ContiguousArray<Lanes32>) -> Void
  ) -> [Matrix] {
    struct Part: Sendable {
      var batch: WalkerBatch
      /// One after the other, row-major.
      var grams: [Double] = []
    }
    struct Scratch: Sendable {
      var forward: AnsatzWorkspace
      var orbitals: ContiguousArray<Lanes32>
      /// (h, 1, φ) of every particle, and the same with h and 1 under the envelope.
      var plain: ContiguousArray<Lanes32>
      var rows: ContiguousArray<Lanes32>
    }
    let (n, unknowns) = (particles, shape.hidden + 1)
    let size = unknowns + n
    var parts = walkers.batches.map { Part(batch: $0) }
    let most = parts.map(\.batch.tiles).max() ?? 0
    let empty = ContiguousArray(repeating: Lanes32.zero, count: most * n * size)
    var scratch = (0..<max(1, threads)).map { _ in
      Scratch(
        forward: makeWorkspace(order: .value), orbitals: ContiguousArray(repeating: .zero, count: n), plain: empty,
        rows: empty)
    }
    parallelForEach(&parts, workspaces: &scratch) { _, part, scratch in
      for tile in 0..<part.batch.tiles {
        let counted = part.batch.count(inTile: tile)
        forward(part.batch.positions, at: tile * n, minimumSquaredWidth: 0, workspace: &scratch.forward)
        let features = scratch.forward.features[shape.layers]
        for i in 0..<n {
          let row = (tile * n + i) * size
          for p in 0..<shape.hidden {
            scratch.plain[row + p] = features.storage[features.index(i, 0, p)].keeping(first: counted)
          }
          scratch.plain[row + shape.hidden] = Lanes32(repeating: 1).keeping(first: counted)
          target(part.batch.positions[tile * n + i], &scratch.orbitals)
          for j in 0..<n { scratch.plain[row + unknowns + j] = scratch.orbitals[j].keeping(first: counted) }
        }
      }
      part.grams = [Double](repeating: 0, count: distinct.count * size * size)
      for (w, width) in distinct.enumerated() {
        for place in 0..<(part.batch.tiles * n) {
          let f = envelope(part.batch.positions[place], width * width)
          let row = place * size
          for p in 0..<unknowns { scratch.rows[row + p] = f * scratch.plain[row + p] }
          for j in 0..<n { scratch.rows[row + unknowns + j] = scratch.plain[row + unknowns + j] }
        }
        addOuterProducts(
          scratch.rows, at: 0, stride: size, rows: size, scratch.rows, at: 0, stride: size, columns: size,
          pairs: part.batch.tiles * n, into: &part.grams, at: w * size * size, stride: size)
      }
    }
    return distinct.indices.map { w in
      var gram = Matrix(rows: size, columns: size)
      for part in parts {
        for p in 0..<size {
          for q in 0..<size { gram[p, q] += part.grams[(w * size + p) * size + q] / Double(walkers.count) }
        }
      }
      return gram
    }
  }
}
