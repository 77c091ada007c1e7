import AppendixFiles
import AppendixPlots
import AppendixText
import NeuralQuantumStates

/// What `solve` ends with: one state of the run, and its energy.
struct SolveOutcome {
  let settings: SolveSettings
  /// The state that the run ends with, and the step after which it had that.
  let weights: TensorFile
  let step: Int
  /// Of several states the sum of their levels.
  let final: FinalEnergy
  /// The levels, where there are several states.
  let levels: Levels?
  /// Steps of the run.
  let steps: Int
  /// The energy of the last state; nil where it could not be measured.
  let last: FinalEnergy?
  /// What was not finite any more, where the run was lost.
  let lost: String?
  /// The relative accuracy at which it was to end, nil for none, and whether it ended because that was reached.
  let target: Double?
  let hasArrived: Bool
  /// Wall time of the optimisation.
  let seconds: Double
  /// Processor time of the optimisation, all threads together; nil for a run that went on after a stop.
  let processorSeconds: Double?
  let references: ReferenceEnergies
  let folder: String?
  /// The energies of all steps, also of those before a resumed run went on.
  let history: [Double]
  /// Variances of E_L of all steps, on the walkers that ψ was fitted to.
  let variances: [Double]

  /// The median of the last ten of them; nil without steps.
  var trainingVariance: Double? {
    let last = variances.suffix(10).sorted()
    return last.isEmpty ? nil : last[last.count / 2]
  }

  /// What says that the network has more freedom than its walkers can hold: the variance of E_L is far larger on new
  /// walkers. In runs of 80 steps (A = 2, V0 = -20, one seed each) it was as large as on the old ones with 4096
  /// walkers, 4 times as large with 1024, and 89 times with 512, which is where runs are lost.
  private var walkersText: String? {
    guard let last, let trainingVariance, last.statistics.variance > 10 * trainingVariance else { return nil }
    return "too few for this network: E_L has a variance of \(scientific(last.statistics.variance, 1)) on new ones, "
      + "\(scientific(trainingVariance, 1)) on those that ψ was fitted to"
  }

  /// |E - exact| / |exact|; nil where exact is unknown or 0.
  var relativeError: Double? { ReferenceEnergies.relativeError(final.energy, exact: references.exact) }

  var json: JSONValue {
    ([
      "energy": JSONValue(final.energy), "energy_error": JSONValue(final.error),
      "exact": JSONValue(references.exact), "relative_error": JSONValue(relativeError),
      "hartree_fock": JSONValue(references.hartreeFock), "variance": JSONValue(final.statistics.variance),
      "r_hat": JSONValue(final.statistics.splitRHat),
      "autocorrelation": JSONValue(final.statistics.autocorrelationTime), "acceptance": JSONValue(final.acceptance),
      "step": JSONValue(step), "steps": JSONValue(steps), "last_energy": JSONValue(last?.energy),
      "last_energy_error": JSONValue(last?.error), "lost": JSONValue(lost), "target": JSONValue(target),
      "arrived": .bool(hasArrived),
      "equilibration_sweeps": final.equilibration.map { JSONValue($0.sweeps) } ?? .null,
      "stationary": final.equilibration.map { .bool($0.isStationary) } ?? .null,
      "training_variance": JSONValue(trainingVariance), "seconds": JSONValue(seconds),
      "processor_seconds": JSONValue(processorSeconds), "optimizer": JSONValue(settings.optimizer),
      "seed": JSONValue(String(settings.seed)),
      "output": JSONValue(folder),
    ] as JSONValue).adding(settings.systemMembers + (levels.map { $0.members(exact: references.levels) } ?? []))
  }

  /// Which state this is, where it is not the last.
  private var stateText: String? {
    if let lost { return "that of step \(step), the best; the run was lost: \(lost)" }
    guard step != steps, let last else { return nil }
    return "that of step \(step), the best; the last one has \(fixed(last.energy, 5)) ± \(fixed(last.error, 5))"
  }

