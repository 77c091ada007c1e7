import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// A matrix A over parameter space, known by its products with vectors at the walkers of a sample. It is symmetric, but for
/// chapter 13's `ProjectedHamiltonian`, which wants `GMRES`.
///
/// Fisher, quasi-Hessian and decision metric are three of them. None is formed but in tests and for small networks
/// (`matrix(_:)`): with 8 580 parameters it would take half a gibibyte, with its factors a product costs a few forward
/// passes. Sums of them with weights are metrics again (`MetricSum`).
public protocol ParameterMetric: Sendable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }

  /// A v, one number a parameter.
  ///
  /// - Parameters:
  ///   - v: one number a parameter.
  ///   - sample: the walkers that A is a mean over.
  ///   - precision: the least that will do; a metric that has one precision only takes that.
  func product(_ v: [Double], _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double]

  /// u_iᵀ A u_j for all pairs of vectors, in double precision.
  func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix
}

/// A metric whose diagonal, and whose blocks A_gg on the diagonal, can be had without the rest: one for each parameter
/// group.
///
/// Solving layer by layer takes the blocks, preconditioners and scales take the diagonal. Not every metric has them:
/// the quasi-Hessian is a model of the whole step.
public protocol BlockMetric: ParameterMetric {
  /// A_gg v_g in the places of the group g, zeros elsewhere.
  ///
  /// - Parameters:
  ///   - v: one number a parameter.
  ///   - group: an index into `Sample.parameterGroups`.
  ///   - sample: the walkers that A is a mean over.
  ///   - precision: the least that will do.
  func product(_ v: [Double], group: Int, _ sample: Sample, precision: ParameterDerivatives.Precision) -> [Double]

  /// The diagonal of A, one number a parameter.
  func diagonal(_ sample: Sample) -> [Double]
}

extension ParameterMetric {
  /// A v in double precision.
  public func product(_ v: [Double], _ sample: Sample) -> [Double] { product(v, sample, precision: .double) }

  public func forms(_ vectors: [[Double]], _ sample: Sample) -> Matrix {
    let products = vectors.map { product($0, sample) }
    return Matrix(rows: vectors.count, columns: vectors.count) { dot(vectors[$0], products[$1]) }
  }

  /// The whole matrix, column by column: for tests and small networks.
  ///
  /// - Complexity: a product for each parameter.
  public func matrix(_ sample: Sample) -> Matrix { dense(size: sample.gradient.count) { product($0, sample) } }
}

extension BlockMetric {
  /// A_gg v_g in double precision.
  public func product(_ v: [Double], group: Int, _ sample: Sample) -> [Double] {
    product(v, group: group, sample, precision: .double)
  }
}

/// A symmetric matrix from its products with unit vectors.
func dense(size: Int, _ product: ([Double]) -> [Double]) -> Matrix {
  let columns = (0..<size).map { p in
    var unit = [Double](repeating: 0, count: size)
    unit[p] = 1
    return product(unit)
  }
  return Matrix(rows: size, columns: size) { columns[$1][$0] }
}
