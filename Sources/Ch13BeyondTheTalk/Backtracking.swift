import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// δ ← t δ with the first t = 1, ½, ¼, … for which the energy falls on the walkers that made the step.
///
///     E(θ + t δ) - E(θ) ≤ c t gᵀδ,        E(θ + t δ) = Σ_w ω_w E_L(x_w; θ + t δ) / Σ_w ω_w,        ω_w = |ψ_new/ψ_old|²
///
/// That is Armijo's rule (Pacific J. Math. 16, 1 (1966)), the way back that Martens and Sutskever give to a step of a quadratic
/// model. Since the same walkers count in both energies, their common noise drops out. What it sees is this sample: a step
/// that follows its noise lowers the energy on it, too.
///
/// Energies are not clipped. Steps after which ψ has left the walkers behind, so that of those that were effective fewer than half are,
/// are shortened as well.
public struct Backtracking: StepLength {
  /// δ before it is shortened.
  public var length: any StepLength
  /// How often it is halved, at most.
  public var halvings: Int
  /// c, the part of the promised decrease that has to be there, between 0 and 1.
  public var share: Double

  /// A share outside of [0, 1] or a negative number of halvings stops the program.
  public init(_ length: any StepLength, share: Double = 0.01, halvings: Int = 4) {
    precondition(
      (0...1).contains(share) && halvings >= 0, "a share outside of [0, 1], or a negative number of halvings")
    (self.length, self.share, self.halvings) = (length, share, halvings)
  }

  public var order: JetOrder { length.order }
  public var diagnostics: [Diagnostic] { length.diagnostics + [.backtracked] }

  /// The step of the given length, halved `halvings` times at most.
  ///
  /// - Complexity: at most `halvings` times local energies at the walkers.
  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    let step = length.step(direction, previous: previous, sample, lambda: lambda, report: &report)
    let slope = zip(sample.gradient, step.change).reduce(0) { $0 + $1.0 * $1.1 }
    let t = acceptedPart(halvings: halvings) {
      Self.energyChange(sample, step.change, $0) <= share * $0 * min(slope, 0)
    }
    report[.backtracked] = t
    return t == 1 ? step : (step.change.map { t * $0 }, nil)
  }

  /// E(θ + t δ) - E(θ) on the walkers of a sample, in ħω; infinite where fewer than half of those that were effective
  /// are so at θ + t δ.
  ///
  /// - Parameters:
  ///   - sample: at θ.
  ///   - change: δ.
  ///   - t: the part of it.
  public static func energyChange(_ sample: Sample, _ change: [Double], _ t: Double) -> Double {
    let moved = sample.moved(by: change, times: t)
    let energies = sample.hamiltonian.localEnergies(of: moved, at: sample.walkers, threads: sample.threads).total
    let new = moved.evaluate(sample.walkers, order: .value, threads: sample.threads).logPsi
    let logRatios = zip(new, sample.derivatives.evaluation.logPsi).map { 2 * ($0 - $1) }
    let largest = logRatios.max() ?? 0
    let own = sample.weights ?? [Double](repeating: 1, count: new.count)
    let weights = zip(logRatios, own).map { Double.exp($0 - largest) * $1 }
    func effective(_ weights: [Double]) -> Double {
      let (sum, squares) = weights.reduce((0, 0)) { ($0.0 + $1, $0.1 + $1 * $1) }
      return sum * sum / squares
    }
    guard effective(weights) > 0.5 * effective(own) else { return .infinity }
    let sum = weights.reduce(0, +)
    let mean = zip(weights, energies).reduce(0) { $0 + $1.0 * $1.1 } / sum
    return mean - sample.mean(sample.energies.total)
  }

  public mutating func adapt(to verdict: Verdict?) { length.adapt(to: verdict) }

  public func save(to state: inout OptimizerState) { state.append("length", length) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    length = try reader.part("length", length)
  }
}

extension Diagnostic {
  /// The part of a step after which the energy has fallen on the walkers that made it.
  public static let backtracked = Diagnostic(
    "backtracked", symbol: "t", "part of the step that lowers the energy of its own walkers")
}
