import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

/// Scratch memory of one thread for the factors of ∂_θ ln|ψ|.
public struct NetworkReverseWorkspace: Sendable {
  var forward: NetworkWorkspace
  /// Σ over permutations with π(i) = j of sgn σ″ w_{h, π⁻¹(k)}, as [i][j][k], and of sgn σ‴, as [i][j].
  var mixed: ContiguousArray<Lanes32>
  var thirds: ContiguousArray<Lanes32>
  /// sgn σ″ w_{h, π⁻¹(k)} of one permutation.
  var row: ContiguousArray<Lanes32>
  /// Activities: coordinates, and a constant that the first panel alone carries.
  var coordinates: JetTile
  var constant: JetTile
  /// Sensitivities of the four groups.
  var sensitivities: [JetTile]
}

extension AntisymmetrizedNetwork {
  /// Scratch memory of one thread for `record` at this order.
  public func makeReverseWorkspace(order: JetOrder) -> NetworkReverseWorkspace {
    let n = particles
    let tile = JetTile(particles: n, features: 1, coordinates: n, order: order)
    let empty = ContiguousArray(repeating: Lanes32.zero, count: n * n)
    var constant = tile
    constant[0, 0, 0] = Lanes32(repeating: 1)
    return NetworkReverseWorkspace(
      forward: makeWorkspace(order: order), mixed: ContiguousArray(repeating: .zero, count: n * n * n), thirds: empty,
      row: ContiguousArray(repeating: .zero, count: n), coordinates: tile, constant: constant,
      sensitivities: parameterGroups.map { tile.sibling(features: $0.layout.outputs) })
  }

  /// sign ψ, ln|ψ| as a jet, and the factors of ∂_θ ln|ψ|, at the 32 walkers of one tile.
  ///
  ///     ∂ ln|ψ|/∂w_hi = Σ_j x_j a_h D_h[i, j]/Σ        ∂ ln|ψ|/∂b_h = a_h Σ_j D_h[1, j]/Σ        ∂ ln|ψ|/∂a_h = Σ_π sgn σ/Σ
  ///
  /// The first is one of activities x_j and sensitivities e_j, the others have the activity 1. Each sensitivity is a quotient N/S
  /// of sums whose jets are known:
  ///
  ///     ∂_k (N/S) = ∂_k N/S - (N/S) g_k        Δ(N/S) = ΔN/S - 2 Σ_k g_k ∂_k N/S + (N/S) (2 |g|² - ΔS/S),        g_k = ∂_k S/S
  ///
  /// - Complexity: A! H activations, with A additions for each for O and A² for M.
  public func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32, jet: inout ContiguousArray<Lanes32>,
    into factors: inout [ParameterFactors], workspace w: inout NetworkReverseWorkspace
  ) {
    let (n, start, components) = (particles, tile * particles, jet.count)
    w.coordinates.setCoordinates(positions, at: start)
    for c in w.forward.total.indices { w.forward.total[c] = .zero }

    // Numerators, unit by unit.
    for h in 0..<hidden {
      sumPermutations(h, positions, at: start, workspace: &w)
      addToTotal(h, workspace: &w.forward)
      let (a, squares) = (output(h), squaredWeights(h))
      for j in 0..<n {
        for i in 0..<n {
          let at = i * n + j
          w.sensitivities[0][j, 0, h * n + i] = a * w.forward.slopes[at]
          guard components > 1 else { continue }
          for k in 0..<n { w.sensitivities[0][j, 1 + k, h * n + i] = a * w.mixed[at * n + k] }
          if components > n + 1 { w.sensitivities[0][j, n + 1, h * n + i] = (a * squares) * w.thirds[at] }
        }
      }
      for c in 0..<components {
        var sum = Lanes32.zero
        for j in 0..<n { sum += w.sensitivities[0][j, c, h * n] }
        w.sensitivities[1][0, c, h] = sum
      }
      w.sensitivities[2][0, 0, h] = w.forward.values
      guard components > 1 else { continue }
      for k in 0..<n {
        var sum = Lanes32.zero
        for i in 0..<n { sum.addProduct(weight(h, i), w.forward.slopes[i * n + k]) }
        w.sensitivities[2][0, 1 + k, h] = sum
      }
      if components > n + 1 { w.sensitivities[2][0, n + 1, h] = squares * w.forward.curvatures }
    }
    finish(positions, at: start, total: w.forward.total, sign: &sign, jet: &jet)

    // Divided by their total.
    for group in 0..<3 {
      for panel in 0..<(group == 0 ? n : 1) {
        for f in 0..<w.sensitivities[group].features {
          divide(&w.sensitivities[group], panel, f, by: w.forward.total)
        }
      }
    }
    // The envelope: ℓ has -Σ_j z_j², z_j = w x_j.
    for j in 0..<n {
      w.sensitivities[3][j, 0, 0] = (-2 * width) * positions[start + j]
      if components > 1 { w.sensitivities[3][j, 1 + j, 0] = Lanes32(repeating: -2 * width) }
    }
    for group in factors.indices {
      factors[group].record(
        tile: tile, activities: group == 0 || group == 3 ? w.coordinates : w.constant,
        sensitivities: w.sensitivities[group])
    }
  }

  private func sumPermutations(
    _ h: Int, _ positions: ContiguousArray<Lanes32>, at start: Int, workspace w: inout NetworkReverseWorkspace
  ) {
    let (n, order) = (particles, w.forward.order)
    (w.forward.values, w.forward.curvatures) = (.zero, .zero)
    for c in w.thirds.indices { (w.forward.slopes[c], w.thirds[c]) = (.zero, .zero) }
    for c in w.mixed.indices { w.mixed[c] = .zero }
    for p in 0..<permutations.count {
      let sign = permutations.signs[p]
      let (value, first, second, third) = activation.derivatives(argument(h, p, positions, at: start))
      w.forward.values.addProduct(sign, value)
      let slope = sign * first
      for i in 0..<n { w.forward.slopes[i * n + permutations.images[p * n + i]] += slope }
      guard order > .value else { continue }
      let curvature = sign * second
      w.forward.curvatures += curvature
      for i in 0..<n { w.row[permutations.images[p * n + i]] = weight(h, i) * curvature }
      for i in 0..<n {
        let at = (i * n + permutations.images[p * n + i]) * n
        for k in 0..<n { w.mixed[at + k] += w.row[k] }
      }
      guard order == .laplacian else { continue }
      for i in 0..<n { w.thirds[i * n + permutations.images[p * n + i]].addProduct(sign, third) }
    }
  }

  /// The jet of N becomes that of N/S.
  private func divide(_ e: inout JetTile, _ panel: Int, _ f: Int, by total: ContiguousArray<Lanes32>) {
    let n = particles
    let inverse = Lanes32(repeating: 1) / total[0]
    let quotient = inverse * e[panel, 0, f]
    e[panel, 0, f] = quotient
    guard e.components > 1 else { return }
    var (cross, squares) = (Lanes32.zero, Lanes32.zero)
    for k in 0..<n {
      let (slope, own) = (inverse * total[1 + k], inverse * e[panel, 1 + k, f])
      cross.addProduct(slope, own)
      squares.addProduct(slope, slope)
      e[panel, 1 + k, f] = own - quotient * slope
    }
    guard e.components > n + 1 else { return }
    let curvature = inverse * total[n + 1]
    e[panel, n + 1, f] = inverse * e[panel, n + 1, f] - 2 * cross + quotient * (2 * squares - curvature)
  }
}
