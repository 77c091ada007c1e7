import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// L-BFGS on frozen walkers: the energy of ψ_θ' on walkers of ψ_θ, with weights |ψ_θ'/ψ_θ|², is a function of θ' without
/// noise between one θ' and the next, and a quasi-Newton method may take several steps down it.
///
///     E(θ') = Σ w E_L,θ' / Σ w,      g(θ') = 2 Σ w (E_L,θ' - E) ∂_θ ℓ' / Σ w
///
/// g leaves out Σ w ∂_θ E_L,θ' / Σ w, which has the mean 0, so that no length may pass where that decides. With it, for walkers
/// that are not clipped, 40 steps took 1.3 to 2.8 times as long and ended higher in four of six runs (16 features, 512 walkers;
/// A = 2 at V0 = -20 and 10, A = 4 at -10; two seeds each).
///
/// Pairs of gradients on different walkers differ by noise rather than by curvature, so that the memory is emptied with
/// each sample. Steps on one sample are five at most; they end where fewer than half of the effective walkers are left,
/// or where E no longer falls. That it falls on these walkers says little of others: E is fitted to them, which is what
/// the bound by effective walkers is for.
///
/// - Source: Nocedal, Math. Comp. 35, 773 (1980).
public struct FrozenLBFGS: Optimizer {
  public let name = LimitedMemoryBFGS.name
  /// The length of the first inner step, in the parameters' norm.
  public var firstLength: Double

  /// A length that is not positive stops the program.
  public init(firstLength: Double = 0.05) {
    precondition(firstLength > 0, "the length must be positive, got \(firstLength)")
    self.firstLength = firstLength
  }

  public var diagnostics: [Diagnostic] { [.innerSteps] }

  /// - Complexity: a record of derivatives for each inner step and trial.
  public mutating func update(_ sample: Sample) -> Update {
    let start = sample.ansatz.parameters
    var theta = start
    var (energy, gradient) = (sample.clippedEnergy.mean, sample.gradient)
    var pairs: [(s: [Double], y: [Double])] = []
    var taken = 0
    for _ in 0..<5 {
      let direction = Self.direction(gradient, pairs)
      let slope = dot(gradient, direction)
      guard slope < 0 else { break }
      var length = pairs.isEmpty ? firstLength / norm(direction) : 1
      var accepted: (theta: [Double], energy: Double, gradient: [Double])?
      for _ in 0..<4 {
        let trial = zip(theta, direction).map { $0 + length * $1 }
        if let found = reweighted(trial, sample), found.energy <= energy + 1e-4 * length * slope {
          accepted = (trial, found.energy, found.gradient)
          break
        }
        length *= 0.3
      }
      guard let accepted else { break }
      let s = zip(accepted.theta, theta).map { $0 - $1 }
      let y = zip(accepted.gradient, gradient).map { $0 - $1 }
      if dot(s, y) > 1e-10 * norm(s) * norm(y) { pairs.append((s, y)) }
      (theta, energy, gradient) = accepted
      taken += 1
    }
    var update = Update(change: zip(theta, start).map { $0 - $1 })
    update.diagnostics[.innerSteps] = Double(taken)
    return update
  }

  /// The two loops: -H⁻¹g for the H that the pairs make of a multiple of the unit matrix.
  ///
  /// - Parameters:
  ///   - g: the gradient.
  ///   - pairs: steps s and the changes y of the gradient over them, the oldest first.
  public static func direction(_ g: [Double], _ pairs: [(s: [Double], y: [Double])]) -> [Double] {
    var q = g
    var alphas: [Double] = []
    for pair in pairs.reversed() {
      let alpha = dot(pair.s, q) / dot(pair.s, pair.y)
      alphas.append(alpha)
      add(-alpha, pair.y, to: &q)
    }
    if let last = pairs.last { scale(&q, by: dot(last.s, last.y) / dot(last.y, last.y)) }
    for (pair, alpha) in zip(pairs, alphas.reversed()) {
      let beta = dot(pair.y, q) / dot(pair.s, pair.y)
      add(alpha - beta, pair.s, to: &q)
    }
    return q.map { -$0 }
  }

  /// E and g at other parameters, on the sample's walkers; nil where too few of them count.
  private func reweighted(_ parameters: [Double], _ sample: Sample) -> (energy: Double, gradient: [Double])? {
    let moved = sample.ansatz.with(parameters: parameters)
    let energies = sample.hamiltonian.localEnergies(of: moved, at: sample.walkers, threads: sample.threads)
    let derivatives = ParameterDerivatives(of: moved, at: sample.walkers, order: .value, threads: sample.threads)
    let walkers = Reweighting(sample, to: derivatives.evaluation.logPsi)
    guard energies.total.allSatisfy(\.isFinite), walkers.effectiveShare > 0.5 else { return nil }
    let values = clipped(energies.total)
    let mean = walkers.mean(values)
    let gradient = derivatives.logDerivatives(
      weighted: zip(walkers.weights, values).map { 2 * $0 * ($1 - mean) / walkers.sum })
    return (mean, gradient)
  }
}

/// L-BFGS, a few steps on each sample (`FrozenLBFGS`).
public struct LimitedMemoryBFGS: OptimizerSettings {
  public static let name = "lbfgs"
  public static let title = "L-BFGS on reweighted walkers"
  public static let defaultSteps = 200
  public static let hyperparameters = [
    Hyperparameter("length", \Self.firstLength, in: 1e-12...1e6, "norm of the first inner step of each sample")
  ]

  /// The length of the first inner step, in the parameters' norm; one that is not positive stops the program.
  public var firstLength = 0.05

  public init() {}

  public func makeOptimizer() -> any Optimizer { FrozenLBFGS(firstLength: firstLength) }
}

extension Diagnostic {
  /// Inner steps that were taken on the sample.
  public static let innerSteps = Diagnostic("inner_steps", symbol: "steps", "steps on the same walkers")
}
