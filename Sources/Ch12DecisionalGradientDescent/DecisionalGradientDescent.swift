import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch10MinimumResidual

extension SecondOrder {
  /// The talk's decisional gradient descent: chapter 8's step with the decision metric in both of its places.
  ///
  ///     (G_bb + λ) Δ_b = -g_b        each block b by MINRES, from ζ δ_prev
  ///     δ = α Δ + μ δ_prev           α and μ by ½ δᵀ(G + λ)δ + gᵀδ with the whole of G
  ///     λ                            by Levenberg and Marquardt, the only regulator
  ///
  /// Where KFAC needs γ, π, averages over steps and a model beside its metric, there is one matrix and one number here. The
  /// direction goes by blocks, a layer each, as in all of the talk's optimisers; what the layers say of each other comes back
  /// with α and μ. Without blocks, and with λ → 0, the step would be Newton's where the variance is gone (page 12).
  ///
  /// - Parameters:
  ///   - regulator: λ at the start; the talk has 1000, which costs the first hundred steps.
  ///   - precision: of the products that MINRES asks for.
  /// - Source: M. Drissi et al., arXiv:2401.17550.
  public static func decisionalGradientDescent(
    regulator: LevenbergMarquardt = LevenbergMarquardt(lambda: 10),
    solver: MinimumResidual = MinimumResidual(), precision: ParameterDerivatives.Precision = .single
  ) -> SecondOrder {
    SecondOrder(
      name: "dgd", direction: MinresDirection(DecisionMetric(precision: precision), solver: solver),
      model: DecisionMetric(), regulator: regulator)
  }
}
