import Ch00Lanes
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

extension MetricDirection {
  /// The direction of Drissi's talk: (A_gg + λ) Δ_g = -g_g for each parameter group g by MINRES, the exact metric of a
  /// layer where KFAC has a Kronecker product.
  ///
  ///     preconditioner P = (max(diag A, 0) + κ)^ξ,  κ = 1e-2,  ξ = ¾        start ζ δ_prev,  ζ = 0.95
  ///
  /// - Parameters:
  ///   - metric: A.
  ///   - start: where MINRES begins; ζ δ_prev unless said otherwise.
  ///   - solver: its tolerance and most iterations.
  /// - Returns: a rule for Δ, [parameterCount].
  /// - Complexity: for each group a product with A_gg an iteration.
  /// - Source: M. Drissi et al., arXiv:2401.17550.
  public static func minres(
    _ metric: any BlockMetric, start: Start = .lastStep(0.95), solver: MinimumResidual = MinimumResidual()
  ) -> MetricDirection {
    MetricDirection(
      .blockDiagonal(metric), solver: solver, start: start, preconditioner: DiagonalPreconditioner(of: metric))
  }
}

/// P = (max(diag A, 0) + κ)^ξ.
///
/// A diagonal of an indefinite A may be negative; the preconditioner must not be.
public struct DiagonalPreconditioner: Preconditioner {
  /// A.
  public let metric: any BlockMetric
  /// κ.
  public var offset = 1e-2
  /// ξ.
  public var exponent = 0.75

  /// P with the exponent and the offset above.
  ///
  /// - Parameter metric: A.
  public init(of metric: any BlockMetric) { self.metric = metric }

  public var order: JetOrder { metric.order }

  public func inverse(_ sample: Sample, lambda: Double) -> ([Double], Range<Int>) -> [Double] {
    let inverse = metric.diagonal(sample).map { Double.pow(max($0, 0) + offset, -exponent) }
    return { r, range in zip(r, inverse[range]).map { $0 * $1 } }
  }
}
