/// An optimiser by name, with its hyper-parameters: each with its default, its bounds and what it is for, once.
///
/// The command line's options, the settings that a run keeps, and what an optimiser does not have follow from this. A
/// new optimiser is a type with this protocol, in a file of its own, and a line in the list of all.
///
///     struct HeavyBall: OptimizerSettings {
///       static let name = "heavy-ball"
///       static let title = "gradient descent with momentum"
///       static let defaultSteps = 600
///       /// Tried at A = 2, V0 = -20: …
///       var learningRate = 1e-3
///       static let hyperparameters = [Hyperparameter("learning-rate", \Self.learningRate, in: 1e-12...1e6, "learning rate")]
///       func makeOptimizer() -> any Optimizer { … }
///     }
public protocol OptimizerSettings: Sendable {
  /// As the command line names it: lower case, words joined by hyphens.
  static var name: String { get }
  /// In words.
  static var title: String { get }
  /// Where lists put it.
  static var family: OptimizerFamily { get }
  /// Steps of a run unless it is told otherwise.
  static var defaultSteps: Int { get }
  /// p: the power of |ψ| that walkers follow while this optimiser works (`MetropolisWalk.power`).
  static var samplingPower: Double { get }
  /// Whether it works on layers that several states go through side by side (chapter 14).
  static var acceptsSeveralStates: Bool { get }
  /// The relative accuracy at which a run ends before that (`haveArrived`); nil to go on to the last step.
  static var defaultTarget: Double? { get }
  /// What a user may set by name.
  static var hyperparameters: [Hyperparameter<Self>] { get }
  /// The values of Drissi's talk (see `DecisionalGradientDescent`), where it has others.
  static var talk: Self { get }
  /// The values of the paper or the code that an optimiser is from; nil where none are known beside the defaults.
  static var source: Self? { get }

  /// The defaults.
  init()
  /// The optimiser, at its first step.
  func makeOptimizer() -> any Optimizer
}

extension OptimizerSettings {
  /// General-purpose, unless it says otherwise.
  public static var family: OptimizerFamily { .general }

  /// 2: ψ's own density.
  public static var samplingPower: Double { 2 }

  /// It does: what most optimisers ask of a layer does not depend on how many sets of particles share it.
  public static var acceptsSeveralStates: Bool { true }

  /// None.
  public static var defaultTarget: Double? { nil }

  /// The defaults, for what the talk does not have.
  public static var talk: Self { Self() }

  /// None.
  public static var source: Self? { nil }
}

/// A number that a user may set: its name, where it lies, its bounds, and what it is for. Its default is where it lies.
public struct Hyperparameter<Settings: OptimizerSettings>: Sendable {
  /// Lower case, words joined by hyphens.
  public let name: String
  /// Where the number lies in the settings.
  public let keyPath: any WritableKeyPath<Settings, Double> & Sendable
  /// The values that are allowed, ends included.
  public let bounds: ClosedRange<Double>
  /// What it is for, in a line of help.
  public let help: String

  /// A hyper-parameter as it is; neither name nor bounds are checked.
  public init(
    _ name: String, _ keyPath: any WritableKeyPath<Settings, Double> & Sendable, in bounds: ClosedRange<Double>,
    _ help: String
  ) {
    (self.name, self.keyPath, self.bounds, self.help) = (name, keyPath, bounds, help)
  }
}

extension OptimizerSettings {
  /// Names, bounds and help of the hyper-parameters, whatever the type of the settings.
  public static var options: [(name: String, bounds: ClosedRange<Double>, help: String, standard: Double)] {
    let standard = Self()
    return hyperparameters.map { ($0.name, $0.bounds, $0.help, standard[keyPath: $0.keyPath]) }
  }

  /// Every hyper-parameter with the value that it has here, by name, in their order.
  public var values: [(name: String, value: Double)] {
    Self.hyperparameters.map { ($0.name, self[keyPath: $0.keyPath]) }
  }

  /// The defaults, or those of a preset, with some of them set by name.
  ///
  /// - Parameters:
  ///   - values: by name; names that these settings do not have are left alone. Bounds are not checked.
  ///   - preset: whose values are taken for those that are not named; nil for the defaults.
  public init(_ values: [String: Double], preset: OptimizerPreset? = nil) {
    switch preset {
    case .talk: self = Self.talk
    case .source: self = Self.source ?? Self()
    case nil: self = Self()
    }
    for parameter in Self.hyperparameters {
      if let value = values[parameter.name] { self[keyPath: parameter.keyPath] = value }
    }
  }
}

/// What an optimiser divides the gradient by, as lists group them.
public enum OptimizerFamily: String, Sendable, CaseIterable {
  /// Nothing that knows of ψ.
  case general = "General-purpose"
  /// Fisher's metric, or a stand-in.
  case fisher = "Fisher's metric"
  /// The energy's Hessian, or a model of it.
  case hessian = "Models of the energy's Hessian"
  /// The decision metric.
  case decision = "The decision metric"
  /// Fisher's metric again, with the gradient of another one.
  case wasserstein = "Wasserstein's metric"
}

/// Values of hyper-parameters that somebody else has used, by their name on the command line.
public enum OptimizerPreset: String, Sendable, CaseIterable {
  /// Of Drissi's talk.
  case talk
  /// Of the paper or the code that an optimiser is from.
  case source
}
