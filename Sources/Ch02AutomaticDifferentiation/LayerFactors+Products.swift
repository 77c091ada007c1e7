import Ch00Lanes
import Ch01LinearAlgebra

/// Scratch memory for products with factors, allocated once a thread.
public struct FactorWorkspace<Row: PanelRow>: Sendable {
  /// V a or Vᵀ e, of one panel.
  var product: ContiguousArray<Row> = []
  /// Weights of the Laplacian, twice.
  var doubled: ContiguousArray<Row> = []
  /// ã and ẽ of every layer that is contracted before it is multiplied out.
  var layers: [(inputs: ContiguousArray<Row>, outputs: ContiguousArray<Row>)] = []
  /// The means' outer products, [outputs × inputs], which belong to W_own and to W_mean.
  var mean: [Double] = []

  /// No memory yet: the first product takes it.
  public init() {}

  fileprivate mutating func reserve(product count: Int) { reserveRows(count, in: &product) }

  fileprivate mutating func clearMean(count: Int) {
    mean.removeAll(keepingCapacity: true)
    mean.append(contentsOf: repeatElement(0, count: count))
  }

  fileprivate mutating func reserve(layer: Int, inputs: Int, outputs: Int) {
    while layers.count <= layer { layers.append(([], [])) }
    reserveRows(inputs, in: &layers[layer].inputs)
    reserveRows(outputs, in: &layers[layer].outputs)
  }
}

private func reserveRows<Row: PanelRow>(_ count: Int, in rows: inout ContiguousArray<Row>) {
  if rows.count < count { rows = ContiguousArray(repeating: .zero, count: count) }
}

extension LayerFactors {
  // MARK: Along a direction

  /// Adds v · ∂_θ ℓ and its derivatives in the coordinates, a jet for each walker.
  ///
  ///     y_p = V a_p,  z_p = Vᵀ e_p:      v·∂_θ ℓ    += Σ_p e_p · y_p
  ///                                      v·∂_θ ∂_k ℓ += Σ_p ∂_k e_p · y_p + z_p · ∂_k a_p
  ///                                      v·∂_θ Δℓ    += Σ_p Δe_p · y_p + z_p · Δa_p + 2 Σ_k ∂_k e_p · V ∂_k a_p
  ///
  /// - Parameters:
  ///   - v: V and the change of the bias, in the layer's layout.
  ///   - jets: as [tile][component], tiles · components in all (another count stops the program); added to.
  ///   - workspace: scratch memory.
  /// - Complexity: two products with V a panel, however many coordinates; for the Laplacian one more a coordinate.
  @specialized(where Row == Lanes32)
  @specialized(where Row == SingleLanes32)
  public func push(
    _ v: AffineMap<Row>, into jets: inout ContiguousArray<Row>, workspace: inout FactorWorkspace<Row>
  ) {
    precondition(jets.count == tiles * components, "\(tiles) tiles of \(components) components expected")
    for tile in 0..<tiles {
      push(v, tile: tile, 0..<components, into: &jets, at: tile * components, workspace: &workspace)
    }
  }

  /// Adds v · ∂_θ ∂_k ℓ of one tile, one entry a coordinate: `push` without the Laplacian. With
  /// `first` = 0 an entry for v · ∂_θ ℓ comes before them. Another count of entries stops the program.
  @specialized(where Row == Lanes32)
  @specialized(where Row == SingleLanes32)
  public func push(
    _ v: AffineMap<Row>, tile: Int, from first: Int = 1, into derivatives: inout ContiguousArray<Row>,
    workspace: inout FactorWorkspace<Row>
  ) {
    let chosen = first..<(coordinates + 1)
    precondition(derivatives.count == chosen.count, "\(chosen.count) derivatives expected, got \(derivatives.count)")
    push(v, tile: tile, chosen, into: &derivatives, at: 0, workspace: &workspace)
  }

