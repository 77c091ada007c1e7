import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// What an optimiser sees of one step: the present ψ, a sample of |ψ|², and what was measured on it.
public struct Sample: Sendable {
  /// Steps are counted from 1.
  public let step: Int
  public let hamiltonian: TrappedFermions
  /// ψ as it is before the update.
  public let ansatz: DeterminantAnsatz
  public let walkers: Walkers
  public let energies: LocalEnergies
  /// E_L as it enters gradients, one a walker: clipped, unless the sample was asked not to.
  public let clippedEnergies: [Double]
  /// Whether gradients see clipped energies.
  public let isClipped: Bool
  /// ∂_θ E.
  public let gradient: [Double]
  /// O, and M and K where the optimiser's order asks for them, at the walkers.
  public var derivatives: ParameterDerivatives
  public let threads: Int

  /// Measures everything at given walkers.
  ///
  /// - Parameters:
  ///   - order: how far `derivatives` go.
  ///   - clipping: whether gradients see clipped energies.
  public init(
    _ hamiltonian: TrappedFermions, _ ansatz: DeterminantAnsatz, at walkers: Walkers, order: JetOrder,
    clipping: Bool = true, step: Int = 1, threads: Int = 1
  ) {
    let energies = hamiltonian.localEnergies(of: ansatz, at: walkers, threads: threads)
    let used = clipping ? clipped(energies.total) : energies.total
    var derivatives = ParameterDerivatives(of: ansatz, at: walkers, order: order, threads: threads)
    let gradient = energyGradient(energies: used, derivatives: &derivatives)
    self.init(
      step: step, hamiltonian: hamiltonian, ansatz: ansatz, walkers: walkers, energies: energies,
      clippedEnergies: used, isClipped: clipping, gradient: gradient, derivatives: derivatives, threads: threads)
  }

  init(
    step: Int, hamiltonian: TrappedFermions, ansatz: DeterminantAnsatz, walkers: Walkers, energies: LocalEnergies,
    clippedEnergies: [Double], isClipped: Bool, gradient: [Double], derivatives: consuming ParameterDerivatives,
    threads: Int
  ) {
    self.step = step
    self.hamiltonian = hamiltonian
    self.ansatz = ansatz
    self.walkers = walkers
    self.energies = energies
    self.clippedEnergies = clippedEnergies
    self.isClipped = isClipped
    self.gradient = gradient
    self.derivatives = derivatives
    self.threads = threads
  }
}

extension Sample {
  /// Mean of `clippedEnergies` and its standard error, walkers taken as independent; in ħω. Of one walker the error is 0:
  /// what is kept for a resumed run has to be finite.
  public var clippedEnergy: (mean: Double, error: Double) {
    let count = Double(clippedEnergies.count)
    let mean = clippedEnergies.reduce(0, +) / count
    let spread = clippedEnergies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
    return (mean, (spread / count).squareRoot())
  }
}

/// What an optimiser decides.
public struct Update: Sendable {
  /// δ: θ ← θ + δ.
  public var change: [Double]
  /// What there is to tell of it.
  public var diagnostics: Diagnostics

  public init(change: [Double], diagnostics: Diagnostics = Diagnostics()) {
    self.change = change
    self.diagnostics = diagnostics
  }

  /// Numbers of one step; nil where the optimiser has no such thing.
  public struct Diagnostics: Sendable, Equatable {
    /// λ, the regulator of the quadratic model.
    public var lambda: Double?
    /// γ, the damping of the Kronecker factors.
    public var gamma: Double?
    /// ρ, actual over predicted change of the energy.
    public var rho: Double?
    /// α, the weight of the new direction; the learning rate of first-order methods.
    public var alpha: Double?
    /// μ, the weight of the last step.
    public var mu: Double?
    /// The largest number of MINRES iterations of any block.
    public var minresIterations: Int?

    public init() {}
  }
}

/// A rule that turns a sample into a change of the parameters.
///
/// The loop samples, measures and reports; an optimiser is this one function and the numbers that it remembers. An own one
/// runs by the same loop:
///
///     struct SignDescent: Optimizer {
///       let name = "sign"
///       mutating func update(_ sample: inout Sample) -> Update {
///         Update(change: sample.gradient.map { $0 > 0 ? -1e-3 : 1e-3 })
///       }
///     }
public protocol Optimizer: Sendable {
  var name: String { get }

  /// How far the derivatives in `Sample.derivatives` go: `.value` for O, `.gradient` for M too, `.laplacian` for K too.
  var order: JetOrder { get }

  /// δ for this sample. Whatever does not come out finite stops the run.
  ///
  /// - Parameter sample: `inout` only because products with `sample.derivatives` use its scratch memory.
  mutating func update(_ sample: inout Sample) -> Update

  /// All that the rule remembers from step to step, by name: what a resumed run needs to go on with the same bits.
  var memory: [String: [Double]] { get set }
}

extension Optimizer {
  public var order: JetOrder { .value }
  public var memory: [String: [Double]] {
    get { [:] }
    set {}
  }
}
