import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// How one case of a study came out.
struct StudyCase {
  /// Relative distance to the exact energy within which a case is converged.
  static let tolerance = 1e-3

  let settings: SolveSettings
  let folder: String
  /// Nil where the case has not ended.
  let result: JSONValue?
  /// Why there is no result, where that is known.
  let failure: CommandError?
  /// The first step from which on the mean of the last ten energies stays within the tolerance.
  let reached: Int?

  init(
    settings: SolveSettings, folder: String, result: JSONValue? = nil, energies: [Double] = [],
    failure: CommandError? = nil
  ) {
    self.settings = settings
    self.folder = folder
    self.result = result
    self.failure = failure
    reached = result?["exact"]?.double.flatMap { StudyCase.reached(energies, exact: $0) }
  }

  static func reached(_ energies: [Double], exact: Double) -> Int? {
    guard energies.count >= 10 else { return nil }
    var first: Int?
    for last in 10...energies.count {
      let mean = energies[(last - 10)..<last].reduce(0, +) / 10
      if abs(mean - exact) > tolerance * abs(exact) {
        first = nil
      } else if first == nil {
        first = last
      }
    }
    return first
  }

  var relativeError: Double? { result?["relative_error"]?.double }

  var isConverged: Bool {
    guard let relativeError, let exact = result?["exact"]?.double, let error = result?["energy_error"]?.double else {
      return false
    }
    return relativeError <= StudyCase.tolerance && error <= StudyCase.tolerance / 3 * abs(exact)
  }

  var json: JSONValue {
    func found(_ name: String) -> JSONValue { result?[name] ?? .null }
    return [
      "optimizer": JSONValue(settings.optimizer),
      "seed": JSONValue(String(settings.seed)), "energy": found("energy"), "energy_error": found("energy_error"),
      "exact": found("exact"), "relative_error": found("relative_error"), "converged": .bool(isConverged),
      "reached": reached.map { JSONValue($0) } ?? .null, "steps": found("steps"), "seconds": found("seconds"),
      "failure": JSONValue(failure?.message), "output": JSONValue(folder),
    ]
  }

  private static func text(_ failure: CommandError) -> String {
    switch failure.exitCode {
    case 65: "unreadable: " + failure.message
    case 70: "failed: " + failure.message
    default: failure.message
    }
  }

  /// One line for people.
  var line: String {
    let interaction =
      settings.potentials.interaction == nil ? "V0 = \(rightAligned(shortest(settings.strength), 4))" : "typed"
    let system = "A = \(settings.particles)  \(interaction)  "
    guard let result else { return system + (failure.map(StudyCase.text) ?? "not ended") }
    let (energy, error) = (result["energy"]?.double ?? .nan, result["energy_error"]?.double ?? .nan)
    var text = system + rightAligned("\(fixed(energy, 5)) ± \(fixed(error, 5))", 22)
    if let exact = result["exact"]?.double { text += "  exact " + rightAligned(fixed(exact, 5), 10) }
    if let relativeError { text += "  off by \(scientific(relativeError, 1))" }
    text += isConverged ? "  converged" : "  not converged"
    if let reached { text += ", reached at step \(reached)" }
    if let seconds = result["seconds"]?.double { text += ", \(fixed(seconds, 0)) s" }
    return text
  }
}
