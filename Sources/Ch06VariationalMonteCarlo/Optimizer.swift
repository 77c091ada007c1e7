import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz

/// A rule that turns a sample into a change of the parameters.
///
/// The loop samples, measures and reports; an optimiser is this one function and the numbers that it remembers. Your
/// own runs by the same loop:
///
///     struct SignDescent: Optimizer {
///       let name = "sign"
///       mutating func update(_ sample: Sample) -> Update {
///         Update(change: sample.gradient.map { $0 > 0 ? -1e-3 : 1e-3 })
///       }
///     }
public protocol Optimizer: Resumable {
  /// As tables, files and the command line name it.
  var name: String { get }

  /// How far the derivatives in `Sample.derivatives` go: `.value` for O, `.gradient` for M too, `.laplacian` for K too.
  var order: JetOrder { get }

  /// Numbers and events that `update` may report, in the order of their columns in a history.
  var diagnostics: [Diagnostic] { get }

  /// The version of what `save` writes: one more whenever that changes.
  var stateVersion: Int { get }

  /// δ for this sample. Whatever does not come out finite stops the run.
  mutating func update(_ sample: Sample) -> Update
}

extension Optimizer {
  /// `.value`: O alone.
  public var order: JetOrder { .value }
  /// None: nothing is reported.
  public var diagnostics: [Diagnostic] { [] }
  /// 1, the first version.
  public var stateVersion: Int { 1 }
}

/// What an optimiser decides.
public struct Update: Sendable {
  /// δ: θ ← θ + δ, shape [parameterCount]; another count stops the program.
  public var change: [Double]
  /// What there is to tell of it.
  public var diagnostics: Diagnostics

  /// δ, and what there is to tell of it.
  public init(change: [Double], diagnostics: Diagnostics = Diagnostics()) {
    self.change = change
    self.diagnostics = diagnostics
  }
}
