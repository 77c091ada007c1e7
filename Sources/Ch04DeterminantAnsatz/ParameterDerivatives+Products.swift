import Ch00Lanes
import Ch02AutomaticDifferentiation

extension ParameterDerivatives {
  // MARK: Along a direction in parameter space

  // `group` limits v, or the gradient, to one of `shape.groups`; everything else counts as zero.

  /// O v: v · ∂_θ ℓ, one number a walker.
  public mutating func logDerivatives(along v: [Double], group: Int? = nil) -> [Double] {
    push(v, group)
    return gather { jets, at, walker in jets[at][walker] }
  }

  /// M v: v · ∂_θ ∂_i ℓ, row-major [walkers × particles]. Order `.gradient` or higher.
  public mutating func mixedDerivatives(along v: [Double], group: Int? = nil) -> [Double] {
    requireOrder(.gradient)
    push(v, group)
    let n = shape.particles
    return batches.flatMap { batch in
      (0..<batch.count).flatMap { walker in
        (0..<n).map { batch.jets[walker / Lanes32.count * components + 1 + $0][walker % Lanes32.count] }
      }
    }
  }

  /// K v: v · ∂_θ E_L, one number a walker. Order `.laplacian`.
  public mutating func energyDerivatives(along v: [Double]) -> [Double] {
    requireOrder(.laplacian)
    push(v, nil)
    let n = shape.particles
    let gradient = evaluation.gradient
    var index = 0
    return gather { jets, at, walker in
      var sum = 0.5 * jets[at + n + 1][walker]
      for i in 0..<n { sum += gradient[index * n + i] * jets[at + 1 + i][walker] }
      index += 1
      return -sum
    }
  }

  // MARK: Weighted sums over walkers

  /// Oᵀ u = Σ_w u_w ∂_θ ℓ(X_w), one number a parameter.
  public mutating func logDerivatives(weighted u: [Double], group: Int? = nil) -> [Double] {
    precondition(u.count == walkers, "a weight a walker: \(walkers) expected, got \(u.count)")
    return pull(group) { walker, component in component == 0 ? u[walker] : 0 }
  }

  /// Mᵀ u = Σ_w Σ_i u_wi ∂_θ ∂_i ℓ(X_w), with u row-major [walkers × particles]. Order `.gradient` or higher.
  public mutating func mixedDerivatives(weighted u: [Double]) -> [Double] {
    requireOrder(.gradient)
    let n = shape.particles
    precondition(u.count == walkers * n, "\(walkers * n) weights expected, got \(u.count)")
    return pull(nil) { walker, component in (1...n).contains(component) ? u[walker * n + component - 1] : 0 }
  }

  /// Kᵀ u = Σ_w u_w ∂_θ E_L(X_w). Order `.laplacian`.
  public mutating func energyDerivatives(weighted u: [Double]) -> [Double] {
    requireOrder(.laplacian)
    precondition(u.count == walkers, "a weight a walker: \(walkers) expected, got \(u.count)")
    let n = shape.particles
    let gradient = evaluation.gradient
    return pull(nil) { walker, component in
      switch component {
      case 0: 0
      case n + 1: -0.5 * u[walker]
      default: -u[walker] * gradient[walker * n + component - 1]
      }
    }
  }

  /// Digits of a product: 15 or so, or seven in half of the time.
  public enum Precision: Sendable { case double, single }

  /// Σ_w Mᵀ M v, in one pass over the factors: `mixedDerivatives(weighted: mixedDerivatives(along: v))`.
  ///
  /// Each batch is pushed and pulled while its factors are still in the cache. In single precision the factors are rounded
  /// when a record's first product is asked for; the others read half as much memory.
  public mutating func mixedGram(
    _ v: [Double], group chosen: Int? = nil, precision: Precision = .double
  ) -> [Double] {
    requireOrder(.gradient)
    precondition(v.count == shape.parameterCount, "\(shape.parameterCount) parameters expected, got \(v.count)")
    switch precision {
    case .double: gram(v, chosen)
    case .single: singleGram(v, chosen)
    }
    return sumOfGradients()
  }

  private mutating func gram(_ v: [Double], _ chosen: Int?) {
    let directions = packed(v, chosen)
    let (components, starts, particles) = (components, shape.groups.map(\.start), shape.particles)
    parallelForEach(&batches, workspaces: &workspaces) { _, batch, workspace in
      batch.push(directions, components: components, workspace: &workspace)
      for tile in 0..<batch.tiles {
        let counted = batch.positions.count(inTile: tile)
        for component in 0..<components {
          let at = tile * components + component
          batch.jets[at] = (1...particles).contains(component) ? batch.jets[at].keeping(first: counted) : .zero
        }
      }
      batch.pull(chosen, starts: starts, parameterCount: v.count, workspace: &workspace)
    }
  }