  /// The components `chosen` of one tile's jets.
  private func push(
    _ v: AffineMap<Row>, tile: Int, _ chosen: Range<Int>, into jets: inout ContiguousArray<Row>, at start: Int,
    workspace: inout FactorWorkspace<Row>
  ) {
    workspace.reserve(product: max(inputStride, outputStride))
    for panel in 0..<panels {
      let (weights, transposed) = seesTotal(panel) ? (v.total, v.totalTransposed) : (v.own, v.ownTransposed)
      let (a, e) = (activity(panel, tile, 0), sensitivity(panel, tile, 0))
      panelProduct(weights, activities, at: a, from: seesBias(panel) ? v.bias : v.zero, into: &workspace.product)
      Row.addDots(
        sensitivities, at: e + chosen.lowerBound * outputStride, stride: outputStride, panels: chosen.count,
        workspace.product, times: 1, to: &jets, at: start)
      // The other factor of a component is the value, and that of the Laplacian lies behind the slopes of the last set.
      let slopes = ownSlopes(panel, of: chosen)
      guard !slopes.own.isEmpty else { continue }
      panelProduct(transposed, sensitivities, at: e, from: v.zero, into: &workspace.product)
      Row.addDots(
        activities, at: a + (slopes.own.lowerBound - slopes.first + 1) * inputStride, stride: inputStride,
        panels: slopes.own.count, workspace.product, times: 1, to: &jets,
        at: start + slopes.own.lowerBound - chosen.lowerBound)
      guard chosen.upperBound > coordinates + 1 else { continue }
      if slopes.own.upperBound < components {
        Row.addDots(
          activities, at: a + (ownComponents - 1) * inputStride, stride: inputStride, panels: 1, workspace.product,
          times: 1, to: &jets, at: start + chosen.count - 1)
      }
      for k in 0..<ownCoordinates {
        panelProduct(weights, activities, at: a + (1 + k) * inputStride, from: v.zero, into: &workspace.product)
        Row.addDots(
          sensitivities, at: e + (slopes.first + k) * outputStride, stride: outputStride, panels: 1,
          workspace.product, times: 2, to: &jets, at: start + chosen.count - 1)
      }
    }
  }

  /// The components among `chosen` that a panel's activities have too, one behind the other in both: the slopes of its
  /// set, and the Laplacian where these are the last; and the place of the set's first slope.
  private func ownSlopes(_ panel: Int, of chosen: Range<Int>) -> (own: Range<Int>, first: Int) {
    let first = firstSlope(panel)
    let isLast = first + ownCoordinates == coordinates + 1
    let end = min(chosen.upperBound, isLast ? components : first + ownCoordinates)
    let start = max(chosen.lowerBound, first)
    return (start..<max(start, end), first)
  }

  // MARK: Weighted sums over walkers

  /// Adds Σ_walkers [u₀ ∂_θ ℓ + Σ_k u_k ∂_θ ∂_k ℓ + u_Δ ∂_θ Δℓ] to a gradient: the transpose of `push`.
  ///
  /// The weights are contracted with the factors first, so that two sums of outer products remain (and one a coordinate
  /// for the Laplacian):
  ///
  ///     ẽ = u₀ e + Σ_k u_k ∂_k e + u_Δ Δe,   ã = Σ_k u_k ∂_k a + u_Δ Δa:      Σ_p ẽ_p ⊗ a_p + e_p ⊗ ã_p
  ///
  /// - Parameters:
  ///   - weights: as [tile][component], tiles · components in all (another count stops the program); 0 for walkers that
  ///     do not count.
  ///   - gradient: all parameters; this layer's begin at `start`.
  ///   - start: the layer's first parameter in `gradient`.
  ///   - workspace: scratch memory.
  @specialized(where Row == Lanes32)
  @specialized(where Row == SingleLanes32)
  public func pull(
    _ weights: ContiguousArray<Row>, into gradient: inout [Double], at start: Int,
    workspace: inout FactorWorkspace<Row>
  ) {
    precondition(weights.count == tiles * components, "\(tiles) tiles of \(components) components expected")
    for tile in 0..<tiles {
      contract(weights, at: tile * components, 0..<components, tile: tile, layer: 0, workspace: &workspace)
    }
    addGradient(layer: 0, into: &gradient, at: start, workspace: &workspace)
    guard order == .laplacian else { return }
    workspace.clearMean(count: meanCount)
    reserveRows(weights.count, in: &workspace.doubled)
    Row.scale(weights, by: 2, count: weights.count, into: &workspace.doubled)
    for k in 0..<ownCoordinates {
      for panel in 0..<panels {
        for tile in 0..<tiles {
          Row.contract(
            workspace.doubled, at: tile * components + components - 1, panels: 1, sensitivities,
            at: sensitivity(panel, tile, firstSlope(panel) + k), stride: outputStride,
            into: &workspace.layers[0].outputs, at: (panel * tiles + tile) * outputStride)
        }
      }
      addOuter(
        workspace.layers[0].outputs, outputStride, activities, (1 + k) * inputStride, ownComponents * inputStride,
        into: &gradient, at: start, mean: &workspace.mean)
    }
    addMean(workspace.mean, to: &gradient, at: start)
  }

  /// Contracts one tile's factors with weights, ẽ = Σ_k u_k ∂_k e and ã = Σ_k u_k ∂_k a, for `addGradient` to multiply
  /// out.
  ///
  /// - Parameter weights: u, one entry a coordinate; with `first` = 0 an entry u₀ comes before them.
  @specialized(where Row == Lanes32)
  @specialized(where Row == SingleLanes32)
  package func contract(
    _ weights: ContiguousArray<Row>, tile: Int, from first: Int = 1, layer: Int,
    workspace: inout FactorWorkspace<Row>
  ) {
    let chosen = first..<(coordinates + 1)
    precondition(weights.count == chosen.count, "\(chosen.count) weights expected, got \(weights.count)")
    contract(weights, at: 0, chosen, tile: tile, layer: layer, workspace: &workspace)
  }

