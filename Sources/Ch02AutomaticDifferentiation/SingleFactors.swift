import Ch00Lanes
import Ch01LinearAlgebra

/// The factors of one layer in single precision, for the product Mᵀ M v alone: Σ_k over the mixed derivatives ∂_θ ∂_k ℓ.
///
/// Metrics are applied fifty times a step, each time to the whole record: hundreds of megabytes for six particles, and
/// reading them takes most of the time. Rounded factors are half as long. The product stays a symmetric, non-negative
/// matrix: what is rounded is M, and both passes see the same one.
public struct SingleFactors: Sendable {
  let layout: WeightLayout
  /// Groups of 32 walkers.
  public let tiles: Int
  let panels: Int
  let coordinates: Int
  let inputStride: Int
  let outputStride: Int
  /// a and ∂_k a, as [panel][tile][component][input].
  var activities: ContiguousArray<SingleLanes32>
  /// e and ∂_k e, as [panel][tile][component][output].
  var sensitivities: ContiguousArray<SingleLanes32>

  /// - Parameter factors: of order `.gradient` or higher; Laplacians are left out.
  public init(rounding factors: ParameterFactors) {
    precondition(factors.order >= .gradient, "mixed derivatives need factors of order gradient")
    (layout, tiles, panels, coordinates) = (factors.layout, factors.tiles, factors.panels, factors.coordinates)
    (inputStride, outputStride) = (factors.inputStride, factors.outputStride)
    let count = panels * tiles * (coordinates + 1)
    activities = ContiguousArray(repeating: .zero, count: count * inputStride)
    sensitivities = ContiguousArray(repeating: .zero, count: count * outputStride)
    update(rounding: factors)
  }

  /// The same for new factors of the same layer, in the memory of the old ones.
  public mutating func update(rounding factors: ParameterFactors) {
    precondition(
      factors.layout == layout && factors.tiles == tiles && factors.panels == panels, "the factors are another layer's")
    let components = coordinates + 1
    for panelAndTile in 0..<(panels * tiles) {
      let from = panelAndTile * factors.components
      let to = panelAndTile * components
      round(factors.activities, from * inputStride, components * inputStride, into: &activities, to * inputStride)
      round(
        factors.sensitivities, from * outputStride, components * outputStride, into: &sensitivities, to * outputStride)
    }
  }

  /// Bytes that the factors take.
  public var bytes: Int { (activities.count + sensitivities.count) * MemoryLayout<SingleLanes32>.size }

  private func activity(_ panel: Int, _ tile: Int) -> Int { (panel * tiles + tile) * (coordinates + 1) * inputStride }
  private func sensitivity(_ panel: Int, _ tile: Int) -> Int {
    (panel * tiles + tile) * (coordinates + 1) * outputStride
  }
  private func seesBias(_ panel: Int) -> Bool {
    layout.hasBias && (layout.sharing == .particle || panel == panels - 1)
  }
  private func seesTotal(_ panel: Int) -> Bool { layout.sharing == .equivariant && panel == panels - 1 }

  /// Adds v · ∂_θ ∂_k ℓ of one tile, one entry a coordinate: `ParameterFactors.push` without the value.
  public func push(
    _ v: SinglePackedDirection, tile: Int, into derivatives: inout ContiguousArray<SingleLanes32>,
    workspace: inout SingleWorkspace
  ) {
    workspace.reserve(products: max(inputStride, outputStride))
    for panel in 0..<panels {
      let (a, e) = (activity(panel, tile), sensitivity(panel, tile))
      let total = seesTotal(panel)
      panelProduct(
        total ? v.total : v.own, activities, at: a, from: seesBias(panel) ? v.bias : v.zero, into: &workspace.products)
      addDots(sensitivities, e + outputStride, outputStride, workspace.products, into: &derivatives)
      panelProduct(
        total ? v.totalTransposed : v.ownTransposed, sensitivities, at: e, from: v.zero, into: &workspace.products)
      addDots(activities, a + inputStride, inputStride, workspace.products, into: &derivatives)
    }
  }

