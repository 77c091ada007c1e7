import Ch00Lanes
import Ch02AutomaticDifferentiation

/// tanh(W_own x_i + W_mean ⟨x⟩ + b), and + x_i where inputs and outputs are equal in number and a residual is asked
/// for.
///
/// Exchanging two particles exchanges their outputs, and changes nothing else: the layer is permutation-equivariant.
public struct EquivariantLayer: JetLayer {
  /// [W_own | W_mean] row-major [outputs × 2 inputs], then b [outputs].
  public let weights: WeightLayout
  package let hasResidual: Bool
  var affine: JetAffine
  private var single: SingleAffine

  /// All weights zero until `load`; a residual with unequal sizes stops the program.
  public init(inputs: Int, outputs: Int, residual: Bool) {
    precondition(!residual || inputs == outputs, "a residual needs as many inputs (\(inputs)) as outputs (\(outputs))")
    weights = WeightLayout(inputs: inputs, outputs: outputs, hasBias: true, sharing: .equivariant)
    hasResidual = residual
    affine = JetAffine(weights)
    single = SingleAffine(weights)
  }

  /// The layer for any scalar: [particles][inputs] in, [particles][outputs] out.
  public func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    let mean = (0..<inputs).map { f in features.reduce(0) { $0 + $1[f] } / S(Double(features.count)) }
    return features.map { own in
      let y = affineReference(weights, parameters, own: own, mean: mean).map { tanh($0) }
      return hasResidual ? zip(y, own).map { $0 + $1 } : y
    }
  }

  /// Takes W_own, W_mean and b, `weights.count` numbers; another count stops the program.
  public mutating func load(_ parameters: ArraySlice<Double>) {
    affine.load(parameters)
    single.load(parameters)
  }

  /// The layer's outputs as jets. Tiles of other sizes stop the program.
  public func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    if x.order == .value {
      affine.forwardValuesThroughTanh(x, residual: hasResidual, into: &y, panels: &workspace.panels)
      return
    }
    affine.forward(x, into: &y, panels: &workspace.panels)
    y.applyTanh(residual: hasResidual ? x : nil)
  }

  /// The values of `forward` in single precision.
  func forwardInSinglePrecision(_ x: SingleTile, into y: inout SingleTile, panels: inout AffinePanels<SingleLanes32>) {
    single.forwardValuesThroughTanh(x, residual: hasResidual, into: &y, panels: &panels)
  }

  /// ∂ℓ/∂x from ∂ℓ/∂y as jets, through tanh, the affine map and the residual; keeps the factors of ∂ℓ/∂W.
  public func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace
  ) {
    // With a residual the sensitivity goes on unchanged as well.
    let passesOn = hasResidual && wantsInputs
    if passesOn { workspace.scratch.copy(sensitivity) }
    sensitivity.pullThroughTanh(y: y, residual: hasResidual ? x : nil)
    factors.record(tile: tile, activities: x, sensitivities: sensitivity)
    guard wantsInputs else { return }
    affine.transposed(sensitivity, into: &inputSensitivity, panels: &workspace.panels)
    if passesOn { inputSensitivity.add(workspace.scratch) }
  }
}
