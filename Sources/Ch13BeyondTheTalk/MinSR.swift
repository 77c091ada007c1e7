import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// MinSR: the shortest step that the walkers ask for, δ = -½ η Ōᵀ(T + λ/4)⁻¹ ε̄.
///
/// For λ > 0 it is natural gradient, -η (F + λ)⁻¹ g, and for λ → 0 the δ of least norm among all that fit every walker. With
/// 8 580 parameters and 512 walkers the matrix has 512 rows instead of 8 580.
///
/// - Source: Chen and Heyl, arXiv:2302.01941.
public struct MinSR: FisherFamilySettings {
  public static let name = "minsr"
  public static let title = "MinSR, natural gradient solved over walkers"
  public static let defaultSteps = 400

  /// λ, η and the bound.
  public var family = FisherFamily(learningRate: 0.2)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: KernelDirection(), damping: ConstantDamping(family.lambda), length: family.length)
  }
}

/// SPRING: MinSR with the last direction as a prior.
///
///     d = argmin ‖2Ōd + ε̄‖² + λ ‖d - μ d_prev‖²,       δ = η d, no longer than the bound
///
/// What one batch of walkers does not determine is kept from the batches before it, as in the method of Kaczmarz.
///
/// - Source: Goldshlager, Abrahamsen, Lin, arXiv:2401.10190.
public struct Spring: FisherFamilySettings {
  public static let name = "spring"
  public static let title = "SPRING, MinSR with the last direction as a prior"
  public static let defaultSteps = 400
  public static let hyperparameters =
    familyHyperparameters
    + [Hyperparameter.mu(\Self.mu)]

  /// λ, η and the bound.
  public var family = FisherFamily(learningRate: 0.1)
  /// μ.
  public var mu = 0.95

  public init() {}

  /// Of the paper's code: μ = 0.99, λ' = λ/4 = 0.001, η' = η/2 = 0.05/(1 + 10⁻⁴ k), ‖δ‖² ≤ 0.001.
  public static var source: Self? {
    var settings = Self()
    settings.mu = 0.99
    settings.family = .ofSpring
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: KernelDirection(.fixed(mu)), damping: ConstantDamping(family.lambda),
      length: family.length)
  }
}

/// PRIME-SR: SPRING with a μ that follows from the walkers (`AutomaticMomentum`).
///
/// - Source: Wang and Liu, arXiv:2604.18357.
public struct PrimeSR: FisherFamilySettings {
  public static let name = "prime-sr"
  public static let title = "PRIME-SR, SPRING with automatic momentum"
  public static let defaultSteps = 400

  /// λ, η and the bound.
  public var family = FisherFamily(learningRate: 0.1)

  public init() {}

  /// Of the paper's code: those of SPRING.
  public static var source: Self? {
    var settings = Self()
    settings.family = .ofSpring
    return settings
  }

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: KernelDirection(.automatic), damping: ConstantDamping(family.lambda),
      length: family.length)
  }
}

/// What the methods of Fisher's family have in common: λ, η, and how long a step may be.
///
/// -η (F + λ)⁻¹ g is imaginary time: the error in an excitation of energy ω falls by ηω/2 a step, and beyond η = 2/ω it
/// changes its sign at each: η has to stay below 4/ω of the highest one that the network can make.
public struct FisherFamily: Sendable {
  /// η, in 1/ħω.
  public var learningRate: LearningRate
  /// λ, of F + λ.
  public var lambda: Double
  /// The largest δᵀFδ.
  public var bound: Double
  /// The largest ‖δ‖; infinity for none.
  public var largestNorm: Double

  /// Numbers that are not positive stop the program.
  public init(
    learningRate: Double, lambda: Double = 0.01, bound: Double = 0.1, decaySteps: Double = .infinity,
    largestNorm: Double = .infinity
  ) {
    precondition(lambda > 0 && bound > 0 && largestNorm > 0, "positive numbers are needed")
    self.learningRate = LearningRate(learningRate, decaySteps: decaySteps)
    (self.lambda, self.bound, self.largestNorm) = (lambda, bound, largestNorm)
  }

  /// A bound that none of these steps reaches: papers' codes bound ‖δ‖ alone.
  static let unbounded = 1e12

  /// Of SPRING's code.
  static let ofSpring = FisherFamily(
    learningRate: 0.1, lambda: 4e-3, bound: unbounded, decaySteps: 1e4, largestNorm: 1e-3.squareRoot())

  var length: any StepLength {
    MetricBound(bound, in: FisherMetric(), learningRate: learningRate, largestNorm: largestNorm)
  }
}

/// Settings that have a ``FisherFamily``.
public protocol FisherFamilySettings: SecondOrderSettings {
  /// λ, η and the bound.
  var family: FisherFamily { get set }
}

extension FisherFamilySettings {
  /// Fisher's.
  public static var family: OptimizerFamily { .fisher }
  /// Learning rate, λ and bound.
  public static var hyperparameters: [Hyperparameter<Self>] { familyHyperparameters }

  static var familyHyperparameters: [Hyperparameter<Self>] {
    [
      .learningRate(\Self.family.learningRate.initial),
      .lambda(\Self.family.lambda),
      .bound(\Self.family.bound),
    ]
  }
}