  /// Contracts one tile's factors with weights, ẽ = Σ_k u_k ∂_k e and ã = Σ_k u_k ∂_k a, for `addGradient` to multiply out.
  public func contract(
    _ weights: ContiguousArray<SingleLanes32>, tile: Int, layer: Int, workspace: inout SingleWorkspace
  ) {
    workspace.reserve(layer: layer, inputs: panels * tiles * inputStride, outputs: panels * tiles * outputStride)
    for panel in 0..<panels {
      let at = panel * tiles + tile
      contracted(
        sensitivities, sensitivity(panel, tile) + outputStride, outputStride, weights,
        into: &workspace.layers[layer].outputs, at * outputStride)
      contracted(
        activities, activity(panel, tile) + inputStride, inputStride, weights,
        into: &workspace.layers[layer].inputs, at * inputStride)
    }
  }

  /// Adds Σ_p ẽ_p ⊗ a_p + e_p ⊗ ã_p over all tiles, the contracted factors being in the workspace.
  ///
  /// - Parameter gradient: all parameters; this layer's begin at `start`.
  public func addGradient(layer: Int, into gradient: inout [Double], at start: Int, workspace: inout SingleWorkspace) {
    let components = coordinates + 1
    for panel in 0..<panels where seesBias(panel) {
      for tile in 0..<tiles {
        let from = (panel * tiles + tile) * outputStride
        for row in 0..<layout.outputs {
          gradient[start + layout.biasStart + row] += workspace.layers[layer].outputs[from + row].doubles.laneSum
        }
      }
    }
    addOuter(
      workspace.layers[layer].outputs, outputStride, activities, components * inputStride, into: &gradient, at: start)
    addOuter(
      sensitivities, components * outputStride, workspace.layers[layer].inputs, inputStride, into: &gradient, at: start)
  }

  /// Σ over panels and tiles of e ⊗ a, each into the weights that its panel sees.
  private func addOuter(
    _ e: ContiguousArray<SingleLanes32>, _ eStride: Int, _ a: ContiguousArray<SingleLanes32>, _ aStride: Int,
    into gradient: inout [Double], at start: Int
  ) {
    let (rows, inputs, columns) = (layout.outputs, layout.inputs, layout.columns)
    let plain = layout.sharing == .particle ? panels : panels - 1
    addOuterProducts(
      e, at: 0, stride: eStride, rows: rows, a, at: 0, stride: aStride, columns: inputs, pairs: plain * tiles,
      into: &gradient, at: start, stride: columns)
    guard layout.sharing == .equivariant else { return }
    var mean = [Double](repeating: 0, count: rows * inputs)
    addOuterProducts(
      e, at: plain * tiles * eStride, stride: eStride, rows: rows, a, at: plain * tiles * aStride, stride: aStride,
      columns: inputs, pairs: tiles, into: &mean, at: 0, stride: inputs)
    addToBoth(mean, rows: rows, inputs: inputs, columns: columns, into: &gradient, at: start)
  }

  /// derivatives[k] += ∂_k factor · y for all coordinates k.
  private func addDots(
    _ factors: ContiguousArray<SingleLanes32>, _ start: Int, _ stride: Int, _ y: ContiguousArray<SingleLanes32>,
    into derivatives: inout ContiguousArray<SingleLanes32>
  ) {
    factors.withUnsafeBufferPointer { factors in
      y.withUnsafeBufferPointer { y in
        for k in 0..<coordinates {
          let from = start &+ k &* stride
          var even = SingleLanes32.zero
          var odd = SingleLanes32.zero
          for f in Swift.stride(from: 0, to: stride, by: 2) {
            even.addProduct(factors[from &+ f], y[f])
            odd.addProduct(factors[from &+ f &+ 1], y[f &+ 1])
          }
          derivatives[k] += even + odd
        }
      }
    }
  }

