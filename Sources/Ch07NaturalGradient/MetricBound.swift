import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// δ = η Δ min(1, √(c/(η² ΔᵀAΔ))): no step has δᵀAδ above c, the bound in its unit, since the quadratic model holds near
/// δ = 0 only. Where δᵀAδ is negative, λ‖δ‖² stands for it.
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
  public var learningRate: Double
  /// The part of the bound that is in use.
  private var trust = 1.0

  /// The bound and the learning rate must be positive; anything else stops the program.
  public init(
    _ bound: Double, in metric: any ParameterMetric, unit: EnergyUnit = .quantum, learningRate: Double = 1
  ) {
    precondition(bound > 0 && learningRate > 0, "a positive bound and learning rate are needed")
    (self.metric, self.bound, self.unit, self.learningRate) = (metric, bound, unit, learningRate)
  }

  public var order: JetOrder { metric.order }
  public var diagnostics: [Diagnostic] { [.alpha, .boundActive] }

  public mutating func step(
    _ direction: [Double], previous: [Double]?, _ sample: Sample, lambda: Double, report: inout Diagnostics
  ) -> (change: [Double], predictedChange: Double?) {
    var change = learningRate == 1 ? direction : direction.map { learningRate * $0 }
    let square = metric.forms([change], sample)[0, 0]
    // Where δᵀAδ is negative, λ‖δ‖² stands for it.
    let length = square >= 0 ? square : lambda * dot(change, change)
    let largest = trust * bound * unit.value(sample)
    let isBounded = length > largest
    let alpha = isBounded ? (largest / length).squareRoot() : 1
    scale(&change, by: alpha)
    report[.alpha] = learningRate * alpha
    if isBounded { report.note(.boundActive) }
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
  /// The step would have been longer.
  public static let boundActive = Diagnostic(event: "bound_active", "step bounded")
}
