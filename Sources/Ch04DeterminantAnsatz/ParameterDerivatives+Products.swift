import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

// The Jacobian-vector products O v, M v, K v run forward ("push" in chapter 2), the vector-Jacobian products Oᵀu, Mᵀu,
// Kᵀu backward ("pull"). `group` limits v, or the gradient, to one parameter group; everything else counts as zero.

extension ParameterDerivatives {
  // MARK: Along a direction in parameter space

  /// O v: v · ∂_θ ℓ, shape [walkers]. A v of other than `parameterCount` numbers stops the program.
  public func logDerivatives(along v: [Double], group: Int? = nil) -> [Double] {
    push(v, group) { jets, at, lane, _, list in list.append(jets[at][lane]) }
  }

  /// M v: v · ∂_θ ∂_i ℓ, row-major [walkers × particles], in inverse oscillator lengths. An order below `.gradient`, or
  /// a v of other than `parameterCount` numbers, stops the program.
  public func mixedDerivatives(along v: [Double], group: Int? = nil) -> [Double] {
    requireOrder(.gradient)
    let n = particles
    return push(v, group) { jets, at, lane, _, list in for i in 1...n { list.append(jets[at + i][lane]) } }
  }

  /// K v: v · ∂_θ E_L, shape [walkers], in ħω. An order below `.laplacian`, or a v of other than `parameterCount`
  /// numbers, stops the program.
  public func energyDerivatives(along v: [Double]) -> [Double] {
    requireOrder(.laplacian)
    let n = particles
    let gradient = evaluation.gradient
    return push(v, nil) { jets, at, lane, walker, list in
      var sum = 0.5 * jets[at + n + 1][lane]
      for i in 0..<n { sum += gradient[walker * n + i] * jets[at + 1 + i][lane] }
      list.append(-sum)
    }
  }

  // MARK: Weighted sums over walkers

  /// Oᵀ u = Σ_w u_w ∂_θ ℓ(X_w), shape [parameterCount]. A u of other than `walkers` numbers stops the program.
  public func logDerivatives(weighted u: [Double], group: Int? = nil) -> [Double] {
    precondition(u.count == walkers, "a weight a walker: \(walkers) expected, got \(u.count)")
    return pull(group) { walker, component in component == 0 ? u[walker] : 0 }
  }

  /// Mᵀ u = Σ_w Σ_i u_wi ∂_θ ∂_i ℓ(X_w), shape [parameterCount], with u row-major [walkers × particles]. An order below
  /// `.gradient`, or a u of another count, stops the program.
  public func mixedDerivatives(weighted u: [Double]) -> [Double] {
    requireOrder(.gradient)
    let n = particles
    precondition(u.count == walkers * n, "\(walkers * n) weights expected, got \(u.count)")
    return pull(nil) { walker, component in (1...n).contains(component) ? u[walker * n + component - 1] : 0 }
  }

  /// Kᵀ u = Σ_w u_w ∂_θ E_L(X_w), shape [parameterCount]. An order below `.laplacian`, or a u of other than `walkers`
  /// numbers, stops the program.
  public func energyDerivatives(weighted u: [Double]) -> [Double] {
    requireOrder(.laplacian)
    precondition(u.count == walkers, "a weight a walker: \(walkers) expected, got \(u.count)")
    let n = particles
    let gradient = evaluation.gradient
    return pull(nil) { walker, component in
      switch component {
      case 0: 0
      case n + 1: -0.5 * u[walker]
      default: -u[walker] * gradient[walker * n + component - 1]
      }
    }
  }

  /// The mean of O over |ψ|², shape [parameterCount]: calculated once a record.
  public var meanLogDerivatives: [Double] {
    scratch.meanLogDerivatives { [self] in
      logDerivatives(
        weighted: weights.map { $0.map { $0 / Double(walkers) } }
          ?? [Double](repeating: 1 / Double(walkers), count: walkers))
    }
  }

  /// Digits of a product.
  public enum Precision: Sendable {
    /// 15 digits or so.
    case double
    /// Seven digits, in half of the time.
    case single
  }

  /// Mᵀ M v, summed over walkers with their weights, shape [parameterCount], in one pass over the factors:
  /// `mixedDerivatives(weighted: mixedDerivatives(along: v))` where they count alike. An order below `.gradient` stops the program.
  ///
  /// Each batch runs forward and back while its factors are still in the cache. In single precision the factors are
  /// rounded when a record's first product is asked for; the others read half as much memory.
  public func mixedGram(_ v: [Double], group chosen: Int? = nil, precision: Precision = .double) -> [Double] {
    gram(v, valueWeight: 0, group: chosen, precision: precision)
  }

  /// (Mᵀ M + κ OᵀO) v, summed over walkers with their weights, shape [parameterCount], in the same one pass: the values' rows cost next to
  /// nothing beside those of the derivatives.
  ///
  /// - Parameters:
  ///   - v: one number a parameter.
  ///   - valueWeight: κ ≥ 0, in inverse squared oscillator lengths.
  ///   - chosen: index of a parameter group, whose block alone is applied; nil for the whole matrix.
  ///   - precision: of the products.
  public func gram(
    _ v: [Double], valueWeight: Double, group chosen: Int? = nil, precision: Precision = .double
  ) -> [Double] {
    requireOrder(.gradient)
    requireCount(v)
    return scratch.use { storage in
      switch precision {
      case .double: gram(v, valueWeight, chosen, &storage.batches, &storage.workspaces) { batch, _ in batch.factors }
      case .single:
        gram(v, valueWeight, chosen, &storage.batches, &storage.singleWorkspaces) { batch, work in
          work.round(batch.factors)
          return work.singleFactors
        }
      }
      return sumOfGradients(storage)
    }
  }

