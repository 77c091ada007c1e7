import Ch00Lanes
import Ch02AutomaticDifferentiation

/// y = tanh(W x + b), and + x where a residual is asked for: chapter 4's layer for points that have no particles.
public struct TanhLayer: JetLayer {
  /// W [outputs × inputs] row-major, then b [outputs].
  public let weights: WeightLayout
  private let hasResidual: Bool
  private var affine: JetAffine

  /// All weights zero until `load`; a residual with unequal sizes stops the program.
  public init(inputs: Int, outputs: Int, residual: Bool) {
    precondition(!residual || inputs == outputs, "a residual needs as many inputs (\(inputs)) as outputs (\(outputs))")
    weights = WeightLayout(inputs: inputs, outputs: outputs, hasBias: true, sharing: .particle)
    hasResidual = residual
    affine = JetAffine(weights)
  }

  /// The layer for any scalar: [points][inputs] in, [points][outputs] out.
  public func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]] {
    features.map { x in
      let y = affineReference(weights, parameters, own: x).map { tanh($0) }
      return hasResidual ? zip(y, x).map { $0 + $1 } : y
    }
  }

  /// Takes W and b, `weights.count` numbers; another count stops the program.
  public mutating func load(_ parameters: ArraySlice<Double>) { affine.load(parameters) }

  /// The layer's outputs as jets. Tiles of other sizes stop the program.
  public func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace) {
    affine.forward(x, into: &y, panels: &workspace.panels)
    y.applyTanh(residual: hasResidual ? x : nil)
  }

  /// ∂f/∂x from ∂f/∂y as jets, through tanh, the affine map and the residual; keeps the factors of ∂f/∂W.
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
