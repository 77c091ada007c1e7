import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo

/// (A + λ) x = b with an A that is known by its products; symmetric, but for solvers that say otherwise (`GMRES`).
public struct LinearSystem {
  /// v ↦ A v.
  public let product: ([Double]) -> [Double]
  /// b.
  public let rightHandSide: [Double]
  /// λ.
  public let shift: Double
  /// Where an iteration begins; nil for 0.
  public let start: [Double]?
  /// r ↦ P⁻¹ r, P symmetric and positive; nil for none.
  public let preconditioner: (([Double]) -> [Double])?

  /// The system from its parts, none of which is checked.
  public init(
    _ product: @escaping ([Double]) -> [Double], rightHandSide: [Double], shift: Double = 0, start: [Double]? = nil,
    preconditioner: (([Double]) -> [Double])? = nil
  ) {
    self.product = product
    self.rightHandSide = rightHandSide
    self.shift = shift
    self.start = start
    self.preconditioner = preconditioner
  }

  /// (A + λ) v.
  package func image(_ v: [Double]) -> [Double] {
    var y = product(v)
    add(shift, v, to: &y)
    return y
  }

  /// b - (A + λ) x.
  package func residual(_ x: [Double]) -> [Double] {
    var r = rightHandSide
    add(-1, image(x), to: &r)
    return r
  }

  /// Where an iteration begins, with what is left there.
  package var beginning: (x: [Double], residual: [Double]) {
    start.map { ($0, residual($0)) } ?? ([Double](repeating: 0, count: rightHandSide.count), rightHandSide)
  }
}

/// A way to solve the equation of a direction: MINRES or conjugate gradients (chapter 10), or Cholesky for small
/// networks.
public protocol LinearSolver: Sendable {
  /// In how many digits the products are needed.
  var precision: ParameterDerivatives.Precision { get }
  /// The iterations, as runs report them; nil for a direct solver.
  var diagnostic: Diagnostic? { get }
  /// x, and how many iterations it took.
  func solution(of system: LinearSystem) -> (x: [Double], iterations: Int)
}

/// x by Cholesky with the whole of A + λ in memory: for small networks, where it is what all approximations
/// approximate.
///
/// Where rounding leaves a semidefinite matrix a pivot below zero, x is b: as a direction without scale and prior, -g.
///
/// - Complexity: O(P²) memory, P products and O(P³) time, P unknowns.
public struct CholeskySolver: LinearSolver {
  /// Nothing to set.
  public init() {}

  public var precision: ParameterDerivatives.Precision { .double }
  public var diagnostic: Diagnostic? { nil }

  public func solution(of system: LinearSystem) -> (x: [Double], iterations: Int) {
    var matrix = dense(size: system.rightHandSide.count, system.product)
    for p in 0..<matrix.rows { matrix[p, p] += system.shift }
    return (Cholesky(matrix)?.solve(system.rightHandSide) ?? system.rightHandSide, 1)
  }
}

/// P, a cheap stand-in for A + λ: it changes the way to the solution, and the result only where the iterations run out.
///
/// That the way becomes shorter is the hope, no law: page 10 shows a case where it does not.
public protocol Preconditioner: Resumable {
  /// How far the sample's derivatives have to go.
  var order: JetOrder { get }
  /// r ↦ P⁻¹ r for the parameters of a range, a group or all; vectors are those of the range alone. P is symmetric and
  /// positive.
  mutating func inverse(_ sample: Sample, lambda: Double) -> (_ r: [Double], _ range: Range<Int>) -> [Double]
}
