import Ch00Lanes
import Ch01LinearAlgebra

/// The affine maps of ``WeightLayout`` on features, forward and backward, with their weights packed for panel products.
///
/// The equivariant map W_own x_i + W_mean ⟨x⟩ needs A + 1 products if it is computed as written. With
///
///     x_i = x̂_i + ⟨x⟩,   Σ_i x̂_i = 0,   W_total = W_own + W_mean :      y_i = W_own x̂_i + W_total ⟨x⟩
///
/// it needs A, since the last particle's W_own x̂_A is minus the sum of the others: a third less at A = 2.
///
/// A direction in a layer's parameter space is such a map as well, with which `LayerFactors.push` multiplies.
public struct AffineMap<Row: PanelRow>: Sendable {
  /// The shapes of W and b, and which particles share them.
  public let layout: WeightLayout
  let own: PackedWeights<Row>
  let total: PackedWeights<Row>
  let ownTransposed: PackedWeights<Row>
  let totalTransposed: PackedWeights<Row>
  let bias: ContiguousArray<Row>
  /// As long as the longest of inputs and outputs.
  let zero: ContiguousArray<Row>

  /// All weights zero until `load`.
  public init(_ layout: WeightLayout) {
    self.init(ArraySlice(repeating: 0, count: layout.count), layout: layout)
  }

  /// W and b, packed for products in the precision of the rows.
  ///
  /// - Parameters:
  ///   - parameters: `layout.count` numbers; another count stops the program.
  ///   - layout: sizes, and where the parts of W and b are.
  public init(_ parameters: ArraySlice<Double>, layout: WeightLayout) {
    precondition(parameters.count == layout.count, "\(layout.count) parameters expected, got \(parameters.count)")
    self.layout = layout
    let (base, columns, inputs, outputs) = (parameters.startIndex, layout.columns, layout.inputs, layout.outputs)
    // W_mean lies beside W_own, row by row.
    let mean = layout.sharing == .particle ? nil : inputs
    func weights(plus second: Int?) -> PackedWeights<Row> {
      PackedWeights(
        StridedElements(
          parameters, at: 0, rows: outputs, columns: inputs, rowStride: columns, columnStride: 1, plus: second))
    }
    func transposed(plus second: Int?) -> PackedWeights<Row> {
      PackedWeights(
        StridedElements(
          parameters, at: 0, rows: inputs, columns: outputs, rowStride: 1, columnStride: columns, plus: second))
    }
    own = weights(plus: nil)
    ownTransposed = transposed(plus: nil)
    total = mean == nil ? own : weights(plus: mean)
    totalTransposed = mean == nil ? ownTransposed : transposed(plus: mean)
    zero = ContiguousArray(repeating: .zero, count: max(own.paddedRows, ownTransposed.paddedRows))
    var bias = zero
    if layout.hasBias {
      let numbers = ContiguousArray(parameters[(base + layout.biasStart)...].map { Lanes32(repeating: $0) })
      Row.round(numbers, at: 0, count: outputs, into: &bias, at: 0)
    }
    self.bias = bias
  }

  /// Takes other weights, `layout.count` numbers; another count stops the program.
  public mutating func load(_ parameters: ArraySlice<Double>) { self = AffineMap(parameters, layout: layout) }

  /// y = affine map of x, component by component; the bias belongs to the value alone.
  ///
  /// - Complexity: 64 · particles · components · outputs · inputs operations.
  /// - Precondition: x has `inputs` features, y has `outputs`; particles and components are the same.
  public func forward(
    _ x: FeatureTile<Row>, into y: inout FeatureTile<Row>, panels: inout AffinePanels<Row>
  ) {
    apply(own, total, bias: bias, x, into: &y, panels: &panels)
  }

