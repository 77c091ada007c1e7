import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

extension MetricDirection {
  /// The direction of Drissi's talk: (A_gg + λ) Δ_g = -g_g for each parameter group g by MINRES, the exact metric of a layer
  /// where KFAC has a Kronecker product.
  ///
  ///     preconditioner P = (max(diag A, 0) + κ)^ξ,  κ = 1e-2,  ξ = ¾        start ζ δ_prev,  ζ = 0.95
  ///
  /// - Parameter metric: A.
  /// - Source: M. Drissi et al., arXiv:2401.17550.
  public static func minres(
    _ metric: any BlockMetric, start: Start = .lastStep(0.95), solver: MinimumResidual = MinimumResidual()
  ) -> MetricDirection {
    MetricDirection(
      .blockDiagonal(metric), solver: solver, start: start, preconditioner: DiagonalPreconditioner(of: metric))
  }
}
