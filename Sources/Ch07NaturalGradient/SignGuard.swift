import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// δ ← t δ with the first t = 1, ½, ¼, … for which not many more walkers are on the wrong side of a node than before.
///
/// A quadratic model knows ψ at the walkers and nothing of its zeros. A step that puts a new node into ψ leaves the walkers
/// beyond it on the wrong side, and a state can settle there: within each side of a node it may come close to an eigenstate,
/// with an energy that is too high and hardly a variance. So a step that would make more than `growth` times as many such
/// walkers is shortened, as a line search would do. Sides are told by the sign that ψ has for the order of the particles
/// (`wrongSignFraction`), which is for fermions in one dimension. What the guard cannot see is a node that passes where no walker
/// stands.
public struct SignGuard: StepLength {
  /// δ before it is shortened.
  public var length: any StepLength
  /// How often it is halved, at most.
  public var halvings: Int
  /// How many times as many walkers may be on the wrong side as before, at least 1.
  public var growth: Double

  /// A growth below 1 or a negative number of halvings stops the program.
  public init(_ length: any StepLength, growth: Double = 1, halvings: Int = 4) {
    precondition(growth >= 1 && halvings >= 0, "a growth below 1, or a negative number of halvings")
    (self.length, self.growth, self.halvings) = (length, growth, halvings)
  }

  public var order: JetOrder { length.order }
  public var diagnostics: [Diagnostic] { length.diagnostics + [.signsKept] }

  /// The step of the guarded length, halved `halvings` times at most.
  ///
  /// - Complexity: at most `halvings` times values of ψ at the walkers.
  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    let step = length.step(direction, previous: previous, sample, lambda: lambda, report: &report)
    let t = acceptedPart(halvings: halvings) { keepsSides(sample, step.change, $0) }
    report[.signsKept] = t
    // What was predicted of δ is not known of t δ.
    return t == 1 ? step : (step.change.map { t * $0 }, nil)
  }

  /// Whether few enough walkers are on the wrong side of a node at θ + t δ.
  private func keepsSides(_ sample: Sample, _ change: [Double], _ t: Double) -> Bool {
    let moved = sample.moved(by: change, times: t)
    let sign = moved.evaluate(sample.walkers, order: .value, threads: sample.threads).sign
    return wrongSignFraction(sign: sign, positions: sample.walkers.positions, particles: sample.walkers.particles)
      <= growth * sample.energies.wrongSignFraction
  }

  public mutating func adapt(to verdict: Verdict?) { length.adapt(to: verdict) }

  public func save(to state: inout OptimizerState) { state.append("length", length) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    length = try reader.part("length", length)
  }
}

extension Diagnostic {
  /// The part of a step that was made, so that few walkers are on the wrong side of a node.
  public static let signsKept = Diagnostic(
    "signs_kept", symbol: "t", "part of the step that keeps walkers on their side")
}
