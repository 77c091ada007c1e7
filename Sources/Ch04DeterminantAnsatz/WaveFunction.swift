import Ch00Lanes

/// A real wave function of A particles on a line, as the sampler sees it.
///
/// The determinant ansatz is one; so is anything with a formula for ψ, which is how the sampler is tested.
public protocol WaveFunction: Sendable {
  /// Scratch memory of one thread.
  associatedtype Workspace: Sendable

  var particles: Int { get }
  func makeWorkspace() -> Workspace

  /// sign ψ and ln|ψ| of the 32 walkers of one tile.
  ///
  /// - Parameter positions: one `Lanes32` a particle, from `start` on.
  func logPsi(
    _ positions: ContiguousArray<Lanes32>, at start: Int, sign: inout Lanes32, logMagnitude: inout Lanes32,
    workspace: inout Workspace)
}
