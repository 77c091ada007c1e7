import Ch00Lanes

/// A real wave function of A particles on a line, as the sampler sees it.
///
/// The determinant ansatz is one; so is anything with a formula for ψ, which is how the sampler is tested.
public protocol WaveFunction: Sendable {
  /// Scratch memory of one thread.
  associatedtype Workspace: Sendable

  /// A, the coordinates of a walker.
  var particles: Int { get }
  /// Scratch memory of one thread for `logPsi`.
  func makeWorkspace() -> Workspace

  /// sign ψ and ln|ψ| of the 32 walkers of one tile.
  ///
  /// - Parameters:
  ///   - positions: one `Lanes32` a particle, in oscillator lengths.
  ///   - start: the place of the first particle.
  ///   - sign: receives 1 or -1, or 0 where ψ vanishes.
  ///   - logMagnitude: receives ln|ψ|; -∞ where ψ vanishes.
  ///   - workspace: scratch memory.
  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Workspace)

  /// Whether `singlePrecisionLogPsi` is there, and faster than `logPsi`.
  var hasSinglePrecisionValues: Bool { get }

  /// ln|ψ| of the 32 walkers of one tile, with fewer digits than `logPsi` gives.
  ///
  /// Errors should stay below ε κ with one ε for all positions: the sampler measures ε where it sets out, and trusts it
  /// from there.
  ///
  /// - Parameters:
  ///   - positions: one `Lanes32` a particle, in oscillator lengths.
  ///   - start: the place of the first particle.
  ///   - logMagnitude: receives ln|ψ|.
  ///   - conditionNumber: κ ≥ 1, how much a relative error ε of what ψ is made of grows on its way to ln|ψ|; infinite
  ///     or not a number where the value is not to be trusted.
  ///   - workspace: scratch memory.
  func singlePrecisionLogPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, logMagnitude: inout Lanes32, conditionNumber: inout Lanes32,
    workspace: inout Workspace)
}

extension WaveFunction {
  /// False: there is `logPsi` alone.
  public var hasSinglePrecisionValues: Bool { false }

  /// `logPsi` itself; not asked for while `hasSinglePrecisionValues` is false.
  public func singlePrecisionLogPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, logMagnitude: inout Lanes32, conditionNumber: inout Lanes32,
    workspace: inout Workspace
  ) {
    var sign = Lanes32.zero
    logPsi(positions, at: start, sign: &sign, logMagnitude: &logMagnitude, workspace: &workspace)
    conditionNumber = Lanes32(repeating: 1)
  }
}
