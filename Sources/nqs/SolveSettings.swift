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
  /// In place of the book's trap and interaction.
  var potentials = TypedPotentials()
  /// The best over all cases of the book.
  var optimizer = ProjectedIncrements.name
  /// Hyper-parameters that were set, by name; the others have the optimiser's own values.
  var hyperparameters: [String: Double] = [:]
  /// The name of an `OptimizerPreset`; nil for the defaults.
  var preset: String?
  var walkers = 512
  /// Sweeps a step.
  var sweeps = RunLength.sweeps
  /// p: walkers follow |ψ|^p while ψ is being improved; nil for the optimiser's own.
  var power: Double?
  var hidden = AnsatzShape.standardHidden
  var layers = AnsatzShape.standardLayers
  var determinants = 1
  /// K: with more than one the K lowest levels are looked for (chapter 14).
  var states = 1
  /// Steps of the fit to the oscillator's orbitals.
  var pretrain = Pretraining().steps
  /// Steps in all; nil for the optimiser's own. A resumed run may be given others.
  var steps: Int?
  /// The relative accuracy at which the run ends before its last step; nil for the optimiser's own, and none where
  /// steps are given. A resumed run may be given another.
  var target: Double?
  var seed: UInt64 = 1
  /// The checksum of the network that the run began with; nil for one that was made and pretrained.
  var weights: String?

  init() {}

  /// From the options of a command, and the network that is given, if any: its sizes, its system where the options
  /// name no other, and no pretraining.
  init(_ arguments: Arguments, _ given: GivenWeights? = nil) throws(CommandError) {
    self.init { arguments.given($0) }
    seed = arguments.seed
    if potentials.interaction != nil {
      for name in ["strength", "range", "strengths"] where arguments.given(name) != nil {
        throw .usage("--\(name) means nothing to an interaction that is typed; --let gives its numbers names")
      }
    }
    if let given { try take(given, arguments) }
    _ = try system()
  }

  /// The sizes and the system of a network.
  private mutating func take(_ given: GivenWeights, _ arguments: Arguments) throws(CommandError) {
    let shape = given.ansatz.shape
    let sizes = [
      ("particles", shape.particles), ("hidden", shape.hidden), ("layers", shape.layers),
      ("determinants", shape.determinants), ("pretrain", 0),
    ]
    for (name, size) in sizes {
      if let text = arguments.given(name), Int(text) != size {
        throw .usage("--\(name) is \(text); with the weights that are given it is \(size)")
      }
    }
    try takeSystem(of: given, arguments)
    (particles, hidden, layers) = (shape.particles, shape.hidden, shape.layers)
    (determinants, pretrain, weights) = (shape.determinants, 0, given.checksum)
    // Numbers of a file are checked like those of options.
    let taken: [(name: String, text: String)] =
      sizes.dropLast().map { ($0.0, String($0.1)) }
      + [("strength", String(strength)), ("range", String(range))]
    for (name, text) in taken {
      guard let option = Setting.all.map(\.option).first(where: { $0.name == name }) else { continue }
      do {
        try option.check(text)
      } catch {
        throw .data("\(arguments.given("weights") ?? "weights"): \(error.message)")
      }
    }
  }

  /// Those of a run, checked like the options.
  init(_ folder: RunFolder) throws(CommandError) { try self.init(json: folder.settings, path: folder.settingsPath) }

  /// From `settings.json`, checked like the options.
  init(json: JSONValue, path: String) throws(CommandError) {
    var texts: [String: String] = [:]
    for option in Setting.all.map(\.option) + [Command.seed] {
      // Older runs of nqs 0.3 know no formulas, one state, and no target.
      if json[option.name] == nil, ["states", "target"].contains(option.name) { continue }
      if json[option.name] == nil, case .text = option.kind { continue }
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
    guard let weights = json["weights"], weights.isNull || weights.text != nil else {
      throw .data("\(path): weights is missing; the settings of a run by nqs \(version) are needed")
    }
    self.weights = weights.text
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
    members += [("seed", JSONValue(String(seed))), ("weights", JSONValue(weights))]
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

  /// `system` of settings that have been checked; the book's where they cannot be read.
  var hamiltonian: TrappedFermions {
    (try? system()) ?? TrappedFermions(particles: particles, strength: strength, range: range)
  }

  /// The sizes, or what is wrong with them in one line.
  func shape() throws(CommandError) -> AnsatzShape {
    if let problem = try outOfBounds() { throw .usage(problem) }
    _ = try system()
    try requireCentredTrap()
    let shape: AnsatzShape
    do {
      shape = try AnsatzShape(particles: particles, hidden: hidden, layers: layers, determinants: determinants)
    } catch {
      throw .usage(error.description)
    }
    try requireStates()
    let optimizer = try makeOptimizer()
    let groups = groups(shape)
    let samples = ParameterDerivatives.estimatedBytes(
      of: groups, walkers: walkers, particles: coordinates, order: optimizer.order)
    // ψ, its best state, gradient, step, and what a solver of Krylov's kind keeps: some twenty vectors.
    let network = 20 * 8 * Double(states * shape.parameterCount)
    let method = optimizer.estimatedBytes(of: groups, walkers: walkers)
    let bytes = samples + network + method
    guard bytes < 16 * 0x1p30 else {
      let forWalkers = samples + method - optimizer.estimatedBytes(of: groups, walkers: 0)
      let advice =
        2 * forWalkers > bytes ? "fewer --walkers or --hidden are" : "a smaller --hidden or fewer --layers are"
      throw .usage(
        "\(walkers) walkers, \(states * shape.parameterCount) parameters and \(self.optimizer) need about "
          + "\(fixed(bytes / 0x1p30, 0)) GiB; \(advice) needed")
    }
    return shape
  }
}

// MARK: The optimiser

extension SolveSettings {
  /// The name of a run's folder among those of other systems and optimisers.
  var caseName: String {
    "A\(particles)_\(potentials.interaction == nil ? "V\(shortest(strength))" : "typed")_\(optimizer)"
  }
}

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
    try method().init(hyperparameters, preset: preset.flatMap(OptimizerPreset.init)).makeOptimizer()
  }

  /// The first hyper-parameter outside of the bounds that this optimiser has for it, in words; nil where there is none.
  private func outOfBounds() throws(CommandError) -> String? {
    let method = try method()
    if preset == OptimizerPreset.source.rawValue, method.source == nil {
      return "--preset source: \(optimizer) has no values but its defaults; \(Setting.sourced) have"
    }
    for option in method.options {
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

  /// The relative accuracy at which the run ends; nil where its steps alone say so.
  func relativeTarget() throws(CommandError) -> Double? {
    let standard = try method().defaultTarget
    return target ?? (steps == nil ? standard : nil)
  }

  /// p of the walkers' density |ψ|^p.
  func samplingPower() throws(CommandError) -> Double {
    let standard = try method().samplingPower
    return power ?? standard
  }

  /// The targets of optimisers that have one, as `--help` tells them.
  static var targetNote: String {
    let own = optimizers.compactMap { method in method.defaultTarget.map { "\(digits($0)) of \(method.name)" } }
    return own.joined(separator: ", ") + ", none where --steps is given"
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
