import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// What `solve` ends with.
struct SolveOutcome {
  let settings: SolveSettings
  let steps: Int
  /// Wall time of the optimisation.
  let seconds: Double
  let final: FinalEnergy
  let references: ReferenceEnergies
  let folder: String?
  /// The energies of all steps, also of those before a resumed run went on.
  let history: [Double]

  /// |E - exact| / |exact|; nil where exact is unknown or 0.
  var relativeError: Double? { ReferenceEnergies.relativeError(final.energy, exact: references.exact) }

  var json: JSONValue {
    [
      "energy": JSONValue(final.energy), "energy_error": JSONValue(final.error),
      "exact": JSONValue(references.exact), "relative_error": JSONValue(relativeError),
      "hartree_fock": JSONValue(references.hartreeFock), "variance": JSONValue(final.statistics.variance),
      "r_hat": JSONValue(final.statistics.splitRHat),
      "autocorrelation": JSONValue(final.statistics.autocorrelationTime), "acceptance": JSONValue(final.acceptance),
      "steps": JSONValue(steps), "seconds": JSONValue(seconds), "optimizer": JSONValue(settings.optimizer),
      "particles": JSONValue(settings.particles), "strength": JSONValue(settings.strength),
      "range": JSONValue(settings.range), "seed": JSONValue(String(settings.seed)), "output": JSONValue(folder),
    ]
  }

  var table: String {
    var rows = [
      ("energy", "\(fixed(final.energy, 5)) ± \(fixed(final.error, 5))"),
      ("exact", references.exact.map { fixed($0, 5) } ?? "unknown"),
    ]
    if let relativeError { rows.append(("relative error", scientific(relativeError, 1))) }
    if let hartreeFock = references.hartreeFock { rows.append(("Hartree-Fock", fixed(hartreeFock, 5))) }
    if history.count > 1 { rows.append(("energy by step", sparkline(history, width: 40))) }
    rows += [
      ("variance of E_L", scientific(final.statistics.variance, 1)),
      ("split R̂", fixed(final.statistics.splitRHat, 3)),
      ("steps", "\(steps) of \(settings.optimizer)"),
      ("seconds", fixed(seconds, 1)),
    ]
    if let folder { rows.append(("kept in", folder)) }
    return outcomeTable("\(settings.systemText); energies in ħω", rows)
  }
}

extension RunFolder {
  /// What a run by `solve` ended with, checked; nil for one that has not ended.
  func readOutcome() throws(CommandError) -> JSONValue? {
    guard let result = try files({ () throws(FileError) in try readResult() }) else { return nil }
    guard result["steps"]?.int != nil, result["energy"] != nil, result["energy_error"] != nil else {
      throw .data("\(resultPath): steps or energy are missing; the result of a run by nqs solve is needed")
    }
    return result
  }
}

extension SolveSettings {
  /// The system, as tables and files name it.
  var systemText: String { "A = \(particles) fermions, V0 = \(shortest(strength)), σ0 = \(shortest(range))" }
}

/// A title, and names with what they are in a column.
func outcomeTable(_ title: String, _ rows: [(name: String, value: String)]) -> String {
  let width = rows.map(\.name.count).max() ?? 0
  return ([title] + rows.map { "  \(padded($0.name, width))  \($0.value)" }).joined(separator: "\n")
}

/// 20 rather than 20.0.
func shortest(_ x: Double) -> String { digits(x) }
