import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// δ = η Δ min(1, √(c/(η² ΔᵀAΔ))): no step has δᵀAδ above c, the bound in its unit, since the quadratic model holds near
/// δ = 0 only. Where δᵀAδ is negative, λ‖δ‖² stands for it. Where there is a largest ‖δ‖ as well, the smaller step is taken.
///
/// With the decision metric ½ δᵀAδ is the step's divergence in ħω, with Fisher's the divergence of Kullback and
/// Leibler, to second order. A step that is taken back leaves a quarter of the bound in use, which grows by a tenth a
/// step, from the next one on.
public struct MetricBound: StepLength {
  /// A, by which a step is measured.
  public let metric: any ParameterMetric
  /// The largest δᵀAδ, in `unit`.
  public var bound: Double
  /// What the bound is measured in; ħω, or a plain number for a metric that is no energy.
  public var unit: EnergyUnit
  /// η, before the bound.
  public var learningRate: LearningRate
  /// The largest ‖δ‖; infinity for none.
  public var largestNorm: Double
  /// Whether -g is taken in place of a Δ with gᵀΔ > 0, which the solution with a matrix that is not positive can be. A
  /// direction with a memory of earlier steps may go uphill for a while; it is not for those.
  public var avoidsUphill: Bool
  /// The part of the bound that is in use.
  private var trust = 1.0

  /// The bounds must be positive; anything else stops the program.
  public init(
    _ bound: Double, in metric: any ParameterMetric, unit: EnergyUnit = .quantum,
    learningRate: LearningRate = LearningRate(1), largestNorm: Double = .infinity, avoidsUphill: Bool = false
  ) {
    precondition(bound > 0 && largestNorm > 0, "positive bounds are needed")
    (self.metric, self.bound, self.unit) = (metric, bound, unit)
    (self.learningRate, self.largestNorm, self.avoidsUphill) = (learningRate, largestNorm, avoidsUphill)
  }

  public var order: JetOrder { metric.order }
  public var diagnostics: [Diagnostic] { [.alpha, .boundActive] + (avoidsUphill ? [.uphill] : []) }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    let rate = learningRate(step: sample.step)
    let isUphill = avoidsUphill && dot(sample.gradient, direction) > 0
    if isUphill { report.note(.uphill) }
    var change = (isUphill ? sample.gradient.map { -$0 } : direction).map { rate * $0 }
    let square = metric.forms([change], sample)[0, 0]
    // Where δᵀAδ is negative, λ‖δ‖² stands for it.
    let length = square >= 0 ? square : lambda * dot(change, change)
    let largest = trust * bound * unit.value(sample)
    let alpha = min(1, (largest / length).squareRoot(), largestNorm / norm(change))
    scale(&change, by: alpha)
    report[.alpha] = rate * alpha
    if alpha < 1 { report.note(.boundActive) }
    return (change, 0.5 * alpha * alpha * square + dot(sample.gradient, change))
  }

  public mutating func adapt(to verdict: Verdict?) { trust = verdict == .rejected ? trust / 4 : min(1, 1.1 * trust) }

  public func save(to state: inout OptimizerState) { state.append("trust", trust) }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    trust = try reader.number("trust", in: Double.leastNonzeroMagnitude...1)
  }
}

/// What a bound on an energy is measured in.
public enum EnergyUnit: Sendable {
  /// ħω.
  case quantum
  /// The energy of A free fermions in the trap, A²/2 ħω in that of the book: for bounds that are to grow with the system.
  case freeFermions

  /// The unit in ħω: 1, or A²/(2ℓ²) for free fermions.
  /// - Parameters:
  ///   - particles: A.
  ///   - length: ℓ of the trap (`Hamiltonian.length`), in oscillator lengths.
  public func value(particles: Int, length: Double) -> Double {
    switch self {
    case .quantum: 1
    case .freeFermions: 0.5 * Double(particles * particles) / (length * length)
    }
  }

  /// In ħω, of the sample's system.
  func value(_ sample: Sample) -> Double {
    value(particles: sample.walkers.particles, length: sample.hamiltonian.length)
  }
}

extension Diagnostic {
  /// The direction went uphill, and -g has been taken.
  public static let uphill = Diagnostic(event: "uphill", "direction uphill, -g instead")
  /// The step would have been longer.
  public static let boundActive = Diagnostic(event: "bound_active", "step bounded")
}