  /// Leaves each batch's part of Σ_w (Mᵀ M + κ OᵀO) v in its scratch memory.
  private func gram<Row: PanelRow>(
    _ v: [Double], _ valueWeight: Double, _ chosen: Int?, _ scratch: inout [BatchScratch],
    _ workspaces: inout [FactorWorkspace<Row>],
    factors: @Sendable (Batch, inout BatchScratch) -> [LayerFactors<Row>]
  ) {
    let directions: [AffineMap<Row>?] = packed(v, chosen)
    let (starts, batches) = (groups.map(\.start), batches)
    // Component 0 is the value.
    let first = valueWeight > 0 ? 0 : 1
    let rows = particles + 1 - first
    parallelForEach(&scratch, workspaces: &workspaces) { index, work, workspace in
      let batch = batches[index]
      let factors = factors(batch, &work)
      work.clearGradient(count: v.count)
      for tile in 0..<batch.tiles {
        // Forward and back while the tile's factors are in the cache.
        var derivatives = ContiguousArray(repeating: Row.zero, count: rows)
        for (layer, direction) in directions.enumerated() {
          guard let direction else { continue }
          factors[layer].push(direction, tile: tile, from: first, into: &derivatives, workspace: &workspace)
        }
        let counted = batch.positions.count(inTile: tile)
        if weights != nil || counted < Lanes32.count {
          let weights = self.weights(batch, tile: tile)
          for k in 0..<rows {
            derivatives[k] = Row(rounding: (weights * derivatives[k].doubles).keeping(first: counted))
          }
        }
        if first == 0 { derivatives[0] = Row(rounding: valueWeight * derivatives[0].doubles) }
        for layer in directions.indices where directions[layer] != nil {
          factors[layer].contract(derivatives, tile: tile, from: first, layer: layer, workspace: &workspace)
        }
      }
      for layer in directions.indices where directions[layer] != nil {
        factors[layer].addGradient(layer: layer, into: &work.gradient, at: starts[layer], workspace: &workspace)
      }
    }
  }

  // MARK: The two passes

  /// v by parameter groups, packed for products; nil for those left out.
  private func packed<Row: PanelRow>(_ v: [Double], _ chosen: Int?) -> [AffineMap<Row>?] {
    groups.enumerated().map { index, group in
      chosen == nil || chosen == index ? AffineMap(v[group.range], layout: group.layout) : nil
    }
  }

  /// Numbers read off the jets of v · ∂_θ ℓ, walker by walker.
  private func push(
    _ v: [Double], _ chosen: Int?,
    reading read: (
      _ jets: ContiguousArray<Lanes32>, _ at: Int, _ lane: Int, _ walker: Int, _ list: inout [Double]
    ) -> Void
  ) -> [Double] {
    requireCount(v)
    let directions: [JetAffine?] = packed(v, chosen)
    let (components, batches) = (components, batches)
    return scratch.use { storage in
      parallelForEach(&storage.batches, workspaces: &storage.workspaces) { index, work, workspace in
        let batch = batches[index]
        work.push(batch.factors, directions, tiles: batch.tiles, components: components, workspace: &workspace)
      }
      var list: [Double] = []
      list.reserveCapacity(walkers)
      for (batch, work) in zip(batches, storage.batches) {
        for walker in 0..<batch.count {
          read(
            work.jets, walker / Lanes32.count * components, walker % Lanes32.count, batch.first + walker, &list)
        }
      }
      return list
    }
  }

  /// Σ over walkers and components of weight · derivative.
  private func pull(
    _ chosen: Int?, _ weight: @Sendable (_ walker: Int, _ component: Int) -> Double
  ) -> [Double] {
    let (components, starts, count, batches) = (components, groups.map(\.start), parameterCount, batches)
    return scratch.use { storage in
      parallelForEach(&storage.batches, workspaces: &storage.workspaces) { index, work, workspace in
        let batch = batches[index]
        work.jets = ContiguousArray(repeating: .zero, count: batch.tiles * components)
        for walker in 0..<batch.count {
          for component in 0..<components {
            work.jets[walker / Lanes32.count * components + component][walker % Lanes32.count] = weight(
              batch.first + walker, component)
          }
        }
        work.pull(batch.factors, chosen, starts: starts, parameterCount: count, workspace: &workspace)
      }
      return sumOfGradients(storage)
    }
  }

  /// In the order of the batches, so that the sum does not depend on the threads.
  func sumOfGradients(_ storage: DerivativeScratch.Storage) -> [Double] {
    var sum = [Double](repeating: 0, count: parameterCount)
    for work in storage.batches { add(1, work.gradient, to: &sum) }
    return sum
  }

  private func requireCount(_ v: [Double]) {
    precondition(v.count == parameterCount, "\(parameterCount) parameters expected, got \(v.count)")
  }

  func requireOrder(_ needed: JetOrder) {
    precondition(order >= needed, "derivatives were recorded to order \(order), \(needed) is needed")
  }
}
