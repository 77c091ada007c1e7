import Ch01LinearAlgebra
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
/// that follows its noise may lower the energy on it, too. g is the gradient of the mean, of clipped energies and without
/// ⟨∂_θ E_L⟩, which is 0 but for noise.
///
/// Energies are not clipped. A step is shortened too if fewer than half of the effective walkers remain effective after
/// it.
public struct Backtracking: ShortenedLength {
  public var length: any StepLength
  public var halvings: Int
  /// c, the part of the promised decrease that has to be there, between 0 and 1.
  public var share: Double

  /// A share outside of [0, 1] or a negative number of halvings stops the program.
  public init(_ length: any StepLength, share: Double = 0.01, halvings: Int = 4) {
    precondition(
      (0...1).contains(share) && halvings >= 0, "a share outside of [0, 1], or a negative number of halvings")
    (self.length, self.share, self.halvings) = (length, share, halvings)
  }

  public static var part: Diagnostic { .backtracked }

  /// Whether Armijo's rule holds at θ + t δ.
  /// - Complexity: local energies at the walkers.
  public func accepts(_ change: [Double], times t: Double, _ sample: Sample) -> Bool {
    Self.energyChange(sample, change, t) <= share * t * min(dot(sample.gradient, change), 0)
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
    let walkers = Reweighting(sample, to: new)
    return walkers.effectiveShare > 0.5 ? walkers.mean(energies) - sample.mean(sample.energies.total) : .infinity
  }
}

extension Diagnostic {
  /// The part of a step after which the energy has fallen on the walkers that made it.
  public static let backtracked = Diagnostic(
    "backtracked", symbol: "t", "part of the step that lowers the energy of its own walkers")
}
