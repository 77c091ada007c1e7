import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// What an optimiser sees of one step: the present ψ, a sample of |ψ|², and what was measured on it.
///
/// A sample does not change. Whatever is asked of it, a product with a metric for example, works in memory beside it.
public struct Sample: Sendable {
  /// Steps are counted from 1.
  public let step: Int
  /// H, as the potential that it adds to the kinetic energy.
  public let hamiltonian: any Hamiltonian
  /// ψ as it is before the update.
  public let ansatz: any TrainableWaveFunction
  /// The walkers, a sample of |ψ|².
  public let walkers: Walkers
  /// E_L and its parts at the walkers, unclipped, in ħω.
  public let energies: LocalEnergies
  /// E_L as it enters gradients, [walkers], in ħω: clipped, unless the sample was asked not to.
  public let clippedEnergies: [Double]
  /// Whether gradients see clipped energies.
  package let isClipped: Bool
  /// g = ∂_θ E, shape [parameterCount], in ħω.
  public let gradient: [Double]
  /// O, and M and K where the optimiser's order asks for them, at the walkers.
  public let derivatives: ParameterDerivatives
  /// Threads that share the work.
  public let threads: Int

  /// Measures everything at given walkers.
  ///
  /// - Parameters:
  ///   - order: how far `derivatives` go.
  ///   - clipping: whether gradients see clipped energies.
  ///   - step: counted from 1.
  ///   - memory: the derivatives of an older sample, whose memory to use.
  public init<Psi: TrainableWaveFunction>(
    _ hamiltonian: any Hamiltonian, _ ansatz: Psi, at walkers: Walkers, order: JetOrder, clipping: Bool = true,
    step: Int = 1, threads: Int = 1, reusing memory: consuming ParameterDerivatives? = nil
  ) {
    self.step = step
    self.hamiltonian = hamiltonian
    self.ansatz = ansatz
    self.walkers = walkers
    self.threads = threads
    energies = hamiltonian.localEnergies(of: ansatz, at: walkers, threads: threads)
    clippedEnergies = clipping ? clipped(energies.total) : energies.total
    isClipped = clipping
    derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: order, threads: threads, reusing: consume memory)
    gradient = energyGradient(energies: clippedEnergies, derivatives: derivatives)
  }

  /// The groups of the parameters: a layer's weight and bias together.
  public var parameterGroups: [ParameterGroup] { derivatives.groups }

  /// Mean of `clippedEnergies` and its standard error, walkers taken as independent; in ħω. Of one walker the error is
  /// 0: what is kept for a resumed run has to be finite.
  public var clippedEnergy: (mean: Double, error: Double) {
    let count = Double(clippedEnergies.count)
    let mean = clippedEnergies.reduce(0, +) / count
    let spread = clippedEnergies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    return (mean, (spread / count).squareRoot())
  }
}