  /// The same for the components `chosen`, whose weights begin at `start`.
  private func contract(
    _ weights: ContiguousArray<Row>, at start: Int, _ chosen: Range<Int>, tile: Int, layer: Int,
    workspace: inout FactorWorkspace<Row>
  ) {
    workspace.reserve(layer: layer, inputs: panels * tiles * inputStride, outputs: panels * tiles * outputStride)
    for panel in 0..<panels {
      let to = panel * tiles + tile
      Row.contract(
        weights, at: start, panels: chosen.count, sensitivities, at: sensitivity(panel, tile, chosen.lowerBound),
        stride: outputStride, into: &workspace.layers[layer].outputs, at: to * outputStride)
      let slopes = ownSlopes(panel, of: chosen)
      guard !slopes.own.isEmpty else { continue }
      let a = activity(panel, tile, slopes.own.lowerBound - slopes.first + 1)
      let at = start + slopes.own.lowerBound - chosen.lowerBound
      if chosen.upperBound > coordinates + 1, slopes.own.upperBound < components {
        // The weight of the Laplacian is not behind those of the set.
        let own = ContiguousArray(weights[at..<(at + slopes.own.count)] + [weights[start + chosen.count - 1]])
        Row.contract(
          own, at: 0, panels: own.count, activities, at: a, stride: inputStride,
          into: &workspace.layers[layer].inputs, at: to * inputStride)
      } else {
        Row.contract(
          weights, at: at, panels: slopes.own.count, activities, at: a, stride: inputStride,
          into: &workspace.layers[layer].inputs, at: to * inputStride)
      }
    }
  }

  /// Adds Σ_p ẽ_p ⊗ a_p + e_p ⊗ ã_p over all tiles, the contracted factors being in the workspace.
  ///
  /// - Parameter gradient: all parameters; this layer's begin at `start`.
  @specialized(where Row == Lanes32)
  @specialized(where Row == SingleLanes32)
  package func addGradient(
    layer: Int, into gradient: inout [Double], at start: Int, workspace: inout FactorWorkspace<Row>
  ) {
    for panel in 0..<panels where seesBias(panel) {
      Row.addLaneSums(
        workspace.layers[layer].outputs, at: panel * tiles * outputStride, stride: outputStride, panels: tiles,
        count: layout.outputs, to: &gradient, at: start + layout.biasStart)
    }
    workspace.clearMean(count: meanCount)
    addOuter(
      workspace.layers[layer].outputs, outputStride, activities, 0, ownComponents * inputStride, into: &gradient,
      at: start, mean: &workspace.mean)
    if order > .value {
      addOuter(
        sensitivities, components * outputStride, workspace.layers[layer].inputs, 0, inputStride, into: &gradient,
        at: start, mean: &workspace.mean)
    }
    addMean(workspace.mean, to: &gradient, at: start)
  }

  /// Σ over panels and tiles of e ⊗ a, into the weights that each panel sees: the means' ones into `mean`, for `addMean`.
  private func addOuter(
    _ e: ContiguousArray<Row>, _ eStride: Int, _ a: ContiguousArray<Row>, _ aStart: Int, _ aStride: Int,
    into gradient: inout [Double], at start: Int, mean: inout [Double]
  ) {
    let plain = plainPanels * tiles
    addOuterProducts(
      e, at: 0, stride: eStride, rows: layout.outputs, a, at: aStart, stride: aStride, columns: layout.inputs,
      pairs: plain, into: &gradient, at: start, stride: layout.columns)
    guard layout.sharing == .equivariant else { return }
    addOuterProducts(
      e, at: plain * eStride, stride: eStride, rows: layout.outputs, a, at: aStart + plain * aStride, stride: aStride,
      columns: layout.inputs, pairs: layout.sets * tiles, into: &mean, at: 0, stride: layout.inputs)
  }

  /// Numbers of W_mean, where there is one.
  private var meanCount: Int { layout.sharing == .equivariant ? layout.outputs * layout.inputs : 0 }

  /// Adds the means' outer products to ∂W_own and to ∂W_mean; no numbers where a layer has no mean.
  private func addMean(_ mean: [Double], to gradient: inout [Double], at start: Int) {
    guard layout.sharing == .equivariant else { return }
    let inputs = layout.inputs
    for row in 0..<layout.outputs {
      let line = mean[(row * inputs)..<((row + 1) * inputs)]
      add(1, line, to: &gradient, at: start + row * layout.columns)
      add(1, line, to: &gradient, at: start + row * layout.columns + inputs)
    }
  }
}