  private mutating func singleGram(_ v: [Double], _ chosen: Int?) {
    let directions = shape.groups.enumerated().map { index, group in
      chosen == nil || chosen == index ? SingleAffine(v[group.range], layout: group.layout) : nil
    }
    let (starts, particles) = (shape.groups.map(\.start), shape.particles)
    parallelForEach(&batches, workspaces: &singleWorkspaces) { _, batch, workspace in
      batch.roundFactors()
      batch.clearGradient(count: v.count)
      for tile in 0..<batch.tiles {
        // Forward and back while the tile's factors are in the cache.
        var derivatives = ContiguousArray(repeating: SingleLanes32.zero, count: particles)
        for (layer, direction) in directions.enumerated() {
          guard let direction else { continue }
          batch.singleFactors[layer].push(direction, tile: tile, into: &derivatives, workspace: &workspace)
        }
        let counted = batch.positions.count(inTile: tile)
        if counted < Lanes32.count {
          for k in 0..<particles {
            derivatives[k] = SingleLanes32(rounding: derivatives[k].doubles.keeping(first: counted))
          }
        }
        for layer in directions.indices where directions[layer] != nil {
          batch.singleFactors[layer].contract(derivatives, tile: tile, layer: layer, workspace: &workspace)
        }
      }
      for layer in directions.indices where directions[layer] != nil {
        batch.singleFactors[layer].addGradient(
          layer: layer, into: &batch.gradient, at: starts[layer], workspace: &workspace)
      }
    }
  }

  // MARK: The two passes

  /// v by parameter groups, packed for products; nil for those left out.
  private func packed(_ v: [Double], _ chosen: Int?) -> [JetAffine?] {
    shape.groups.enumerated().map { index, group in
      chosen == nil || chosen == index ? JetAffine(v[group.range], layout: group.layout) : nil
    }
  }

  /// Leaves the jets of v · ∂_θ ℓ in the batches.
  private mutating func push(_ v: [Double], _ chosen: Int?) {
    precondition(v.count == shape.parameterCount, "\(shape.parameterCount) parameters expected, got \(v.count)")
    let directions = packed(v, chosen)
    let components = components
    parallelForEach(&batches, workspaces: &workspaces) { _, batch, workspace in
      batch.push(directions, components: components, workspace: &workspace)
    }
  }

  /// Σ over walkers and components of weight · derivative.
  private mutating func pull(
    _ chosen: Int?, _ weight: @Sendable (_ walker: Int, _ component: Int) -> Double
  ) -> [Double] {
    let (components, starts, count) = (components, shape.groups.map(\.start), shape.parameterCount)
    parallelForEach(&batches, workspaces: &workspaces) { _, batch, workspace in
      batch.jets = ContiguousArray(repeating: .zero, count: batch.tiles * components)
      for walker in 0..<batch.count {
        for component in 0..<components {
          batch.jets[walker / Lanes32.count * components + component][walker % Lanes32.count] = weight(
            batch.first + walker, component)
        }
      }
      batch.pull(chosen, starts: starts, parameterCount: count, workspace: &workspace)
    }
    return sumOfGradients()
  }

  /// In batch order, so that the sum does not depend on the threads.
  func sumOfGradients() -> [Double] {
    var sum = [Double](repeating: 0, count: shape.parameterCount)
    for batch in batches { for p in sum.indices { sum[p] += batch.gradient[p] } }
    return sum
  }

  private func gather(_ value: (ContiguousArray<Lanes32>, _ at: Int, _ lane: Int) -> Double) -> [Double] {
    var list: [Double] = []
    list.reserveCapacity(walkers)
    for batch in batches {
      for walker in 0..<batch.count {
        list.append(value(batch.jets, walker / Lanes32.count * components, walker % Lanes32.count))
      }
    }
    return list
  }

  private func requireOrder(_ needed: JetOrder) {
    precondition(order >= needed, "derivatives were recorded to order \(order), \(needed) is needed")
  }
}

extension ParameterDerivatives.Batch {
  mutating func push(_ directions: [JetAffine?], components: Int, workspace: inout FactorWorkspace<Lanes32>) {
    if jets.count != tiles * components { jets = ContiguousArray(repeating: .zero, count: tiles * components) }
    for i in jets.indices { jets[i] = .zero }
    for (layer, direction) in directions.enumerated() {
      guard let direction else { continue }
      factors[layer].push(direction, into: &jets, workspace: &workspace)
    }
  }

  mutating func pull(_ chosen: Int?, starts: [Int], parameterCount: Int, workspace: inout FactorWorkspace<Lanes32>) {
    clearGradient(count: parameterCount)
    for (layer, start) in starts.enumerated() where chosen == nil || chosen == layer {
      factors[layer].pull(jets, into: &gradient, at: start, workspace: &workspace)
    }
  }

  mutating func clearGradient(count: Int) {
    if gradient.count != count { gradient = [Double](repeating: 0, count: count) }
    for p in gradient.indices { gradient[p] = 0 }
  }

  /// The factors in single precision, unless they are there already.
  mutating func roundFactors() {
    guard singleIsStale else { return }
    if singleFactors.count != factors.count || singleFactors.first?.tiles != tiles {
      singleFactors = factors.map { SingleFactors(rounding: $0) }
    } else {
      for layer in factors.indices { singleFactors[layer].update(rounding: factors[layer]) }
    }
    singleIsStale = false
  }
}