  /// target = Σ_k u_k · ∂_k factor.
  private func contracted(
    _ factors: ContiguousArray<SingleLanes32>, _ start: Int, _ stride: Int, _ u: ContiguousArray<SingleLanes32>,
    into target: inout ContiguousArray<SingleLanes32>, _ targetStart: Int
  ) {
    let coordinates = coordinates
    factors.withUnsafeBufferPointer { factors in
      target.withUnsafeMutableBufferPointer { target in
        u.withUnsafeBufferPointer { u in
          for f in 0..<stride {
            var sum = SingleLanes32.zero
            for k in 0..<coordinates { sum.addProduct(u[k], factors[start &+ k &* stride &+ f]) }
            target[targetStart &+ f] = sum
          }
        }
      }
    }
  }

  private func round(
    _ source: ContiguousArray<Lanes32>, _ from: Int, _ count: Int, into target: inout ContiguousArray<SingleLanes32>,
    _ to: Int
  ) {
    source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        for i in 0..<count { target[to &+ i] = SingleLanes32(rounding: source[from &+ i]) }
      }
    }
  }
}

/// A direction in one layer's parameter space, packed for `SingleFactors.push`, or its weights, for `SingleAffine`.
public struct SinglePackedDirection: Sendable {
  let own: SinglePackedWeights
  let total: SinglePackedWeights
  let ownTransposed: SinglePackedWeights
  let totalTransposed: SinglePackedWeights
  let bias: ContiguousArray<SingleLanes32>
  let zero: ContiguousArray<SingleLanes32>

  public init(_ v: ArraySlice<Double>, layout: WeightLayout) {
    precondition(v.count == layout.count, "\(layout.count) parameters expected, got \(v.count)")
    let (base, columns, inputs, outputs) = (v.startIndex, layout.columns, layout.inputs, layout.outputs)
    func ownWeight(_ row: Int, _ column: Int) -> Double { v[base + row * columns + column] }
    func totalWeight(_ row: Int, _ column: Int) -> Double {
      layout.sharing == .particle
        ? ownWeight(row, column) : ownWeight(row, column) + ownWeight(row, inputs + column)
    }
    own = SinglePackedWeights(rows: outputs, columns: inputs, ownWeight)
    total = SinglePackedWeights(rows: outputs, columns: inputs, totalWeight)
    ownTransposed = SinglePackedWeights(rows: inputs, columns: outputs) { ownWeight($1, $0) }
    totalTransposed = SinglePackedWeights(rows: inputs, columns: outputs) { totalWeight($1, $0) }
    zero = ContiguousArray(repeating: .zero, count: max(own.paddedRows, ownTransposed.paddedRows))
    var bias = zero
    if layout.hasBias {
      for row in 0..<outputs {
        bias[row] = SingleLanes32(rounding: Lanes32(repeating: v[base + layout.biasStart + row]))
      }
    }
    self.bias = bias
  }
}

/// Scratch memory for `SingleFactors`, allocated once a thread.
public struct SingleWorkspace: Sendable {
  var products: ContiguousArray<SingleLanes32> = []
  /// ã and ẽ of every layer.
  var layers: [(inputs: ContiguousArray<SingleLanes32>, outputs: ContiguousArray<SingleLanes32>)] = []

  public init() {}

  mutating func reserve(products count: Int) {
    if products.count < count { products = ContiguousArray(repeating: .zero, count: count) }
  }

  mutating func reserve(layer: Int, inputs: Int, outputs: Int) {
    while layers.count <= layer { layers.append(([], [])) }
    if layers[layer].inputs.count < inputs {
      layers[layer].inputs = ContiguousArray(repeating: .zero, count: inputs)
    }
    if layers[layer].outputs.count < outputs {
      layers[layer].outputs = ContiguousArray(repeating: .zero, count: outputs)
    }
  }
}
