/// What one step has to tell: a row of `history.csv`.
public struct StepRecord: Sendable, Equatable {
  /// Counted from 1.
  public var step: Int
  /// E in ħω before the update, over |ψ|²: not clipped.
  public var energy: Double
  /// Standard error of `energy` for independent walkers, in ħω; infinite for one walker.
  public var energyError: Double
  /// Variance of E_L, in (ħω)².
  public var variance: Double
  /// Fraction of moves accepted in the sweeps before the measurement.
  public var acceptance: Double
  /// The width that the next sweeps propose with, in oscillator lengths.
  public var proposalWidth: Double
  /// What the optimiser told of it.
  public var diagnostics: Diagnostics
  /// ‖g‖, in ħω.
  public var gradientNorm: Double
  /// ‖δ‖, in units of θ.
  public var updateNorm: Double
  /// The smaller part of the walkers, weights apart, by the sign of ψ relative to the order of their particles, 0 … ½.
  public var wrongSignFraction: Double

  /// Names of the numbers in `values`: the same for every optimiser, then what this one has besides. The caller appends
  /// its own clock.
  public static func columns(_ optimizer: any Optimizer) -> [String] {
    measured + shared.before + ["gradient_norm", "update_norm"] + shared.after + ["wrong_sign_fraction"]
      + own(optimizer.diagnostics).map(\.name)
  }

  /// The numbers in the order of `columns`; NaN for what the optimiser does not have, 1 or 0 for events.
  public func values(_ optimizer: any Optimizer) -> [Double] {
    let named = Dictionary(optimizer.diagnostics.map { ($0.name, diagnostics[$0] ?? .nan) }) { first, _ in first }
    var values = [Double(step), energy, energyError, variance, acceptance, proposalWidth]
    for name in StepRecord.shared.before { values.append(named[name] ?? .nan) }
    values += [gradientNorm, updateNorm]
    for name in StepRecord.shared.after { values.append(named[name] ?? .nan) }
    values.append(wrongSignFraction)
    for diagnostic in StepRecord.own(optimizer.diagnostics) {
      values.append(diagnostics[diagnostic] ?? (diagnostic.isEvent ? 0 : .nan))
    }
    return values
  }

  private static let measured = ["step", "energy", "energy_error", "variance", "acceptance", "proposal_width"]
  /// Columns that every history has, whatever the optimiser, so that runs can be laid side by side.
  private static let shared = (before: ["lambda", "gamma", "rho", "alpha", "mu"], after: ["minres_iterations"])
  private static func own(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.filter { !(shared.before + shared.after).contains($0.name) }
  }
}
