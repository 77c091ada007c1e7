import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// ISOPO, a method for training language models by policy gradients, read as an optimiser of variational Monte Carlo: MinSR
/// layer by layer, with a damping that is the mean eigenvalue of the layer's kernel, and a step in its units.
///
///     Δ_l = -½ c_l Ō_lᵀ (T_l + c_l)⁻¹ ε̄,      c_l = average over steps of tr T_l / n
///
/// A walker's advantage is its local energy, a policy's score is ∂_θ ln ψ.
///
/// - Source: N. Abrahamsen, arXiv:2512.23353, the variant with the kernel; that it is this is the book's reading.
public struct LayerKernelDirection: Direction {
  /// The weight of the past in c.
  public var decay = 0.9
  private var scales: [Double]?

  public init() {}

  /// A kernel, of one layer after the other.
  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    WalkerKernel.estimatedBytes(walkers: walkers)
  }

  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    var direction = [Double](repeating: 0, count: sample.gradient.count)
    scales = sample.parameterGroups.indices.map { group in
      let kernel = WalkerKernel(sample, group: group)
      let present = max(1e-12, kernel.matrix.trace / Double(kernel.matrix.rows))
      let scale = scales.map { decay * $0[group] + (1 - decay) * present } ?? present
      add(-0.5 * scale, kernel.pull(kernel.solve(kernel.energies, shift: scale)), to: &direction)
      return scale
    }
    return direction
  }

  public func save(to state: inout OptimizerState) { state.append("scales", scales) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    scales = try reader.list("scales", count: reader.groups.count)
    guard scales?.allSatisfy({ $0 > 0 }) ?? true else { throw OptimizerStateError("tensor scales is not positive") }
  }
}

/// ISOPO as an optimiser of variational Monte Carlo (`LayerKernelDirection`, which has a damping of its own): δ = η Δ with δᵀFδ at
/// most 0.1.
public struct Isopo: SecondOrderSettings {
  public static let name = "isopo"
  public static let title = "ISOPO, MinSR by layers with a damping of their own"
  public static let family = OptimizerFamily.fisher
  public static let defaultSteps = 400
  public static let hyperparameters = [
    Hyperparameter.learningRate(\Self.learningRate.initial)
  ]

  /// η.
  public var learningRate = LearningRate(0.05)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: LayerKernelDirection(), damping: ConstantDamping(1),
      length: MetricBound(0.1, in: FisherMetric(), learningRate: learningRate))
  }
}

/// PROMA's direction: the gradient, and of the last direction what the present walkers' rows do not see.
///
///     d_k = g_k + μ (1 - Ōᵀ(T + λ/4)⁻¹Ō) d_{k-1},        Δ = -d_k
///
/// It is SPRING with a first-order gradient: the last direction is made orthogonal to the walkers' rows, and the gradient is
/// not divided by any metric.
///
/// - Source: N. Abrahamsen, arXiv:2601.10498; that it is this is the book's reading.
public struct ProjectedMemory: Direction {
  /// μ.
  public var mu: Double
  private var last: [Double]?

  /// A μ outside of [0, 1] stops the program.
  public init(_ mu: Double = 0.95) {
    precondition((0...1).contains(mu), "μ must lie between 0 and 1, got \(mu)")
    self.mu = mu
  }

  /// The kernel's.
  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    WalkerKernel.estimatedBytes(walkers: walkers)
  }

  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    var direction = sample.gradient
    if let last, previous != nil {
      let kernel = WalkerKernel(sample)
      let seen = kernel.pull(kernel.solve(kernel.push(last), shift: 0.25 * lambda))
      add(mu, last, to: &direction)
      add(-mu, seen, to: &direction)
    }
    last = direction
    return direction.map { -$0 }
  }

  public func save(to state: inout OptimizerState) { state.append("last", last) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    last = try reader.list("last", count: reader.parameterCount)
  }
}

/// PROMA as an optimiser of variational Monte Carlo (`ProjectedMemory`).
public struct Proma: SecondOrderSettings {
  public static let name = "proma"
  public static let title = "PROMA, gradients with a memory orthogonal to the walkers"
  public static let family = OptimizerFamily.fisher
  public static let defaultSteps = 600
  public static let hyperparameters = [
    Hyperparameter.learningRate(\Self.learningRate.initial),
    .mu(\Self.mu),
  ]

  /// η.
  public var learningRate = LearningRate(0.01)
  /// μ.
  public var mu = 0.95
  /// λ.
  public var lambda = 0.01

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: ProjectedMemory(mu), damping: ConstantDamping(lambda),
      length: MetricBound(0.1, in: FisherMetric(), learningRate: learningRate))
  }
}
