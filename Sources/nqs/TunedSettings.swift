import AppendixFiles
import NeuralQuantumStates

/// What `nqs tune` has found for one optimiser: its hyper-parameters, and as many steps as its budget pays for.
struct TunedSettings {
  let optimizer: String
  let steps: Int
  let hyperparameters: [String: Double]

  init(optimizer: String, steps: Int, hyperparameters: [String: Double]) {
    (self.optimizer, self.steps, self.hyperparameters) = (optimizer, steps, hyperparameters)
  }

  /// Where a folder keeps it.
  static func path(_ optimizer: String, in folder: String) -> String { joinPath(folder, optimizer + ".json") }

  /// Those of a folder, checked like options; nil for one that is not there.
  init?(_ optimizer: String, in folder: String) throws(CommandError) {
    let path = TunedSettings.path(optimizer, in: folder)
    guard exists(path) else { return nil }
    let json = try files { () throws(FileError) in
      try JSONValue.parse(try readBytes(path, wantsRegularFile: true), path: path)
    }
    guard json["optimizer"]?.text == optimizer, let steps = json["steps"]?.int, (0...1_000_000_000).contains(steps),
      let members = json["hyperparameters"]?.members
    else {
      throw .data("\(path): optimizer, steps or hyperparameters are missing; what nqs tune writes is needed")
    }
    guard json["score"]?.isNull != true else {
      throw .data("\(path): every trial of \(optimizer) was lost; there are no values to take")
    }
    let options = optimizers.first { $0.name == optimizer }?.options ?? []
    var values: [String: Double] = [:]
    for member in members {
      guard let option = options.first(where: { $0.name == member.key }), let value = member.value.double,
        option.bounds.contains(value)
      else { throw .data("\(path): \(member.key) is no hyper-parameter of \(optimizer), or out of its bounds") }
      values[member.key] = value
    }
    self.init(optimizer: optimizer, steps: steps, hyperparameters: values)
  }

  /// Those that `--tuned` names, by optimiser; none without that option.
  static func read(
    _ arguments: Arguments, optimizers names: [String]
  ) throws(CommandError) -> [String: TunedSettings] {
    guard let folder = arguments.given("tuned") else { return [:] }
    try files { () throws(FileError) in try requireFolder(folder) }
    var found: [String: TunedSettings] = [:]
    for name in names {
      guard let tuned = try TunedSettings(name, in: folder) else {
        throw .data(
          "\(TunedSettings.path(name, in: folder)) is missing; nqs tune --optimizers \(name) --output \(folder) makes it"
        )
      }
      found[name] = tuned
    }
    return found
  }

  /// Takes these where the command line gives nothing else.
  func apply(to settings: inout SolveSettings) {
    settings.hyperparameters.merge(hyperparameters) { given, _ in given }
    settings.steps = settings.steps ?? steps
  }
}

extension Option {
  static let tuned = Option(
    "tuned", .path("DIR"), "hyper-parameters and steps as nqs tune left them in DIR", group: .optimizer)
}
