import Ch00Lanes
import Ch01LinearAlgebra

/// A layer of a network: how it carries jets forward, and how it pulls sensitivities back.
///
/// The *sensitivity* of a quantity q is ē = ∂ℓ/∂q, where ℓ(x) is the scalar at the network's end. It depends on the
/// coordinates as well, and is itself a jet: running backward in jets gives the parameter gradient ∂_θ ℓ together with
/// its derivatives ∂_θ∂_k ℓ and ∂_θ Δℓ. See ``ParameterFactors`` for what is done with them.
///
/// A new layer is one file: `reference`, which states it for plain numbers, `forward`, `pullback`. `checkLayer` holds
/// the three together. The names are chapter 2's own: `forward` is a Jacobian-vector product in the coordinates,
/// `pullback` a vector-Jacobian product.
///
/// Inside ψ (chapter 4) the layers are `EquivariantLayer`. To put another one there takes its type in
/// `DeterminantAnsatz.layers`, its layout in `AnsatzShape.groups`, and, where the sampler is to screen its moves, its
/// values in single precision.
public protocol JetLayer: Sendable {
  /// How the parameters sit in memory, and which particles share them.
  var weights: WeightLayout { get }
  /// Features of each particle that enter; those of `weights` unless said otherwise.
  var inputs: Int { get }
  /// Features of each particle that leave; those of `weights` unless said otherwise.
  var outputs: Int { get }

  /// The layer for any scalar: particles × inputs in, particles × outputs out. Slow, and the definition.
  func reference<S: DifferentiableScalar>(_ parameters: [S], _ features: [[S]]) -> [[S]]

  /// Takes new parameters, `weights.count` of them.
  mutating func load(_ parameters: ArraySlice<Double>)

  /// y = f(x) as jets.
  func forward(_ x: JetTile, into y: inout JetTile, workspace: inout JetWorkspace)

  /// From the sensitivity of y that of x, both as jets, and the factors of the parameter derivatives.
  ///
  /// - Parameters:
  ///   - sensitivity: of y on entry; destroyed.
  ///   - x: what the layer was given.
  ///   - y: what it made of `x`.
  ///   - tile: the place in `factors` to fill.
  ///   - inputSensitivity: of x on return, where `wantsInputs`; the first layer's is not computed.
  ///   - wantsInputs: whether `inputSensitivity` is computed.
  ///   - factors: receives the parameter derivatives of this layer.
  ///   - workspace: its scratch tile is the layer's for the length of the call, for instance to compute a
  ///     pre-activation again that `y` does not tell.
  func pullback(
    _ sensitivity: inout JetTile, x: JetTile, y: JetTile, tile: Int, into inputSensitivity: inout JetTile,
    wantsInputs: Bool, factors: inout ParameterFactors, workspace: inout JetWorkspace)
}

extension JetLayer {
  /// Those of `weights`.
  public var inputs: Int { weights.inputs }
  /// Those of `weights`.
  public var outputs: Int { weights.outputs }
}

/// How the particles share the weights of a layer.
public enum WeightSharing: Sendable {
  /// Every particle has the same W and b: y_i = W x_i + b. Parameters: W [outputs × inputs] row-major, then b.
  case particle
  /// y_i = W_own x_i + W_mean ⟨x⟩ + b. Parameters: [W_own | W_mean] row-major [outputs × 2 inputs], then b.
  case equivariant
}

/// Weight matrices, bias and who shares them.
public struct WeightLayout: Sendable, Equatable {
  /// Features of each particle that enter.
  public var inputs: Int
  /// Features of each particle that leave.
  public var outputs: Int
  /// Whether a bias b [outputs] follows the weights.
  public var hasBias: Bool
  /// Which particles see which weights.
  public var sharing: WeightSharing
  /// Sets of particles that go through the layer side by side and do not see each other; 1 but for functions of several
  /// sets (chapter 14). A mean over particles is one over a set.
  public var sets: Int

  /// Sizes as they are; nothing is checked.
  public init(inputs: Int, outputs: Int, hasBias: Bool, sharing: WeightSharing, sets: Int = 1) {
    self.inputs = inputs
    self.outputs = outputs
    self.hasBias = hasBias
    self.sharing = sharing
    self.sets = sets
  }

  /// Numbers in a row of the weight matrix: twice the inputs where there is a W_mean.
  public var columns: Int { sharing == .equivariant ? 2 * inputs : inputs }
  /// Numbers of ā, what a row of weights is multiplied with: the columns, and the 1 of a bias.
  public var width: Int { columns + (hasBias ? 1 : 0) }
  /// Parameters in all: outputs · columns, and as many as outputs for a bias.
  public var count: Int { outputs * columns + (hasBias ? outputs : 0) }
  /// Where the bias begins among them: behind the weights, also where there is none.
  public var biasStart: Int { outputs * columns }
}
