import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// Everything that a run is a function of. Threads are not among it: they change nothing.
struct SolveSettings: Sendable, Equatable {
  var particles = 2
  /// V0.
  var strength = -20.0
  /// σ0.
  var range = 0.5
  var optimizer = OptimizerChoice.standard
  var walkers = 4096
  /// Sweeps a step.
  var sweeps = 20
  var hidden = 64
  var layers = 2
  var determinants = 1
  /// Steps of the fit to the oscillator's orbitals.
  var pretrain = 100
  /// Nil for the optimiser's own.
  var learningRate: Double?
  /// Steps in all; nil for the optimiser's own. A resumed run may be given others.
  var steps: Int?
  /// λ at the start, and μ of pi-dgd; nil for the optimiser's own.
  var lambda: Double?
  var mu: Double?
  /// "talk" for the talk's own settings.
  var preset: String?
  var isTalk: Bool { preset == "talk" }
  var seed: UInt64 = 1

  /// The options that `solve` reads them from; `settings.json` holds the same names and obeys the same bounds.
  static let options = [
    Option("particles", .integer(1...64), "fermions A", default: "2"),
    Option("strength", .number(-1e6...1e6), "V0 of the interaction; negative attracts", default: "-20"),
    Option("range", .number(1e-3...1e3), "σ0 of the interaction", default: "0.5"),
    Option(
      "optimizer", .choice(OptimizerChoice.all.map(\.name)), OptimizerChoice.summary, default: OptimizerChoice.standard),
    Option("walkers", .integer(1...1_048_576), "walkers", default: "4096"),
    Option("sweeps", .integer(1...100_000), "sweeps before each step", default: "20"),
    Option("hidden", .integer(2...4096), "features a layer, H > A", default: "64"),
    Option("layers", .integer(1...64), "equivariant layers L", default: "2"),
    Option("determinants", .integer(1...256), "determinants D", default: "1"),
    Option("pretrain", .integer(0...1_000_000), "steps of the fit to the oscillator's orbitals", default: "100"),
    Option("learning-rate", .number(1e-12...1e6), "learning rate of gd and adam", default: "the optimiser's own"),
    Option(
      "lambda", .number(1e-12...1e20), "λ at the start, of second-order optimisers", default: "the optimiser's own"),
    Option("mu", .number(0...1), "μ of pi-dgd, the share of the last step in the prior", default: "0.95"),
    Option(
      "preset", .choice(["talk"]),
      "the talk's settings: 400 sweeps; but for pi-dgd λ from 1000, no error bar in its rule"
    ),
  ]

  static let stepsOption = Option(
    "steps", .integer(0...1_000_000_000), "steps in all, also with --resume",
    default: "100 of pi-dgd, 200 of the others of second order, 600 of gd and adam")

  init() {}

  init(_ arguments: Arguments) {
    self.init { arguments.text($0) }
    seed = arguments.seed
  }

  /// The same with another optimiser, without the options that it does not have.
  func running(_ name: String) -> SolveSettings {
    var settings = self
    settings.optimizer = name
    for (option, takers) in OptimizerChoice.onlyFor where !takers.contains(name) {
      switch option {
      case "learning-rate": settings.learningRate = nil
      case "lambda": settings.lambda = nil
      case "mu": settings.mu = nil
      default: preconditionFailure("an option that only some optimisers have: \(option)")
      }
    }
    return settings
  }

  /// From texts by option name, checked already.
  private init(_ text: (String) -> String?) {
    func integer(_ name: String, _ standard: Int) -> Int { text(name).flatMap { Int($0) } ?? standard }
    particles = integer("particles", particles)
    strength = text("strength").flatMap { Double($0) } ?? strength
    range = text("range").flatMap { Double($0) } ?? range
    optimizer = text("optimizer") ?? optimizer
    walkers = integer("walkers", walkers)
    sweeps = integer("sweeps", sweeps)
    hidden = integer("hidden", hidden)
    layers = integer("layers", layers)
    determinants = integer("determinants", determinants)
    pretrain = integer("pretrain", pretrain)
    learningRate = text("learning-rate").flatMap { Double($0) }
    lambda = text("lambda").flatMap { Double($0) }
    mu = text("mu").flatMap { Double($0) }
    preset = text("preset")
    steps = text("steps").flatMap { Int($0) }
    if isTalk && text("sweeps") == nil { sweeps = 400 }
  }

  /// From `settings.json`, checked like the options.
  init(json: JSONValue, path: String) throws(CommandError) {
    var texts: [String: String] = [:]
    for option in SolveSettings.options + [SolveSettings.stepsOption, Option("seed", .seed, "")] {
      guard let value = json[option.name], !value.isNull else { continue }
      let text = value.text ?? value.int.map { String($0) } ?? value.double.map { String($0) } ?? value.line
      do {
        try option.check(text)
      } catch {
        throw .data("\(path): \(error.message)")
      }
      texts[option.name] = text
    }
    guard json["particles"] != nil, json["seed"] != nil else {
      throw .data("\(path): particles or seed is missing; the settings of a run by nqs solve are needed")
    }
    self.init { texts[$0] }
    seed = texts["seed"].flatMap { UInt64($0) } ?? 1
  }

  var json: JSONValue {
    [
      "program": "nqs solve", "version": JSONValue(version), "particles": JSONValue(particles),
      "strength": JSONValue(strength), "range": JSONValue(range), "optimizer": JSONValue(optimizer),
      "walkers": JSONValue(walkers), "sweeps": JSONValue(sweeps), "hidden": JSONValue(hidden),
      "layers": JSONValue(layers), "determinants": JSONValue(determinants), "pretrain": JSONValue(pretrain),
      "learning-rate": JSONValue(learningRate), "lambda": JSONValue(lambda), "mu": JSONValue(mu),
      "preset": JSONValue(preset), "steps": steps.map { JSONValue($0) } ?? .null, "seed": JSONValue(String(seed)),
    ]
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
    let shape: AnsatzShape
    do {
      shape = try AnsatzShape(particles: particles, hidden: hidden, layers: layers, determinants: determinants)
    } catch {
      throw .usage(error.description)
    }
    // Factors of the derivatives, the largest thing in memory: values and slopes as far as the optimiser asks for them, and
    // half as much again where they are kept in single precision too.
    let features = Double(layers * hidden * 2 + determinants * (hidden + 2 * particles))
    let order = try OptimizerChoice.named(optimizer).make(self).order
    let components = Double(order.components(coordinates: particles)) * (order == .gradient ? 1.5 : 1)
    let gibibytes = Double(walkers * particles) * features * components * 8 / 0x1p30
    guard gibibytes < 16 else {
      throw .usage(
        "\(walkers) walkers of this network need about \(fixed(gibibytes, 0)) GiB; fewer --walkers or --hidden are needed"
      )
    }
    return shape
  }
}