  var table: String {
    var rows = levels.map { $0.rows(exact: references.levels) } ?? []
    rows += [
      (levels == nil ? "energy" : "their sum", "\(fixed(final.energy, 5)) ± \(fixed(final.error, 5))"),
      ("exact", references.exact.map { fixed($0, 5) } ?? "unknown"),
    ]
    if let relativeError { rows.append(("relative error", scientific(relativeError, 1))) }
    if let hartreeFock = references.hartreeFock { rows.append(("Hartree-Fock", fixed(hartreeFock, 5))) }
    if let stateText { rows.append(("state", stateText)) }
    if let walkersText { rows.append(("walkers", walkersText)) }
    if history.count > 1 { rows.append(("energy by step", sparkline(history, width: 40))) }
    rows += [
      ("variance of E_L", scientific(final.statistics.variance, 1)),
      ("equilibration", final.equilibration?.text ?? "none"), ("split R̂", final.statistics.mixing),
      ("effective samples", fixed(final.statistics.effectiveSampleSize, 0)),
      ("steps", "\(steps) of \(settings.optimizer)"),
      ("seconds", fixed(seconds, 1)),
    ]
    if let folder { rows.append(("kept in", folder)) }
    return outcomeTable("\(settings.systemText); energies in ħω", rows)
  }
}

extension Levels {
  /// |E_k - exact| / |exact|; nil where exact is unknown or 0.
  private func relativeError(_ k: Int, _ exact: [Double]?) -> Double? {
    ReferenceEnergies.relativeError(energies[k], exact: exact?[k])
  }

  /// For JSON, lists from the lowest level.
  func members(exact: [Double]?) -> [(String, JSONValue)] {
    [
      ("states", JSONValue(energies.count)), ("energies", JSONValue(energies)), ("energy_errors", JSONValue(errors)),
      ("exact_energies", exact.map { JSONValue($0) } ?? .null),
      ("relative_errors", .array(energies.indices.map { JSONValue(relativeError($0, exact)) })),
    ]
  }

  /// A row of a table for each level.
  func rows(exact: [Double]?) -> [(String, String)] {
    energies.indices.map { k in
      let text =
        "\(fixed(energies[k], 5)) ± \(fixed(errors[k], 5))  exact \(exact.map { fixed($0[k], 5) } ?? "unknown")"
      return ("level \(k)", text + (relativeError(k, exact).map { "  off by \(scientific($0, 1))" } ?? ""))
    }
  }
}

extension RunFolder {
  /// What a run by `solve` ended with, checked, and why it failed; nil for one that has not ended, or not failed.
  func outcome(_ contents: Contents) throws(CommandError) -> (result: JSONValue?, failure: String?) {
    guard let result = contents.result else { return (nil, nil) }
    if let failure = result["failure"]?.text { return (nil, failure) }
    guard result["steps"]?.int != nil, result["energy"] != nil, result["energy_error"] != nil else {
      throw .data("\(resultPath): steps or energy are missing; the result of a run by nqs solve is needed")
    }
    return (result, nil)
  }
}

extension SolveSettings {
  /// The system, as tables and files name it.
  var systemText: String {
    let interaction =
      potentials.interaction.map { "v(r) = \($0)" } ?? "V0 = \(shortest(strength)), σ0 = \(shortest(range))"
    let parts = [potentials.trap.map { "u(x) = \($0)" }, interaction, potentials.constants].compactMap(\.self)
    let levels = states > 1 ? ["\(states) states"] : []
    return (["A = \(particles) fermions"] + parts + levels).joined(separator: ", ")
  }

  /// The same for JSON: a strength and a range are those of the book's interaction.
  var systemMembers: [(String, JSONValue)] {
    let isTyped = potentials.interaction != nil
    return [
      ("particles", JSONValue(particles)), ("strength", isTyped ? .null : JSONValue(strength)),
      ("range", isTyped ? .null : JSONValue(range)), ("trap", JSONValue(potentials.trap)),
      ("interaction", JSONValue(potentials.interaction)), ("let", JSONValue(potentials.constants)),
    ]
  }
}

extension JSONValue {
  /// An object with more members.
  func adding(_ more: [(String, JSONValue)]) -> JSONValue {
    .object((members ?? []) + more.map { Member($0.0, $0.1) })
  }
}

/// A title, and names with what they are in a column.
func outcomeTable(_ title: String, _ rows: [(name: String, value: String)]) -> String {
  let width = rows.map(\.name.count).max() ?? 0
  return ([title] + rows.map { "  \(padded($0.name, width))  \($0.value)" }).joined(separator: "\n")
}

/// 20 rather than 20.0.
func shortest(_ x: Double) -> String { digits(x) }