  /// y = tanh(affine map of x), and + x with a residual, for an equivariant layer and jets that are values alone.
  ///
  /// The same as `forward` and `applyTanh` after it, particle by particle: the sampler's path, where the
  /// pre-activations of one particle are still in the first-level cache when tanh is taken of them.
  ///
  /// - Complexity: 64 · particles · outputs · inputs operations, and a tanh for each output.
  package func forwardValuesThroughTanh(
    _ x: FeatureTile<Row>, residual: Bool, into y: inout FeatureTile<Row>, panels: inout AffinePanels<Row>
  ) {
    precondition(
      layout.sharing == .equivariant && x.components == 1 && y.components == 1 && x.particles == y.particles
        && x.features == layout.inputs && y.features == layout.outputs && (!residual || x.stride == y.stride),
      "values of \(layout.inputs) features expected")
    let last = x.particles - 1
    Row.average(
      x.storage, at: 0, stride: x.stride, panels: x.particles, count: x.features, into: &panels.mean)
    panelProduct(total, panels.mean, from: bias, into: &panels.start)
    // What is left for the last particle: A times the mean, less all the others.
    Row.scale(panels.start, by: Double(x.particles), count: y.stride, into: &panels.rest)
    for i in 0...last {
      if i < last {
        Row.subtract(x.storage, at: x.index(i, 0), panels.mean, count: x.features, into: &panels.centred)
        panelProduct(own, panels.centred, at: 0, from: panels.start, into: &y.storage, at: y.index(i, 0))
      }
      Row.applyTanh(
        &y.storage, at: y.index(i, 0), count: y.stride, residual: residual ? x.storage : nil, rest: &panels.rest,
        isLast: i == last)
    }
  }

  /// d_i = W_ownᵀ e_i + W_meanᵀ ⟨e⟩: the transposed map, which takes sensitivities of y to those of x.
  /// - Complexity: that of `forward`.
  public func transposed(
    _ e: FeatureTile<Row>, into d: inout FeatureTile<Row>, panels: inout AffinePanels<Row>
  ) {
    apply(ownTransposed, totalTransposed, bias: zero, e, into: &d, panels: &panels)
  }

  private func apply(
    _ own: PackedWeights<Row>, _ total: PackedWeights<Row>, bias: ContiguousArray<Row>, _ x: FeatureTile<Row>,
    into y: inout FeatureTile<Row>, panels: inout AffinePanels<Row>
  ) {
    precondition(
      x.features == own.columns && y.features == own.rows && x.particles == y.particles && x.components == y.components,
      "jets of \(x.features) features do not map to \(y.features) by weights [\(own.rows), \(own.columns)]")
    let particles = x.particles
    for component in 0..<x.components {
      let start = component == 0 ? bias : zero
      if layout.sharing == .particle || particles == 1 {
        let weights = layout.sharing == .particle ? own : total
        for i in 0..<particles {
          panelProduct(
            weights, x.storage, at: x.index(i, component), from: start, into: &y.storage, at: y.index(i, component))
        }
        continue
      }
      Row.average(
        x.storage, at: x.index(0, component), stride: x.index(1, 0), panels: particles, count: x.features,
        into: &panels.mean)
      panelProduct(total, panels.mean, from: start, into: &panels.start)
      for i in 0..<(particles - 1) {
        Row.subtract(x.storage, at: x.index(i, component), panels.mean, count: x.features, into: &panels.centred)
        panelProduct(own, panels.centred, at: 0, from: panels.start, into: &y.storage, at: y.index(i, component))
      }
      Row.setLast(
        &y.storage, at: y.index(0, component), stride: y.index(1, 0), panels: particles, count: y.stride,
        fromMean: panels.start)
    }
  }
}

/// Affine maps of jets, in double precision.
public typealias JetAffine = AffineMap<Lanes32>

/// Affine maps of values, and directions, in single precision.
public typealias SingleAffine = AffineMap<SingleLanes32>

/// Scratch memory for ``AffineMap``, allocated once a thread: panels as long as the widest layer.
public struct AffinePanels<Row: PanelRow>: Sendable {
  var mean: ContiguousArray<Row>
  var centred: ContiguousArray<Row>
  var start: ContiguousArray<Row>
  /// What is left for the last particle.
  var rest: ContiguousArray<Row>

  /// Memory for the widest layer of a network.
  ///
  /// - Parameter width: the largest number of features of any layer, inputs included.
  public init(width: Int) {
    mean = ContiguousArray(repeating: .zero, count: (width + 3) / 4 * 4)
    (centred, start, rest) = (mean, mean, mean)
  }
}
