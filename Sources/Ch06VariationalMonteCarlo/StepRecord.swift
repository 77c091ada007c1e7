/// What one step has to tell: a row of `history.csv`.
public struct StepRecord: Sendable, Equatable {
  /// Counted from 1.
  public var step: Int
  /// E in ħω before the update, with the standard error of independent walkers.
  public var energy: Double
  public var energyError: Double
  /// Variance of E_L.
  public var variance: Double
  public var acceptance: Double
  /// The width that the next sweeps propose with.
  public var proposalWidth: Double
  public var diagnostics: Update.Diagnostics
  public var gradientNorm: Double
  public var updateNorm: Double
  public var wrongSignFraction: Double

  /// Names of the numbers in `values`. The caller appends its own clock.
  public static let columns = [
    "step", "energy", "energy_error", "variance", "acceptance", "proposal_width", "lambda", "gamma", "rho", "alpha",
    "mu",
    "gradient_norm", "update_norm", "minres_iterations", "wrong_sign_fraction",
  ]

  /// The numbers in the order of `columns`; NaN for what the optimiser does not have.
  public var values: [Double] {
    [
      Double(step), energy, energyError, variance, acceptance, proposalWidth, diagnostics.lambda ?? .nan,
      diagnostics.gamma ?? .nan, diagnostics.rho ?? .nan, diagnostics.alpha ?? .nan, diagnostics.mu ?? .nan,
      gradientNorm, updateNorm, diagnostics.minresIterations.map { Double($0) } ?? .nan, wrongSignFraction,
    ]
  }
}
