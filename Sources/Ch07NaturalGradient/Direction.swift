import Ch02AutomaticDifferentiation
import Ch06VariationalMonteCarlo

/// Where a step goes, before its length is decided.
public protocol Direction: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }

  /// What it reports.
  var diagnostics: [Diagnostic] { get }

  /// Δ, an approximation of -(A + λ)⁻¹ g for a matrix A of the direction's own choosing, or of the solution with a
  /// prior (`MetricDirection`); one number a parameter.
  ///
  /// - Parameters:
  ///   - sample: what is known of ψ at this step.
  ///   - previous: the last step δ_prev; nil at the first, and where the last one was taken back.
  ///   - lambda: λ.
  ///   - report: receives the numbers that are listed in `diagnostics`.
  mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double]
}

extension Direction {
  public var order: JetOrder { .value }
  public var diagnostics: [Diagnostic] { [] }

  /// The same without a report.
  public mutating func direction(_ sample: Sample, previous: [Double]? = nil, lambda: Double) -> [Double] {
    var report = Diagnostics()
    return direction(sample, previous: previous, lambda: lambda, report: &report)
  }
}
