import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

// A rule's metric by three routes: the definition, first derivatives of the scores, and the rule's own sum of squares.

extension ScoringRule {
  /// G = ∂²D(p_θ, p_θ')/∂θ'∂θ'ᵀ at θ' = θ: the definition, by forward over reverse mode.
  ///
  /// Works for every rule, proper or not, and needs second derivatives by θ of the scores.
  ///
  /// - Returns: [parameterCount, parameterCount], in units of S per θ².
  /// - Complexity: parameterCount products of the Hessian of D with a vector.
  public func metricFromDivergence<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    Matrix(hessian(of: { θ in divergence(Distribution(constant: p), p.family(θ)) }, at: p.parameters))
  }

  /// G = -E_p[∂ ln p (∂S)ᵀ]: first derivatives are enough for a proper rule.
  ///
  /// The truth is the best statement, E_{p_θ}[∂_θ S(X, p_θ)] = 0, for every θ. Differentiate that once more:
  ///
  ///     E[∂ ln p (∂S)ᵀ] + E[∂∂ᵀS] = 0
  ///
  /// and the second term is G. With S = -ln q it is the equality of Fisher's two forms; with S = -E_L it is chapter
  /// 12's 2 E[O_c K_cᵀ] = G, by which the decision metric is a part of the energy's Hessian. For a rule that is not
  /// proper the result is not G, and need not be symmetric.
  ///
  /// - Returns: [parameterCount, parameterCount], in units of S per θ².
  /// - Complexity: two reverse passes for each node.
  public func metricFromScores<Family: ParametricFamily>(_ p: Distribution<Family, Double>) -> Matrix {
    let quadrature = p.quadrature
    let weights = quadrature.probabilities(of: p)
    let ofLogDensity = p.logDensitySlopes(at: quadrature)
    let ofScore = jacobian(of: { θ in quadrature.nodes.map(score(p.family(θ))) }, at: p.parameters)
    let count = p.parameters.count
    return Matrix(rows: count, columns: count) { i, j in
      -weights.indices.reduce(0) { $0 + weights[$1] * ofLogDensity[$1][i] * ofScore[$1][j] }
    }
  }
}

extension Distribution where Scalar == Double {
  /// ∂_θ ln p at nodes, shape [nodes][parameterCount].
  ///
  /// - Complexity: a reverse pass for each node.
  func logDensitySlopes(at quadrature: Quadrature) -> [[Double]] {
    jacobian(of: { θ in quadrature.nodes.map(family(θ).logDensity) }, at: parameters)
  }
}

extension Quadrature {
  /// w_k p(x_k), shape [nodes].
  func probabilities<Family: ParametricFamily>(of p: Distribution<Family, Double>) -> [Double] {
    nodes.map { weight * Double.exp(p.logDensity(at: $0)) }
  }
}

/// Σ_k w_k v_k v_kᵀ.
///
/// - Parameters:
///   - vectors: v_k, shape [terms][count].
///   - weights: w_k ≥ 0, shape [terms].
///   - count: the vectors' length, where there may be none.
func momentMatrix(_ vectors: [[Double]], weights: [Double], count: Int? = nil) -> Matrix {
  let count = count ?? vectors.first?.count ?? 0
  return Matrix(rows: count, columns: count) { i, j in
    vectors.indices.reduce(0) { $0 + weights[$1] * vectors[$1][i] * vectors[$1][j] }
  }
}
