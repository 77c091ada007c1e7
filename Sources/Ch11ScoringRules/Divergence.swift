import Ch02AutomaticDifferentiation

extension ScoringRule {
  /// S(p, q) = E_{X~p} S(X, q), in units of S: what stating q costs where p is true. Linear in p.
  ///
  /// - Complexity: a score for each node that resolves p and q.
  public func crossEntropy<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ p: Distribution<Family, Scalar>, _ q: Distribution<Family, Scalar>
  ) -> Scalar {
    let nodes = p.family.quadrature(resolving: [p.plainParameters, q.plainParameters])
    return p.expectation(over: nodes, of: score(q))
  }

  /// H(p) = S(p, p): what remains to be paid by those who know p. For a proper rule, concave in p.
  ///
  /// The logarithmic score gives Shannon's entropy; the energy score gives minus the energy. In units of S.
  ///
  /// - Complexity: a score for each node that resolves p.
  public func entropy<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ p: Distribution<Family, Scalar>
  ) -> Scalar {
    p.expectation(over: p.quadrature, of: score(p))
  }

  /// D(p, q) = S(p, q) - S(p, p), the price of stating q instead of the truth p, in the units of S; not symmetric.
  ///
  /// The two scores are subtracted outcome by outcome, before they are averaged. Rounding leaves about 1e-16 of their
  /// size: a divergence below that of two Gaussians 1e-8 apart is noise, and its second order is what `metric` is for.
  ///
  /// - Complexity: two scores for each node that resolves p and q.
  public func divergence<Family: ParametricFamily, Scalar: DifferentiableScalar>(
    _ p: Distribution<Family, Scalar>, _ q: Distribution<Family, Scalar>
  ) -> Scalar {
    let nodes = p.family.quadrature(resolving: [p.plainParameters, q.plainParameters])
    let (ofP, ofQ) = (score(p), score(q))
    return p.expectation(over: nodes) { ofQ($0) - ofP($0) }
  }

  /// The least D(p, q) over all ordered pairs of different members, and the pair that has it.
  ///
  /// Below zero, beyond rounding, it is a counterexample: the rule is not proper. Above zero it is no proof, but none
  /// of these members could gain by a lie.
  ///
  /// - Returns: D in units of S, and positions in the list of the truth p and of the statement q. Divergences that are infinite
  ///   or NaN do not count; nil where none is left, or for fewer than two members.
  /// - Complexity: n(n - 1) divergences.
  public func leastDivergence<Family: ParametricFamily>(
    among members: [Distribution<Family, Double>]
  ) -> (divergence: Double, truth: Int, statement: Int)? {
    var least: (divergence: Double, truth: Int, statement: Int)?
    for (i, p) in members.enumerated() {
      for (j, q) in members.enumerated() where i != j {
        let divergence = divergence(p, q)
        if divergence < least?.divergence ?? .infinity { least = (divergence, i, j) }
      }
    }
    return least
  }
}
