import Ch00Lanes
import Ch01LinearAlgebra

/// The affine maps of `WeightLayout` on jets, forward and backward, with their weights packed for panel products.
///
/// The equivariant map W_own x_i + W_mean ⟨x⟩ needs A + 1 products if it is computed as written. With
///
///     x_i = x̂_i + ⟨x⟩,   Σ_i x̂_i = 0,   W_total = W_own + W_mean :      y_i = W_own x̂_i + W_total ⟨x⟩
///
/// it needs A, since the last particle's W_own x̂_A is minus the sum of the others: a third less at A = 2.
public struct JetAffine: Sendable {
  public let layout: WeightLayout
  var own: PackedWeights
  var total: PackedWeights
  var ownTransposed: PackedWeights
  var totalTransposed: PackedWeights
  var bias: ContiguousArray<Lanes32>

  /// All weights zero until `load`.
  public init(_ layout: WeightLayout) {
    self.layout = layout
    own = PackedWeights(rows: layout.outputs, columns: layout.inputs) { _, _ in 0 }
    ownTransposed = PackedWeights(rows: layout.inputs, columns: layout.outputs) { _, _ in 0 }
    (total, totalTransposed) = (own, ownTransposed)
    bias = ContiguousArray(repeating: .zero, count: own.paddedRows)
  }

  public mutating func load(_ parameters: ArraySlice<Double>) {
    precondition(parameters.count == layout.count, "\(layout.count) parameters expected, got \(parameters.count)")
    let (base, columns, inputs) = (parameters.startIndex, layout.columns, layout.inputs)
    func ownWeight(_ row: Int, _ column: Int) -> Double { parameters[base + row * columns + column] }
    func totalWeight(_ row: Int, _ column: Int) -> Double {
      layout.sharing == .particle
        ? ownWeight(row, column) : ownWeight(row, column) + ownWeight(row, inputs + column)
    }
    own = PackedWeights(rows: layout.outputs, columns: inputs, ownWeight)
    total = PackedWeights(rows: layout.outputs, columns: inputs, totalWeight)
    ownTransposed = PackedWeights(rows: inputs, columns: layout.outputs) { ownWeight($1, $0) }
    totalTransposed = PackedWeights(rows: inputs, columns: layout.outputs) { totalWeight($1, $0) }
    guard layout.hasBias else { return }
    for row in 0..<layout.outputs { bias[row] = Lanes32(repeating: parameters[base + layout.biasStart + row]) }
  }

  /// y = affine map of x, component by component; the bias belongs to the value alone.
  public func forward(_ x: JetTile, into y: inout JetTile, panels: inout JetPanels) {
    apply(own, total, bias: bias, x, into: &y, panels: &panels)
  }

  /// y = tanh(affine map of x), and + x with a residual, for an equivariant layer and jets that are values alone.
  ///
  /// The same as `forward` and `applyTanh` after it, particle by particle: the sampler's path, where the pre-activations of
  /// one particle are still in the first-level cache when tanh is taken of them.
  public func forwardValuesThroughTanh(
    _ x: JetTile, residual: Bool, into y: inout JetTile, panels: inout JetPanels
  ) {
    precondition(
      layout.sharing == .equivariant && x.components == 1 && y.components == 1 && x.particles == y.particles
        && x.features == layout.inputs && y.features == layout.outputs && (!residual || x.stride == y.stride),
      "values of \(layout.inputs) features expected")
    let last = x.particles - 1
    x.mean(of: 0, into: &panels.mean)
    panelProduct(total, panels.mean, from: bias, into: &panels.start)
    // What is left for the last particle: A times the mean, less all the others.
    scalePanel(panels.start, by: Double(x.particles), count: y.stride, into: &panels.rest)
    for i in 0..<last {
      x.centred(i, 0, mean: panels.mean, into: &panels.centred)
      panelProduct(own, panels.centred, at: 0, from: panels.start, into: &y.storage, at: y.index(i, 0))
      y.applyTanhToValues(i, residual: residual ? x : nil, rest: &panels.rest)
    }
    y.applyTanhToLast(panels.rest, residual: residual ? x : nil)
  }

