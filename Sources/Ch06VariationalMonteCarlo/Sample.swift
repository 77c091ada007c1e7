import Ch02AutomaticDifferentiation
import Ch03TrappedFermions
import Ch04DeterminantAnsatz

/// What an optimiser sees of one step: the present ψ, walkers, and what was measured on them.
///
/// Walkers are a sample of |ψ|², or of another power of |ψ|. Then each counts with its weight (`weights`) in everything that
/// is a mean over |ψ|²: energies, gradient, metrics. `mean`, `centred` and `averaging` are how it enters formulas.
///
/// A sample does not change. Whatever is asked of it, a product with a metric for example, works in memory beside it.
public struct Sample: Sendable {
  /// Steps are counted from 1.
  public let step: Int
  /// H, as the potential that it adds to the kinetic energy.
  public let hamiltonian: any Hamiltonian
  /// ψ as it is before the update.
  public let ansatz: any TrainableWaveFunction
  /// The walkers, a sample of |ψ|^p.
  public let walkers: Walkers
  /// E_L and its parts at the walkers, unclipped, in ħω. Where walkers follow another power than |ψ|², ⟨H⟩ is
  /// `mean(energies.total)`, which weights them, and not `energies.mean`.
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
  ///   - hamiltonian: the system.
  ///   - ansatz: ψ, copied.
  ///   - walkers: configurations, in oscillator lengths.
  ///   - order: how far `derivatives` go.
  ///   - power: p, where walkers are a sample of |ψ|^p.
  ///   - clipping: whether gradients see clipped energies.
  ///   - step: counted from 1.
  ///   - threads: fewer than 1 count as 1; the bits of the result do not depend on it.
  ///   - memory: the derivatives of an older sample, whose memory to use.
  public init<Psi: TrainableWaveFunction>(
    _ hamiltonian: any Hamiltonian, _ ansatz: Psi, at walkers: Walkers, order: JetOrder, power: Double = 2,
    clipping: Bool = true, step: Int = 1, threads: Int = 1, reusing memory: consuming ParameterDerivatives? = nil
  ) {
    self.step = step
    self.hamiltonian = hamiltonian
    self.ansatz = ansatz
    self.walkers = walkers
    self.threads = threads
    energies = hamiltonian.localEnergies(of: ansatz, at: walkers, threads: threads)
    clippedEnergies = clipping ? clipped(energies.total) : energies.total
    isClipped = clipping
    derivatives = ParameterDerivatives(
      of: ansatz, at: walkers, order: order, power: power, threads: threads, reusing: consume memory)
    gradient = energyGradient(energies: clippedEnergies, derivatives: derivatives)
  }

  /// ψ_θ+tδ.
  ///
  /// - Parameters:
  ///   - step: δ, one number a parameter.
  ///   - t: the part of it.
  public func moved(by step: [Double], times t: Double = 1) -> any TrainableWaveFunction {
    ansatz.with(parameters: zip(ansatz.parameters, step).map { $0 + t * $1 })
  }

  /// The groups of the parameters: a layer's weight and bias together.
  public var parameterGroups: [ParameterGroup] { derivatives.groups }

  /// Mean of `clippedEnergies` over |ψ|² and its standard error, walkers taken as independent; in ħω. Of one walker the
  /// error is 0: what is kept for a resumed run has to be finite.
  public var clippedEnergy: (mean: Double, error: Double) {
    let statistics = WeightedMean(clippedEnergies, weights: weights)
    return (statistics.mean, walkers.count > 1 ? statistics.error : 0)
  }
}

// MARK: Means over |ψ|²

extension Sample {
  /// What each walker counts, [walkers], 1 on the average; nil where they are a sample of |ψ|² and count alike.
  public var weights: [Double]? { derivatives.weights }

  /// The mean over |ψ|² of a number a walker.
  public func mean(_ values: [Double]) -> Double { WeightedMean(values, weights: weights).mean }

  /// Values minus their mean over |ψ|².
  public func centred(_ values: [Double]) -> [Double] {
    let mean = mean(values)
    return values.map { $0 - mean }
  }

  /// u with Σ_w u_w x_w = the mean over |ψ|² of values · x: what Oᵀ, Mᵀ or Kᵀ is applied to.
  ///
  /// - Parameter values: some numbers a walker, [walkers × numbers].
  public func averaging(_ values: [Double]) -> [Double] {
    let factor = 1 / Double(walkers.count)
    guard let weights else { return values.map { factor * $0 } }
    let each = values.count / walkers.count
    return values.indices.map { factor * weights[$0 / each] * values[$0] }
  }
}

/// A sample's walkers, reweighted to another ψ:
///
///     E' = Σ w E'_L / Σ w,        w = |ψ'/ψ|²,        times the sample's own weights where it has some
public struct Reweighting: Sendable {
  /// w, [walkers], with the largest ratio as 1.
  public let weights: [Double]
  /// Σ w.
  public let sum: Double
  /// Effective walkers, (Σ w)² / Σ w², over those of the sample itself: 1 where ψ' is nearly ψ.
  public let effectiveShare: Double

  /// The weights at another ψ'.
  ///
  /// - Parameters:
  ///   - sample: at ψ.
  ///   - logPsi: ln|ψ'| at its walkers, [walkers].
  public init(_ sample: Sample, to logPsi: [Double]) {
    let logRatios = zip(logPsi, sample.derivatives.evaluation.logPsi).map { 2 * ($0 - $1) }
    let largest = logRatios.max() ?? 0
    let own = sample.weights ?? [Double](repeating: 1, count: logRatios.count)
    weights = zip(logRatios, own).map { Double.exp($0 - largest) * $1 }
    sum = weights.reduce(0, +)
    func effective(_ weights: [Double]) -> Double {
      let (sum, squares) = weights.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
      return sum * sum / squares
    }
    effectiveShare = effective(weights) / effective(own)
  }

  /// Σ w x / Σ w of x, [walkers].
  public func mean(_ values: [Double]) -> Double { zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / sum }
}

/// A mean, its spread and its error from independent values that count differently.
///
///     x̄ = Σ w x / n,      variance = Σ w (x - x̄)² / (n - 1),      error² = Σ w² (x - x̄)² / (n (n - 1)),      Σ w = n
///
/// With w = 1 they are the textbook's. The error takes the weights as exact; that their sum was normalised makes a difference
/// of the order 1/n.
public struct WeightedMean: Sendable, Equatable {
  /// x̄.
  public let mean: Double
  /// Of x over the density that the weights lead to; 0 for one value.
  public let variance: Double
  /// Standard error of x̄; infinite for one value.
  public let error: Double

  /// x̄ of a sample, with its spread.
  ///
  /// - Parameters:
  ///   - values: x; without values x̄ is NaN, the variance 0 and the error infinite.
  ///   - weights: w, 1 on the average, as many as values (another count stops the program); nil for 1.
  public init(_ values: [Double], weights: [Double]? = nil) {
    let count = Double(values.count)
    guard let weights else {
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.mean = mean
      variance = values.count > 1 ? squares / (count - 1) : 0
      error = values.count > 1 ? (variance / count).squareRoot() : .infinity
      return
    }
    precondition(weights.count == values.count, "\(values.count) weights expected, got \(weights.count)")
    let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } / count
    var (first, second) = (0.0, 0.0)
    for (w, x) in zip(weights, values) {
      let square = w * (x - mean) * (x - mean)
      first += square
      second += w * square
    }
    self.mean = mean
    variance = values.count > 1 ? first / (count - 1) : 0
    error = values.count > 1 ? (second / (count * (count - 1))).squareRoot() : .infinity
  }
}
