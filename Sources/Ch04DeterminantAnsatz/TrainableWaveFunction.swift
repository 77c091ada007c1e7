import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// A wave function with parameters θ that can be trained: ln|ψ| with its derivatives in the coordinates and in θ.
///
/// What the loop of chapter 6 and all optimisers see of ψ. The determinant ansatz is one; an ansatz of another make is
/// trained by the same loop and the same optimisers once it has these functions. Its parameters come in groups, each an
/// affine map that the particles share (`WeightLayout`), since that is the form in which derivatives are kept
/// (`ParameterFactors`); a group's activities and sensitivities may be anything.
public protocol TrainableWaveFunction: WaveFunction {
  /// Scratch memory of one thread for `record`.
  associatedtype ReverseWorkspace: Sendable

  /// θ, in the order of `parameterGroups`.
  var parameters: [Double] { get set }
  /// The groups, one behind the other without gaps.
  var parameterGroups: [ParameterGroup] { get }
  /// θ as named tensors: what files hold, and how messages name a parameter.
  var tensors: [NamedTensor] { get }

  /// Scratch memory of one thread for `logPsiJet` at this order.
  func makeWorkspace(order: JetOrder) -> Workspace
  /// Scratch memory of one thread for `record` at this order.
  func makeReverseWorkspace(order: JetOrder) -> ReverseWorkspace

  /// sign ψ, and ln|ψ| as a jet, at the 32 walkers of one tile.
  ///
  /// - Parameters:
  ///   - positions: one `Lanes32` a particle, in oscillator lengths.
  ///   - start: the place of the first particle.
  ///   - sign: receives 1 or -1, or 0 where ψ vanishes.
  ///   - jet: ln|ψ|, ∂_i ln|ψ| and Σ_i ∂_i² ln|ψ|, as far as the workspace's order goes; [components].
  ///   - workspace: scratch memory.
  func logPsiJet(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32,
    jet: inout ContiguousArray<Lanes32>, workspace: inout Workspace)

  /// The same, and the factors of ∂_θ ln|ψ| and its derivatives in the coordinates.
  ///
  /// - Parameters:
  ///   - positions: those of a batch, [tile][particle].
  ///   - tile: the tile to look at, and the place in `factors` to fill.
  ///   - sign: receives sign ψ.
  ///   - jet: receives ln|ψ| and its derivatives, as in `logPsiJet`.
  ///   - factors: one entry a parameter group.
  ///   - workspace: scratch memory.
  func record(
    _ positions: ContiguousArray<Lanes32>, tile: Int, sign: inout Lanes32,
    jet: inout ContiguousArray<Lanes32>, into factors: inout [ParameterFactors], workspace: inout ReverseWorkspace)
}

extension TrainableWaveFunction {
  /// P, the parameters of all groups.
  public var parameterCount: Int { parameterGroups.parameterCount }

  /// θ ← θ + factor · change, a number a parameter; another count stops the program.
  public mutating func move(by change: [Double], factor: Double = 1) {
    precondition(change.count == parameters.count, "\(parameters.count) parameters, \(change.count) changes")
    parameters = zip(parameters, change).map { $0 + factor * $1 }
  }

  /// The same ψ with other parameters, as many as it has.
  public func with(parameters: [Double]) -> Self {
    var copy = self
    copy.parameters = parameters
    return copy
  }
}
