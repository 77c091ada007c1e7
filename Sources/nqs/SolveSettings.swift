import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// Everything that a run is a function of. Threads are not among it: they change nothing.
///
/// A setting's default is the value of its property here, or of the optimiser's own hyper-parameter; names, bounds and
/// help are in `Setting.all`. Options, `--help`, `settings.json` and what an optimiser does not have follow from the
/// two.
struct SolveSettings: Sendable, Equatable {
  var particles = 2
  /// V0.
  var strength = -20.0
  /// σ0.
  var range = 0.5
  /// The best over all cases of the book.
  var optimizer = ProjectedIncrements.name
  /// Hyper-parameters that were set, by name; the others have the optimiser's own values.
  var hyperparameters: [String: Double] = [:]
  /// "talk" for the talk's own settings.
  var preset: String?
  var walkers = 4096
  /// Sweeps a step.
  var sweeps = RunLength.sweeps
  var hidden = AnsatzShape.standardHidden
  var layers = AnsatzShape.standardLayers
  var determinants = 1
  /// Steps of the fit to the oscillator's orbitals.
  var pretrain = Pretraining().steps
  /// Steps in all; nil for the optimiser's own. A resumed run may be given others.
  var steps: Int?
  var seed: UInt64 = 1

  init() {}

  /// From the options of a command.
  init(_ arguments: Arguments) {
    self.init { arguments.given($0) }
    seed = arguments.seed
  }

  /// From `settings.json`, checked like the options.
  init(json: JSONValue, path: String) throws(CommandError) {
    var texts: [String: String] = [:]
    for option in Setting.all.map(\.option) + [Command.seed] {
      guard let value = json[option.name] else {
        throw .data("\(path): \(option.name) is missing; the settings of a run by nqs \(version) are needed")
      }
      guard !value.isNull else { continue }
      let text = value.text ?? value.int.map { String($0) } ?? value.double.map { String($0) } ?? value.line
      do {
        try option.check(text)
      } catch {
        throw .data("\(path): \(error.message)")
      }
      texts[option.name] = text
    }
    self.init { texts[$0] }
    seed = texts["seed"].flatMap { UInt64($0) } ?? 1
    if let problem = try outOfBounds() { throw .data("\(path): \(problem)") }
  }

  /// From texts by option name, checked already.
  private init(_ text: (String) -> String?) {
    for setting in Setting.all {
      if let value = text(setting.option.name) { setting.read(&self, value) }
    }
    // The talk's number of sweeps.
    if preset == "talk", text("sweeps") == nil { sweeps = 400 }
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("program", "nqs solve"), ("version", JSONValue(version))]
    members += Setting.all.map { ($0.option.name, $0.json(self)) }
    members.append(("seed", JSONValue(String(seed))))
    return .object(members.map { JSONValue.Member($0.0, $0.1) })
  }

  /// The first option in which a stored run differs from what is asked for, in words; nil where none does.
  func difference(from asked: SolveSettings) -> String? {
    for (there, here) in zip(json.members ?? [], asked.json.members ?? []) where there.value != here.value {
      func text(_ value: JSONValue) -> String { value.isNull ? "not given" : value.text ?? value.line }
      return "--\(there.key) is \(text(there.value)) there, \(text(here.value)) here"
    }
    return nil
  }

  var hamiltonian: TrappedFermions { TrappedFermions(particles: particles, strength: strength, range: range) }

  /// The sizes, or what is wrong with them in one line.
  func shape() throws(CommandError) -> AnsatzShape {
    if let problem = try outOfBounds() { throw .usage(problem) }
    let shape: AnsatzShape
    do {
      shape = try AnsatzShape(particles: particles, hidden: hidden, layers: layers, determinants: determinants)
    } catch {
      throw .usage(error.description)
    }
    let bytes = ParameterDerivatives.estimatedBytes(
      of: shape.groups, walkers: walkers, particles: particles, order: try makeOptimizer().order)
    guard bytes < 16 * 0x1p30 else {
      throw .usage(
        "\(walkers) walkers of this network need about \(fixed(bytes / 0x1p30, 0)) GiB; fewer --walkers or --hidden are needed"
      )
    }
    return shape
  }
}

// MARK: The optimiser

extension SolveSettings {
  /// The optimiser with its hyper-parameters, by its name.
  func method() throws(CommandError) -> any OptimizerSettings.Type {
    guard let method = optimizers.first(where: { $0.name == optimizer }) else {
      throw .usage(
        "there is no optimiser '\(optimizer)'; there are " + optimizers.map { $0.name }.joined(separator: ", "))
    }
    return method
  }

  func makeOptimizer() throws(CommandError) -> any Optimizer {
    try method().init(hyperparameters, talk: preset == "talk").makeOptimizer()
  }

  /// The first hyper-parameter outside of the bounds that this optimiser has for it, in words; nil where there is none.
  private func outOfBounds() throws(CommandError) -> String? {
    for option in try method().options {
      guard let value = hyperparameters[option.name], !option.bounds.contains(value) else { continue }
      let (low, high) = (digits(option.bounds.lowerBound), digits(option.bounds.upperBound))
      return "--\(option.name) is \(digits(value)); \(optimizer) needs a number from \(low) to \(high)"
    }
    return nil
  }

  /// Steps in all.
  func totalSteps() throws(CommandError) -> Int {
    let standard = try method().defaultSteps
    return steps ?? standard
  }

  /// The same with another optimiser, without the hyper-parameters that it does not have.
  func running(_ name: String) -> SolveSettings {
    var settings = self
    settings.optimizer = name
    let own = optimizers.first { $0.name == name }?.options.map(\.name) ?? []
    settings.hyperparameters = hyperparameters.filter { own.contains($0.key) }
    return settings
  }

  /// - Throws: wrong usage where an option was given that none of these optimisers has.
  static func refuseForeignOptions(_ arguments: Arguments, optimizers names: [String]) throws(CommandError) {
    for (name, takers) in hyperparameterNames
    where arguments.given(name) != nil && !names.contains(where: takers.contains) {
      throw .usage(
        "--\(name) means nothing to \(names.joined(separator: ", ")); it is for \(takers.joined(separator: ", "))")
    }
  }

  /// Every hyper-parameter that some optimiser has, with the optimisers that have it.
  static var hyperparameterNames: [(name: String, optimizers: [String])] {
    var list: [(name: String, optimizers: [String])] = []
    for method in optimizers {
      for option in method.options {
        if let place = list.firstIndex(where: { $0.name == option.name }) {
          list[place].optimizers.append(method.name)
        } else {
          list.append((option.name, [method.name]))
        }
      }
    }
    return list
  }
}
