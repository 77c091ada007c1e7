import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual
import Ch12DecisionalGradientDescent

/// The linear method: the lowest state in the space of ψ and its derivatives, to first order in them.
///
///     [ Ē    ½gᵀ ] [1]       [1     ] [1]
///     [ ½g    H̄  ] [Δ]  = E  [    S ] [Δ],        H̄ = ½G + W + Ē S
///
/// The second row is (G + 2W + 2(Ē - E)S) Δ = -g, projected inverse iteration with E itself for a shift, and the first
/// says E = Ē + ½ gᵀΔ. So the eigenvalue problem of thousands of rows is a few systems, each with an E of the last one: of
/// s = Ē - E the first row makes f(s) = -½ gᵀΔ, with f' = -D and D = ΔᵀSΔ, so that Newton's step for s = f(s) is
///
///     s ← (D s + f)/(1 + D)
///
/// Δ belongs to ψ (1 + O_c·Δ), which is not normalised as ψ(θ + Δ) is: Δ/√(1 + D) makes the change as long as it is
/// (`rescaled`). One widely used code has the sign of D's part the other way, which lengthens the step.
///
/// - Source: Nightingale and Melik-Alaverdian, Phys. Rev. Lett. 87, 043401 (2001); Toulouse and Umrigar,
///   J. Chem. Phys. 126, 084102 (2007).
public struct LinearMethodDirection: Direction {
  /// What solves the systems.
  public var solver: any LinearSolver
  /// The most systems a step, at least 1.
  public var rounds: Int
  /// Whether G stands for 2 E[O_c K_cᵀ] alone, without W: the matrix is positive then.
  public var leavesOutW: Bool

  /// No round stops the program.
  public init(solver: any LinearSolver, rounds: Int = 4, leavesOutW: Bool = true) {
    precondition(rounds > 0, "at least one round is needed")
    (self.solver, self.rounds, self.leavesOutW) = (solver, rounds, leavesOutW)
  }

  public var order: JetOrder { .gradient }
  public var diagnostics: [Diagnostic] { [.levelShift] + (solver.diagnostic.map { [$0] } ?? []) }

  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    let (g, solver) = (sample.gradient, solver)
    let base: any ParameterMetric = leavesOutW ? DecisionMetric() : DecisionMetric() + 2 * EnergyWeightedMetric()
    // A first guess of Ē - E: σ, within which some level lies.
    var shift = WeightedMean(sample.clippedEnergies, weights: sample.weights).variance.squareRoot()
    var delta: [Double]?
    var (iterations, overlap) = (0, 0.0)
    for _ in 0..<rounds {
      let weight = 0.5 * shift
      let system = LinearSystem(
        { v in
          var y = base.product(v, sample, precision: solver.precision)
          add(weight, FisherMetric().product(v, sample), to: &y)
          return y
        }, rightHandSide: g.map { -$0 }, shift: lambda, start: delta)
      let found = solver.solution(of: system)
      iterations = max(iterations, found.iterations)
      let depth = -0.5 * dot(g, found.x)
      // Only a lower level is a level.
      guard depth > 0, depth.isFinite else { break }
      delta = found.x
      overlap = 0.25 * FisherMetric().forms([found.x], sample)[0, 0]
      let next = (overlap * shift + depth) / (1 + overlap)
      let change = abs(next - shift)
      shift = next
      if change < 1e-3 * shift { break }
    }
    report[.levelShift] = shift
    if let diagnostic = solver.diagnostic { report[diagnostic] = Double(iterations) }
    guard let delta else { return g.map { -$0 } }
    return Self.rescaled(delta, overlap: overlap)
  }

  /// Δ/√(1 + D).
  ///
  /// - Parameters:
  ///   - delta: Δ.
  ///   - overlap: D = ΔᵀSΔ.
  public static func rescaled(_ delta: [Double], overlap: Double) -> [Double] {
    let factor = 1 / (1 + max(0, overlap)).squareRoot()
    return delta.map { factor * $0 }
  }
}

/// The linear method with a damping, a bound on the step, and without W.
public struct LinearMethod: SecondOrderSettings {
  public static let name = "linear-method"
  public static let title = "the linear method, by its self-consistent shift"
  public static let family = OptimizerFamily.hessian
  public static let defaultSteps = 200
  public static let hyperparameters = [
    Hyperparameter.lambda(\Self.lambda),
    .bound(\Self.bound),
  ]

  /// λ. One seed of A = 2, V0 = -20 came to 1.1e-3 in 60 steps with 0.001, to 8e-3 with 0.1, 2e-2 with 0.01: noise is much of it.
  public var lambda = 1e-3
  /// The largest δᵀGδ, in units of free fermions (`EnergyUnit.freeFermions`).
  public var bound = 0.1
  /// The systems, and how many of them.
  public var direction = LinearMethodDirection(solver: MinimumResidual(tolerance: 1e-2, iterationLimit: 30))

  public init() {}

  public var optimizer: SecondOrder {
    .bounded(Self.name, direction, lambda: lambda, bound: bound)
  }
}

extension Diagnostic {
  /// Ē - E, how far the lowest level of the linear space lies below the energy.
  public static let levelShift = Diagnostic(
    "level_shift", symbol: "Ē - E", "how far the linear method's level lies below")
}
