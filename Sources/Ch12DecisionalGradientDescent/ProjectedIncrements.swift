import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch10MinimumResidual

/// Decisional gradient descent with projected increments. This optimiser is ours; the metric is the talk's.
///
/// δ is a proximal step: the quadratic model of the energy with the decision metric, and the last step as a prior, which holds
/// the tighter the stiffer a layer is (s, `layerStiffness`).
///
///     minimise  ½ δᵀGδ + gᵀδ + (λ/2) ‖δ - μ δ_prev‖²_s,        ‖v‖²_s = Σ_p s_p v_p²
///     (G + λs) δ = -g + λ μ s δ_prev          or, with δ = μ δ_prev + η,      (G + λs) η = -g - μ G δ_prev
///
/// 4096 walkers determine some thousand combinations of 8 580 parameters well and the others hardly. What the present
/// sample says nothing about is kept from the last step, where plain damping would forget it; that is the idea of SPRING
/// (Goldshlager, Abrahamsen, Lin, arXiv:2401.10190), for the Fisher metric. What does not carry over: SPRING's gradient is a
/// combination of the very rows that its metric is made of, ours is not (g is made of O, G of M). The part of g that M cannot
/// see is divided by λs alone, and so λ has a floor.
///
/// ½ δᵀGδ is, to second order, the step's divergence in ħω. It is bounded: the model is trusted for a fraction of a quantum.
/// But it is measured on the walkers that made the step, and a node that no walker sees costs nothing there. So the next
/// sample has the last word: where the energy has risen by more than the bound, and by more than five of its error bars, the
/// step is taken back, the bound is a quarter of what it was, and grows back by a tenth a step. A run takes back none, or one
/// or two in its first steps; without that, such a step costs a hundred others, if not the run.
public struct ProjectedIncrements: Optimizer {
  public let name: String
  /// μ, how much of the last step is the prior's mean; 0 for none.
  public var momentum: Double
  /// λ_k = max(λ₀ decayᵏ, floor).
  public var initialLambda: Double
  public var decay: Double
  public var floor: Double
  /// The largest δᵀGδ, in ħω.
  public var bound: Double
  public var solver: MinimumResidual
  /// Of the products Gv: seven digits are more than a step is solved to.
  public var precision: ParameterDerivatives.Precision

  private var previous: [Double]?
  /// The energy of the sample that made the last step, and its standard error.
  private var last: (mean: Double, error: Double)?
  /// The part of the bound that is in use.
  private var trust = 1.0

  public init(
    name: String = "pi-dgd", momentum: Double = 0.95, initialLambda: Double = 1, decay: Double = 0.96,
    floor: Double = 1e-3, bound: Double = 0.1,
    solver: MinimumResidual = MinimumResidual(tolerance: 1e-4, iterationLimit: 50),
    precision: ParameterDerivatives.Precision = .single
  ) {
    precondition((0...1).contains(momentum), "the momentum must lie between 0 and 1, got \(momentum)")
    precondition(
      initialLambda > 0 && floor > 0 && bound > 0 && decay > 0 && decay <= 1, "λ, floor, bound > 0, decay in (0, 1]")
    self.name = name
    self.momentum = momentum
    self.initialLambda = initialLambda
    self.decay = decay
    self.floor = floor
    self.bound = bound
    self.solver = solver
    self.precision = precision
  }

  public var order: JetOrder { .gradient }

  /// λ of a step counted from 1.
  public func lambda(step: Int) -> Double { max(initialLambda * Double.pow(decay, Double(step - 1)), floor) }

  public mutating func update(_ sample: inout Sample) -> Update {
    let metric = DecisionMetric(precision: precision)
    let lambda = lambda(step: sample.step)
    let energy = sample.clippedEnergy

    // The last step's judgement, on walkers that did not make it.
    if let step = previous, let last, hasRisen(from: last, to: energy) {
      previous = nil
      self.last = nil
      trust /= 4
      var update = Update(change: step.map { -$0 })
      update.diagnostics.lambda = lambda
      update.diagnostics.alpha = -1
      return update
    }
    trust = min(1, 1.1 * trust)
    let prior = previous.map { last in last.map { momentum * $0 } }

    // With δ = s^{-½} y:  (s^{-½} G s^{-½} + λ) y = -s^{-½} g + λ μ y_prev, from μ y_prev, where the first residual is
    // -s^{-½} (g + μ G δ_prev).
    let roots = metric.layerStiffness(&sample).map { $0.squareRoot() }
    let guess = prior.map { zip($0, roots).map { $0 * $1 } }
    var rightHandSide = zip(sample.gradient, roots).map { -$0 / $1 }
    if let guess { add(lambda, guess, to: &rightHandSide) }
    let solution = solver.solve(
      { y in zip(metric.product(zip(y, roots).map { $0 / $1 }, &sample), roots).map { $0 / $1 } },
      rightHandSide: rightHandSide, shift: lambda, guess: guess)
    var change = zip(solution.x, roots).map { $0 / $1 }

    // The step's divergence, bounded.
    let divergence = metric.forms([change], &sample)[0, 0]
    let alpha = divergence > trust * bound ? (trust * bound / divergence).squareRoot() : 1
    scale(&change, by: alpha)
    previous = change
    last = energy

    var update = Update(change: change)
    update.diagnostics.lambda = lambda
    update.diagnostics.alpha = alpha
    update.diagnostics.mu = momentum
    update.diagnostics.minresIterations = solution.iterations
    return update
  }

  private func hasRisen(from old: (mean: Double, error: Double), to new: (mean: Double, error: Double)) -> Bool {
    let rise = new.mean - old.mean
    return rise > bound && rise > 5 * (old.error * old.error + new.error * new.error).squareRoot()
  }

  public var memory: [String: [Double]] {
    get {
      var memory = ["trust": [trust]]
      memory["previous"] = previous
      memory["last"] = last.map { [$0.mean, $0.error] }
      return memory
    }
    set {
      previous = newValue["previous"]
      trust = newValue["trust"]?.first ?? 1
      last = newValue["last"].flatMap { $0.count == 2 ? ($0[0], $0[1]) : nil }
    }
  }
}
