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
public struct SignGuard: ShortenedLength {
  public var length: any StepLength
  public var halvings: Int
  /// How many times as many walkers may be on the wrong side as before, at least 1.
  public var growth: Double

  /// A growth below 1 or a negative number of halvings stops the program.
  public init(_ length: any StepLength, growth: Double = 1, halvings: Int = 4) {
    precondition(growth >= 1 && halvings >= 0, "a growth below 1, or a negative number of halvings")
    (self.length, self.growth, self.halvings) = (length, growth, halvings)
  }

  public static var part: Diagnostic { .signsKept }

  /// Whether few enough walkers are on the wrong side of a node at θ + t δ.
  /// - Complexity: values of ψ at the walkers.
  public func accepts(_ change: [Double], times t: Double, _ sample: Sample) -> Bool {
    let moved = sample.moved(by: change, times: t)
    let sign = moved.evaluate(sample.walkers, order: .value, threads: sample.threads).sign
    return wrongSignFraction(sign: sign, positions: sample.walkers.positions, particles: sample.walkers.particles)
      <= growth * sample.energies.wrongSignFraction
  }
}

extension Diagnostic {
  /// The part of a step that was made, so that few walkers are on the wrong side of a node.
  public static let signsKept = Diagnostic(
    "signs_kept", symbol: "t", "part of the step that keeps walkers on their side")
}
