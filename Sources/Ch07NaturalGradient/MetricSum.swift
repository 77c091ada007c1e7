import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// c A, a metric times a number.
public struct ScaledMetric<Metric: ParameterMetric>: ParameterMetric {
  /// c, of either sign.
  public let factor: Double
  /// A.
  public let metric: Metric

  public var order: JetOrder { metric.order }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    metric.product(v, sample, precision: precision).map { factor * $0 }
  }

  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix { factor * metric.forms(vectors, sample) }
}

extension ScaledMetric: BlockMetric where Metric: BlockMetric {
  public func product(
    _ v: [Double], group: Int, _ sample: Sample, precision: ParameterDerivatives.Precision
  ) -> [Double] {
    metric.product(v, group: group, sample, precision: precision).map { factor * $0 }
  }

  public func diagonal(_ sample: Sample) -> [Double] { metric.diagonal(sample).map { factor * $0 } }
}

/// A + B, the sum of two metrics: `DecisionMetric() + 0.5 * FisherMetric()`.
///
/// It has blocks and a diagonal where both of them do.
public struct MetricSum<First: ParameterMetric, Second: ParameterMetric>: ParameterMetric {
  /// A.
  public let first: First
  /// B.
  public let second: Second

  public var order: JetOrder { max(first.order, second.order) }

  public func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double] {
    var sum = first.product(v, sample, precision: precision)
    add(1, second.product(v, sample, precision: precision), to: &sum)
    return sum
  }

  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix {
    first.forms(vectors, sample) + second.forms(vectors, sample)
  }
}

extension MetricSum: BlockMetric where First: BlockMetric, Second: BlockMetric {
  public func product(
    _ v: [Double], group: Int, _ sample: Sample, precision: ParameterDerivatives.Precision
  ) -> [Double] {
    var sum = first.product(v, group: group, sample, precision: precision)
    add(1, second.product(v, group: group, sample, precision: precision), to: &sum)
    return sum
  }

  public func diagonal(_ sample: Sample) -> [Double] {
    zip(first.diagonal(sample), second.diagonal(sample)).map { $0 + $1 }
  }
}

/// c A.
public func * <Metric: ParameterMetric>(factor: Double, metric: Metric) -> ScaledMetric<Metric> {
  ScaledMetric(factor: factor, metric: metric)
}

/// A + B.
public func + <First: ParameterMetric, Second: ParameterMetric>(
  first: First, second: Second
) -> MetricSum<First, Second> {
  MetricSum(first: first, second: second)
}
