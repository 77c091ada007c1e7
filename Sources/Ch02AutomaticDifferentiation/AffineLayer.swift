import Ch00Lanes
import Ch01LinearAlgebra

/// y_i = W x_i + b for every particle: the simplest layer, and the pattern for others.
public struct AffineLayer: JetLayer {
  /// W [outputs × inputs] row-major, then b [outputs] where there is one.
  public let weights: WeightLayout
  var affine: JetAffine
  private var single: SingleAffine

  /// All weights zero until `load`.
  public init(inputs: Int, outputs: Int, hasBias: Bool = true) {
    weights = WeightLayout(inputs: inputs, outputs: outputs, hasBias: hasBias, sharing: .particle)
    affine = JetAffine(weights)
    single = SingleAffine(weights)
  }

  /// y_i = W x_i + b for any scalar: [particles][inputs] in, [particles][outputs] out.
  public func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    features.map { affineReference(weights, parameters, own: $0) }
  }

  /// Takes W and b, `weights.count` numbers; another count stops the program.
  public mutating func load(_ parameters: ArraySlice<Double>) {
    affine.load(parameters)
    single.load(parameters)
  }

  /// y = W x + b, component by component; b enters the value alone. Tiles of other sizes stop the program.
  public func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    affine.forward(x, into: &y, panels: &workspace.panels)
  }

  /// The values of `forward` in single precision.
  package func forwardInSinglePrecision(
    _ x: SingleTile, into y: inout SingleTile, panels: inout AffinePanels<SingleLanes32>
  ) {
    single.forward(x, into: &y, panels: &panels)
  }

  /// ∂ℓ/∂x = Wᵀ ∂ℓ/∂y as jets, where asked for; x and ∂ℓ/∂y are kept as the factors of ∂ℓ/∂W in the place `tile`. y is not needed,
  /// and the sensitivity stays as it is. Tiles of other sizes stop the program.
  public func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace
  ) {
    factors.record(tile: tile, activities: x, sensitivities: sensitivity)
    if wantsInputs { affine.transposed(sensitivity, into: &inputSensitivity, panels: &workspace.panels) }
  }
}

/// W [own ; mean] + b, as written.
///
/// - Parameters:
///   - layout: sizes, and where the parts of W and b are.
///   - parameters: shape [layout.count].
///   - own: the particle's features, shape [inputs].
///   - mean: ⟨x⟩, shape [inputs], where the layout is equivariant; empty otherwise.
/// - Returns: shape [outputs].
/// - Complexity: O(outputs · columns).
public func affineReference<S: DifferentiableScalar>(
  _ layout: WeightLayout, _ parameters: [S], own: [S], mean: [S] = []
) -> [S] {
  let x = own + mean
  return (0..<layout.outputs).map { row in
    var sum: S = layout.hasBias ? parameters[layout.biasStart + row] : 0
    for column in 0..<layout.columns { sum += parameters[row * layout.columns + column] * x[column] }
    return sum
  }
}
