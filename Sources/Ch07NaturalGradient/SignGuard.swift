import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// δ ← t δ with the first t = 1, ½, ¼, … for which no more walkers are on the wrong side of a node than before.
///
/// A quadratic model knows ψ at the walkers and nothing of its zeros. A step that moves a node across a walker leaves it
/// on the wrong side, where ψ is small, and a walk hardly finds its way back; such walkers hold the energy up for a hundred
/// steps. So a step that would make more of them is shortened, as a line search would do; one that brings some back is
/// not. Sides are told by the sign that ψ has for the order of the particles (`wrongSignFraction`), which is for fermions
/// in one dimension. What the guard cannot see is a node that passes where no walker stands.
public struct SignGuard: StepLength {
  /// δ before it is shortened.
  public var length: any StepLength
  /// How often it is halved, at most.
  public var halvings: Int

  public init(_ length: any StepLength, halvings: Int = 4) {
    precondition(halvings >= 0, "the number of halvings must not be negative")
    (self.length, self.halvings) = (length, halvings)
  }

  public var order: JetOrder { length.order }
  public var diagnostics: [Diagnostic] { length.diagnostics + [.signsKept] }

  /// - Complexity: one to `halvings` + 1 values of ψ at the walkers.
  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    let step = length.step(direction, previous: previous, sample, lambda: lambda, report: &report)
    var (t, left) = (1.0, halvings)
    while left > 0, !keepsSides(sample, step.change, t) { (t, left) = (t / 2, left - 1) }
    report[.signsKept] = t
    // What was predicted of δ is not known of t δ.
    return t == 1 ? step : (step.change.map { t * $0 }, nil)
  }

  /// Whether no more walkers are on the wrong side of a node at θ + t δ than at θ.
  private func keepsSides(_ sample: Sample, _ change: [Double], _ t: Double) -> Bool {
    let parameters = zip(sample.ansatz.parameters, change).map { $0 + t * $1 }
    let moved = sample.ansatz.with(parameters: parameters)
    let sign = moved.evaluate(sample.walkers, order: .value, threads: sample.threads).sign
    return wrongSignFraction(sign: sign, positions: sample.walkers.positions, particles: sample.walkers.particles)
      <= sample.energies.wrongSignFraction
  }

  public mutating func adapt(to verdict: Verdict?) { length.adapt(to: verdict) }

  public func save(to state: inout OptimizerState) { state.append("length", length) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    length = try reader.part("length", length)
  }
}

extension Diagnostic {
  /// The part of a step that was made, so that no more walkers are on the wrong side of a node.
  public static let signsKept = Diagnostic(
    "signs_kept", symbol: "t", "part of the step that keeps walkers on their side")
}
