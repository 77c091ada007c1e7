import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// MARCH's damping: a parameter whose directions have fluctuated is held more tightly, s = √v.
///
/// Either v follows the increments of the direction, as in the paper, or the diagonal of Fisher's metric, as in the
/// authors' later code:
///
///     increments:   v ← β v + (1 - β) (d_k - d_{k-1})²                  variance:   v ← β v + (1 - β) diag F / mean(diag F)
///
/// Both are given over the mean of √v, so that λ means as much as it does without; no s is below 10⁻³. v begins at its first
/// value, and before that s = 1.
public struct MomentScale: DampingScale {
  /// What v follows.
  public enum Source: Sendable {
    /// (d_k - d_{k-1})².
    case increments
    /// The diagonal of Fisher's metric over its mean.
    case variance
  }
  /// What v follows.
  public let source: Source
  /// β.
  public var decay: Double
  private var moments: [Double]?
  private var last: [Double]?

  /// A decay outside of [0, 1) stops the program.
  public init(_ source: Source, decay: Double = 0.995) {
    precondition((0..<1).contains(decay), "a decay from 0 to 1 is needed, got \(decay)")
    (self.source, self.decay) = (source, decay)
  }

  public var order: JetOrder { .value }

  public mutating func scale(_ sample: Sample) -> [Double] {
    if source == .variance {
      let diagonal = FisherMetric().diagonal(sample)
      let mean = diagonal.reduce(0, +) / Double(max(1, diagonal.count))
      follow(diagonal.map { mean > 0 ? $0 / mean : 1 })
    }
    guard let moments else { return [Double](repeating: 1, count: sample.gradient.count) }
    // √v over its mean, so that λ keeps its size; never 0.
    let roots = moments.map { $0.squareRoot() }
    let mean = roots.reduce(0, +) / Double(max(1, roots.count))
    guard mean > 0 else { return [Double](repeating: 1, count: roots.count) }
    return roots.map { max($0 / mean, 1e-3) }
  }

  public mutating func note(direction: [Double]) {
    guard source == .increments else { return }
    if let last { follow(zip(direction, last).map { ($0 - $1) * ($0 - $1) }) }
    last = direction
  }

  private mutating func follow(_ values: [Double]) {
    guard let moments else {
      self.moments = values
      return
    }
    self.moments = zip(moments, values).map { decay * $0 + (1 - decay) * $1 }
  }

  public func save(to state: inout OptimizerState) {
    state.append("moments", moments)
    if source == .increments { state.append("last", last) }
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    moments = try reader.list("moments", count: reader.parameterCount)
    guard moments?.allSatisfy({ $0 >= 0 }) ?? true else { throw OptimizerStateError("tensor moments is negative") }
    if source == .increments { last = try reader.list("last", count: reader.parameterCount) }
  }
}

/// MARCH: SPRING whose prior holds each parameter by how much its directions have fluctuated.
///
///     d = argmin ‖2Ōd + ε̄‖² + λ Σ_p √v_p (d_p - μ d_prev,p)²
///
/// - Source: Gu et al., arXiv:2507.02644; the second form of v in bytedance/jaqmc, docs/guide/optimizers.
public struct March: FisherFamilySettings {
  public static let name = "march"
  public static let title = "MARCH, SPRING with a prior that knows each parameter's fluctuation"
  public static let defaultSteps = 400
  public static let hyperparameters =
    familyHyperparameters
    + [Hyperparameter.mu(\Self.mu)]

  /// λ, η and the bound.
  public var family = FisherFamily(learningRate: 0.1)
  /// μ.
  public var mu = 0.95
  /// v.
  public var scale = MomentScale(.increments)
  /// Conjugate gradients: √v stands in the way of the kernel's products of layers.
  public var solver = ConjugateGradients(tolerance: 1e-3, iterationLimit: 100)

  public init() {}

  /// Of the code quantax: η' = η/2 = 1, ‖δ‖ ≤ 0.1, μ = 0.95 and 0.995 for v's memory. λ is left as it is here.
  public static var source: Self? {
    var settings = Self()
    settings.family = FisherFamily(learningRate: 2, bound: FisherFamily.unbounded, largestNorm: 0.1)
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name,
      direction: MetricDirection(
        .whole(FisherMetric()), scale: scale, prior: Prior(mu, mean: .lastDirection), solver: solver),
      damping: ConstantDamping(family.lambda), length: family.length)
  }
}
