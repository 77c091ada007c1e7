import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// A symmetric matrix over parameter space, known by its products with vectors at the walkers of a sample.
///
/// Fisher, quasi-Hessian and decision metric are three of them. None is ever formed: with 8 580 parameters it would take
/// half a gibibyte, with its factors a product costs a few forward passes.
public protocol ParameterMetric: Sendable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }

  /// A v; with a block b, A_bb v_b, and zeros outside.
  ///
  /// - Parameter block: an index into `AnsatzShape.groups`, or nil for the whole matrix.
  func product(_ v: [Double], block: Int?, _ sample: inout Sample) -> [Double]

  /// The diagonal of A, one number a parameter.
  func diagonal(_ sample: inout Sample) -> [Double]

  /// u_iᵀ A u_j for all pairs of vectors.
  func forms(_ vectors: [[Double]], _ sample: inout Sample) -> Matrix
}

extension ParameterMetric {
  public func product(_ v: [Double], _ sample: inout Sample) -> [Double] { product(v, block: nil, &sample) }

  public func forms(_ vectors: [[Double]], _ sample: inout Sample) -> Matrix {
    let products = vectors.map { product($0, &sample) }
    return Matrix(rows: vectors.count, columns: vectors.count) { dot(vectors[$0], products[$1]) }
  }

  /// The whole matrix, column by column: for tests and small networks.
  public func matrix(_ sample: inout Sample) -> Matrix {
    let count = sample.gradient.count
    var columns: [[Double]] = []
    for p in 0..<count {
      var unit = [Double](repeating: 0, count: count)
      unit[p] = 1
      columns.append(product(unit, &sample))
    }
    return Matrix(rows: count, columns: count) { columns[$1][$0] }
  }
}
