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
  /// The same for ten times the tolerance.
  let reachedRoughly: Int?
  /// Seconds of the run after each step.
  private let seconds: [Double]

  init(
    settings: SolveSettings, folder: String, result: JSONValue? = nil, history: NumericTable? = nil,
    failure: CommandError? = nil
  ) {
    let energies = history?["energy"] ?? []
    seconds = history?["seconds"] ?? []
    self.settings = settings
    self.folder = folder
    self.result = result
    self.failure = failure
    let exact = result?["exact"]?.double
    reached = exact.flatMap { StudyCase.reached(energies, exact: $0) }
    reachedRoughly = exact.flatMap { StudyCase.reached(energies, exact: $0, within: 10 * StudyCase.tolerance) }
  }

  static func reached(_ energies: [Double], exact: Double, within tolerance: Double = StudyCase.tolerance) -> Int? {
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

  /// With several states each level has to be.
  var isConverged: Bool {
    if settings.states > 1 {
      func list(_ name: String) -> [Double] { (result?[name]?.elements ?? []).map { $0.double ?? .nan } }
      let (exact, errors, relative) = (list("exact_energies"), list("energy_errors"), list("relative_errors"))
      return [exact, errors, relative].allSatisfy { $0.count == settings.states }
        && exact.indices.allSatisfy {
          relative[$0] <= StudyCase.tolerance && errors[$0] <= StudyCase.tolerance / 3 * abs(exact[$0])
        }
    }
    guard let relativeError, let exact = result?["exact"]?.double, let error = result?["energy_error"]?.double else {
      return false
    }
    return relativeError <= StudyCase.tolerance && error <= StudyCase.tolerance / 3 * abs(exact)
  }

  /// The columns of a table of cases.
  static let columns = [
    "particles", "strength", "optimizer", "seed", "energy", "energy_error", "exact", "relative_error", "variance",
    "steps_to_1e-2", "seconds_to_1e-2", "steps_to_1e-3", "seconds_to_1e-3", "steps", "seconds", "processor_seconds",
    "state", "lost",
  ]

  /// A row of the table; what is not known is left out.
  var row: [String] {
    func number(_ name: String) -> String { result?[name]?.double.map { digits($0) } ?? "" }
    func time(_ step: Int?) -> String {
      step.flatMap { seconds.indices.contains($0 - 1) ? fixed(seconds[$0 - 1], 2) : nil } ?? ""
    }
    return [
      String(settings.particles), settings.potentials.interaction == nil ? shortest(settings.strength) : "",
      settings.optimizer, String(settings.seed),
      number("energy"),
      number("energy_error"), number("exact"), number("relative_error"), number("variance"),
      reachedRoughly.map { String($0) } ?? "", time(reachedRoughly), reached.map { String($0) } ?? "", time(reached),
      number("steps"), number("seconds"), number("processor_seconds"), number("step"),
      result?["lost"]?.text == nil ? "0" : "1",
    ]
  }

  var json: JSONValue {
    func found(_ name: String) -> JSONValue { result?[name] ?? .null }
    let own: JSONValue = [
      "optimizer": JSONValue(settings.optimizer),
      "seed": JSONValue(String(settings.seed)), "energy": found("energy"), "energy_error": found("energy_error"),
      "exact": found("exact"), "relative_error": found("relative_error"), "converged": .bool(isConverged),
      "reached": reached.map { JSONValue($0) } ?? .null, "steps": found("steps"), "seconds": found("seconds"),
      "failure": JSONValue(failure?.message), "output": JSONValue(folder), "states": JSONValue(settings.states),
    ]
    return own.adding(settings.systemMembers)
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
