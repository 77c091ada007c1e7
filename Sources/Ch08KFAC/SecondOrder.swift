import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// Where a step goes, before its length is decided.
public protocol Direction: Sendable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }

  /// Δ, an approximation of -(A + λ)⁻¹ g for a matrix A of the direction's own choosing.
  ///
  /// - Parameter previous: the last step δ_prev; nil at the first.
  mutating func direction(_ sample: inout Sample, previous: [Double]?, lambda: Double) -> [Double]

  /// Told what the rescaling made of it; adapts what there is to adapt (γ).
  mutating func adapt(_ sample: inout Sample, previous: [Double]?, lambda: Double, model: any ParameterMetric)

  /// γ and MINRES iterations, where there are any.
  func report(into diagnostics: inout Update.Diagnostics)

  /// What a resumed run needs.
  var memory: [String: [Double]] { get set }
}

extension Direction {
  public mutating func adapt(
    _ sample: inout Sample, previous: [Double]?, lambda: Double, model: any ParameterMetric
  ) {}
  public func report(into diagnostics: inout Update.Diagnostics) {}
  public var memory: [String: [Double]] {
    get { [:] }
    set {}
  }
}

/// Direction → rescaling δ = αΔ + μδ_prev → θ += δ → λ: the anatomy that KFAC and all its successors share.
///
///     SecondOrder(name: "kfac", direction: KroneckerDirection(), model: FisherMetric(), regulator: LevenbergMarquardt(lambda: 10))
///
/// An optimiser is three small pieces, named: a direction, a quadratic model, a regulator. Which ones make which optimiser
/// is the table of chapter 8's page.
public struct SecondOrder: Optimizer {
  public let name: String
  public var direction: any Direction
  /// Q of the quadratic model that rescales.
  public let model: any ParameterMetric
  public var regulator: LevenbergMarquardt

  private var previous: [Double]?
  /// A step that waits for its judgement on the next sample.
  private var pending: Pending?

  private struct Pending: Sendable {
    var parameters: [Double]
    var predictedChange: Double
    var energy: Double
    var energyError: Double
  }

  public init(name: String, direction: any Direction, model: any ParameterMetric, regulator: LevenbergMarquardt) {
    self.name = name
    self.direction = direction
    self.model = model
    self.regulator = regulator
  }

  public var order: JetOrder { max(direction.order, model.order) }

  public mutating func update(_ sample: inout Sample) -> Update {
    var diagnostics = Update.Diagnostics()

    // Judge the last step on walkers that did not make it.
    if let pending = pending.take() {
      var old = sample.ansatz
      old.parameters = pending.parameters
      let change = EnergyChange(sample, from: old, oldEnergy: (pending.energy, pending.energyError))
      diagnostics.rho = regulator.judge(
        change: change.change, error: change.error, predicted: pending.predictedChange)
      direction.adapt(&sample, previous: previous, lambda: regulator.lambda, model: model)
    }

    // A direction, then its length and that of the last step within the quadratic model.
    let g = sample.gradient
    let delta = direction.direction(&sample, previous: previous, lambda: regulator.lambda)
    var (change, rescaling) = rescaled(delta, g, &sample)
    if dot(g, change) >= 0 {
      // No descent: along -g, which always is.
      (change, rescaling) = rescaled(g.map { -$0 }, g, &sample, alone: true)
    }
    diagnostics.lambda = regulator.lambda
    diagnostics.alpha = rescaling.alpha
    diagnostics.mu = rescaling.mu
    direction.report(into: &diagnostics)

    if sample.step % regulator.interval == 0 {
      let energy = sample.clippedEnergy
      pending = Pending(
        parameters: sample.ansatz.parameters, predictedChange: rescaling.predictedChange, energy: energy.mean,
        energyError: energy.error)
    }
    previous = change
    return Update(change: change, diagnostics: diagnostics)
  }

  private func rescaled(
    _ delta: [Double], _ g: [Double], _ sample: inout Sample, alone: Bool = false
  ) -> ([Double], Rescaling) {
    let last = alone ? nil : previous
    let rescaling = Rescaling(
      delta, previous: last, gradient: g, model: model, lambda: regulator.lambda, &sample)
    var change = delta.map { rescaling.alpha * $0 }
    if let last { add(rescaling.mu, last, to: &change) }
    return (change, rescaling)
  }

  public var memory: [String: [Double]] {
    get {
      var all = direction.memory
      all["lambda"] = [regulator.lambda]
      if let previous { all["previous"] = previous }
      if let pending {
        all["pending"] = pending.parameters + [pending.predictedChange, pending.energy, pending.energyError]
      }
      return all
    }
    set {
      direction.memory = newValue
      if let lambda = newValue["lambda"]?.first { regulator.lambda = lambda }
      previous = newValue["previous"]
      pending = newValue["pending"].map { all in
        let n = all.count - 3
        return Pending(
          parameters: Array(all[..<n]), predictedChange: all[n], energy: all[n + 1], energyError: all[n + 2])
      }
    }
  }
}
