import AppendixFiles
import AppendixText
import NeuralQuantumStates

/// One setting of a run: its option, how it is read, and how `settings.json` holds it.
struct Setting: Sendable {
  let option: Option
  /// Takes a text that `option` has checked.
  let read: @Sendable (inout SolveSettings, String) -> Void
  let json: @Sendable (SolveSettings) -> JSONValue

  /// Where a setting lies.
  typealias Path<Value> = any WritableKeyPath<SolveSettings, Value> & Sendable

  /// All settings but the seed, which every command has.
  static let all: [Setting] =
    [
      integer("particles", \.particles, in: 1...64, "fermions A", .system),
      number("strength", \.strength, in: -1e6...1e6, "V0 of the interaction; negative attracts", .system),
      number("range", \.range, in: 1e-3...1e3, "σ0 of the interaction", .system),
      text("trap", \.potentials.trap, "FORMULA", "u(x) in ħω, in place of x^2/2"),
      text("interaction", \.potentials.interaction, "FORMULA", "v(r) in ħω, in place of the Gaussian of V0 and σ0"),
      text("let", \.potentials.constants, "NAME=X,…", "numbers with names, for the formulas"),
      choice("optimizer", \.optimizer, optimizers.map { $0.name }, optimizerHelp, .optimizer),
    ] + hyperparameters + [
      optionalChoice(
        "preset", \.preset, OptimizerPreset.allCases.map(\.rawValue),
        "talk: 400 sweeps, and for ngd, kfac, qn-kfac, qn-mr-kfac and dgd λ from 1000 without the error bar of ρ; "
          + "source: the values in the papers of \(sourced)",
        .optimizer),
      integer("walkers", \.walkers, in: 1...1_048_576, "walkers", .sampling),
      integer("sweeps", \.sweeps, in: 1...100_000, "sweeps before each step", .sampling),
      power,
      integer("hidden", \.hidden, in: 2...4096, "features a layer, H > A", .network),
      integer("layers", \.layers, in: 1...64, "equivariant layers L", .network),
      integer("determinants", \.determinants, in: 1...256, "determinants D", .network),
      integer("states", \.states, in: 1...16, "states K: more than one for the K lowest levels", .network),
      integer("pretrain", \.pretrain, in: 0...1_000_000, "steps of the fit to the oscillator's orbitals", .network),
      steps, target,
    ]

  /// The options of all settings, or of a group.
  static func options(_ group: Option.Group? = nil) -> [Option] {
    all.map(\.option).filter { group == nil || $0.group == group }
  }

  private static let steps = Setting(
    option: Option(
      "steps", .integer(0...1_000_000_000), "steps in all, also with --resume", note: "the optimiser's", group: .run),
    read: { $0.steps = Int($1) }, json: { $0.steps.map { JSONValue($0) } ?? .null })

  private static let target = Setting(
    option: Option(
      "target", .number(1e-6...1),
      "end once the energy on new walkers has settled to this relative accuracy (below); also with --resume",
      note: SolveSettings.targetNote, group: .run),
    read: { $0.target = Double($1) }, json: { $0.target.map { JSONValue($0) } ?? .null })

  private static let power = Setting(
    option: Option(
      "power", .number(MetropolisWalk.powers), "p: walkers follow |ψ|^p, and count with their weights",
      note: exceptions { digits($0.samplingPower) }, group: .sampling),
    read: { $0.power = Double($1) }, json: { $0.power.map { JSONValue($0) } ?? .null })

  /// What most optimisers have, and the others by name: "2; 1 of pi-dgd".
  private static func exceptions(_ value: (any OptimizerSettings.Type) -> String) -> String {
    let groups = Dictionary(grouping: optimizers, by: value).sorted {
      ($0.value.count, $0.key) > ($1.value.count, $1.key)
    }
    let others = groups.dropFirst().map { group in
      "\(group.key) of \(group.value.map { $0.name }.joined(separator: ", "))"
    }
    return ([groups.first?.key ?? ""] + others).joined(separator: "; ")
  }

  /// The optimisers with values of a source.
  static let sourced = optimizers.filter { $0.source != nil }.map { $0.name }.joined(separator: ", ")

  private static let optimizerHelp = "its name, from the list below"

  /// One setting for each name, whichever optimisers have it.
  private static var hyperparameters: [Setting] {
    SolveSettings.hyperparameterNames.map { name, _ in
      let takers = optimizers.compactMap { method in
        method.options.first { $0.name == name }.map { (method: method.name, option: $0) }
      }
      let bounds = takers.reduce(takers[0].option.bounds) {
        min($0.lowerBound, $1.option.bounds.lowerBound)...max($0.upperBound, $1.option.bounds.upperBound)
      }
      return Setting(
        option: Option(name, .number(bounds), takers[0].option.help, note: "see below", group: .optimizer),
        read: { $0.hyperparameters[name] = Double($1) },
        json: { $0.hyperparameters[name].map { JSONValue($0) } ?? .null })
    }
  }
}

// MARK: Kinds

extension Setting {
  private static func integer(
    _ name: String, _ path: Path<Int>, in bounds: ClosedRange<Int>, _ help: String, _ group: Option.Group
  ) -> Setting {
    Setting(
      option: Option(
        name, .integer(bounds), help, default: String(SolveSettings()[keyPath: path]), group: group),
      read: { settings, text in if let value = Int(text) { settings[keyPath: path] = value } },
      json: { JSONValue($0[keyPath: path]) })
  }

  private static func number(
    _ name: String, _ path: Path<Double>, in bounds: ClosedRange<Double>, _ help: String, _ group: Option.Group
  ) -> Setting {
    Setting(
      option: Option(
        name, .number(bounds), help, default: digits(SolveSettings()[keyPath: path]), group: group),
      read: { settings, text in if let value = Double(text) { settings[keyPath: path] = value } },
      json: { JSONValue($0[keyPath: path]) })
  }

  private static func text(
    _ name: String, _ path: Path<String?>, _ what: String, _ help: String
  ) -> Setting {
    Setting(
      option: Option(name, .text(what), help, group: .system), read: { $0[keyPath: path] = $1 },
      json: { JSONValue($0[keyPath: path]) })
  }

  private static func choice(
    _ name: String, _ path: Path<String>, _ names: [String], _ help: String, _ group: Option.Group
  ) -> Setting {
    Setting(
      option: Option(name, .choice(names), help, default: SolveSettings()[keyPath: path], group: group),
      read: { $0[keyPath: path] = $1 }, json: { JSONValue($0[keyPath: path]) })
  }

  private static func optionalChoice(
    _ name: String, _ path: Path<String?>, _ names: [String], _ help: String, _ group: Option.Group
  ) -> Setting {
    Setting(
      option: Option(name, .choice(names), help, group: group), read: { $0[keyPath: path] = $1 },
      json: { JSONValue($0[keyPath: path]) })
  }
}