  /// The transposed map, which takes sensitivities of y to those of x.
  public func transposed(_ e: JetTile, into d: inout JetTile, panels: inout JetPanels) {
    apply(ownTransposed, totalTransposed, bias: panels.zero, e, into: &d, panels: &panels)
  }

  private func apply(
    _ own: PackedWeights, _ total: PackedWeights, bias: ContiguousArray<Lanes32>, _ x: JetTile, into y: inout JetTile,
    panels: inout JetPanels
  ) {
    precondition(
      x.features == own.columns && y.features == own.rows && x.particles == y.particles && x.components == y.components,
      "jets of \(x.features) features do not map to \(y.features) by weights [\(own.rows), \(own.columns)]")
    let particles = x.particles
    for component in 0..<x.components {
      let start = component == 0 ? bias : panels.zero
      if layout.sharing == .particle || particles == 1 {
        let weights = layout.sharing == .particle ? own : total
        for i in 0..<particles {
          panelProduct(
            weights, x.storage, at: x.index(i, component), from: start, into: &y.storage, at: y.index(i, component))
        }
        continue
      }
      x.mean(of: component, into: &panels.mean)
      panelProduct(total, panels.mean, from: start, into: &panels.start)
      for i in 0..<(particles - 1) {
        x.centred(i, component, mean: panels.mean, into: &panels.centred)
        panelProduct(
          own, panels.centred, at: 0, from: panels.start, into: &y.storage, at: y.index(i, component))
      }
      y.setLast(component, fromMean: panels.start)
    }
  }
}

@inline(never)
private func scalePanel(
  _ x: ContiguousArray<Lanes32>, by factor: Double, count: Int, into y: inout ContiguousArray<Lanes32>
) {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in for f in 0..<count { y[f] = factor * x[f] } }
  }
}

extension JetTile {
  /// ⟨x⟩ of one component: the mean over particles, feature by feature.
  @inline(never)
  func mean(of component: Int, into mean: inout ContiguousArray<Lanes32>) {
    let factor = 1 / Double(particles)
    storage.withUnsafeBufferPointer { x in
      mean.withUnsafeMutableBufferPointer { mean in
        for f in 0..<features {
          var sum = x[component &* stride &+ f]
          for i in 1..<max(particles, 1) { sum += x[(i &* components &+ component) &* stride &+ f] }
          mean[f] = factor * sum
        }
      }
    }
  }

  /// x_i - ⟨x⟩ of one component.
  @inline(never)
  func centred(
    _ i: Int, _ component: Int, mean: ContiguousArray<Lanes32>, into centred: inout ContiguousArray<Lanes32>
  ) {
    let start = index(i, component)
    storage.withUnsafeBufferPointer { x in
      mean.withUnsafeBufferPointer { mean in
        centred.withUnsafeMutableBufferPointer { centred in
          for f in 0..<features { centred[f] = x[start &+ f] - mean[f] }
        }
      }
    }
  }

  /// The last particle from the mean over all: y_A = A ⟨y⟩ - Σ_{i<A} y_i.
  @inline(never)
  mutating func setLast(_ component: Int, fromMean mean: ContiguousArray<Lanes32>) {
    let (particles, components, stride) = (particles, components, stride)
    let count = Double(particles)
    storage.withUnsafeMutableBufferPointer { y in
      mean.withUnsafeBufferPointer { mean in
        for f in 0..<stride {
          var rest = count * mean[f]
          for i in 0..<(particles &- 1) { rest -= y[(i &* components &+ component) &* stride &+ f] }
          y[((particles &- 1) &* components &+ component) &* stride &+ f] = rest
        }
      }
    }
  }
}
