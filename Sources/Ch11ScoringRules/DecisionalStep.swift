import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

extension ScoringRule {
  /// ∇h of h(θ) = -H(p_θ), what the game asks to minimise, by reverse mode: right for any rule. Shape [parameterCount],
  /// in units of S per θ.
  ///
  /// - Complexity: a fixed number of evaluations of the entropy.
  public func objectiveGradient<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> [Double] {
    gradient(of: { θ in -entropy(p.family(θ)) }, at: p.parameters)
  }

  /// ∇h = -E_p[S(X, p) ∂ ln p], for a proper rule: no derivative of the score is needed.
  ///
  /// h depends on θ through the outcomes and through the scores, and the second part vanishes, E_p[∂S] = 0.
  /// With S = -E_L it is the energy gradient of chapter 6, 2 E[(E_L - Ē) O_c]; Ē may come off because E[∂ ln p] = 0.
  ///
  /// - Returns: shape [parameterCount]; for a rule that is not proper it is not ∇h.
  /// - Complexity: a reverse pass for each node.
  public func objectiveGradientFromScores<Family: ParametricFamily>(
    _ p: Distribution<Family, Double>
  ) -> [Double] {
    let quadrature = p.quadrature
    let weights = quadrature.probabilities(of: p)
    let scores = quadrature.nodes.map(score(p))
    let slopes = p.logDensitySlopes(at: quadrature)
    return p.parameters.indices.map { i in
      -weights.indices.reduce(0) { $0 + weights[$1] * scores[$1] * slopes[$1][i] }
    }
  }

  /// The decisional gradient step δ = -(G + λ)⁻¹ ∇h, with objective and metric from the same rule.
  ///
  /// δ has the units of θ whatever those of S are: a rule that is multiplied by a number takes the same steps,
  /// where λ = 0.
  ///
  /// A whole step: near a ground state of the energy score it is Newton's, far from one it can overshoot. How far to
  /// trust it is a question of its own, and chapter 12's.
  ///
  /// - Parameters:
  ///   - p: where the step begins.
  ///   - damping: λ ≥ 0, in units of G; a negative one stops the program.
  /// - Returns: δ, shape [parameterCount].
  public func step<Family: ParametricFamily>(
    from p: Distribution<Family, Double>, damping: Double = 0
  ) -> [Double] {
    step(from: p, measuredBy: self, damping: damping)
  }

  /// The step that goes down this rule's h in another rule's metric.
  ///
  /// With `LogScore()` it is the natural gradient of h, whatever h is.
  ///
  /// Where the metric is singular, as it is in the logits of a lattice, the step is the shortest of those that do the
  /// same to p: singular values below 1e-10 of the largest are taken as zero. Hence no Cholesky here.
  ///
  /// - Parameters:
  ///   - p: where the step begins.
  ///   - other: the rule whose metric is taken.
  ///   - damping: λ ≥ 0, in units of the other rule's G; a negative one stops the program.
  /// - Returns: δ, shape [parameterCount].
  /// - Complexity: a metric, a gradient, and O(parameterCount³).
  public func step<Family: ParametricFamily>(
    from p: Distribution<Family, Double>, measuredBy other: some ScoringRule, damping: Double = 0
  ) -> [Double] {
    precondition(damping >= 0, "damping must not be negative, got \(damping)")
    let metric = other.metric(p) + damping * .identity(p.parameters.count)
    return SVD(metric).leastSquares(objectiveGradient(p).map { -$0 }, relativeTolerance: 1e-10)
  }
}
