import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// Δ = -(λ + (1/m) Σ_i g_i g_iᵀ)⁻¹ g, the g_i being the gradients of the last m steps, the present one among them.
///
///     Δ = -Σ_i c_i g_i,        (λ + A/m) c = e_m,        A_ij = g_i·g_j
///
/// That is the empirical Fisher matrix of supervised learning with batches in the place of examples. Here it is no Fisher matrix:
/// g is a mean of energies times O, and g_i g_iᵀ has the unit (ħω)². Near the minimum all g_i are noise, and the matrix is the
/// noise's second moment. Δ is a combination of the window's gradients, and sees nothing else of the parameter space.
///
/// - Source: Frantar, Kurtic, Alistarh, arXiv:2107.03356 (M-FAC). Theirs updates an inverse; with a window of 32 gradients the
///   small matrix is solved anew, which is the same.
public struct GradientWindow: Direction {
  /// m.
  public let size: Int
  /// The last gradients, the oldest first.
  private var gradients: [[Double]] = []

  /// An empty window of m > 0 gradients.
  public init(size: Int = 32) {
    precondition(size > 0, "a window of \(size) gradients")
    self.size = size
  }

  /// - Complexity: m²/2 scalar products and m³/3 operations.
  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    gradients.append(sample.gradient)
    if gradients.count > size { gradients.removeFirst() }
    let count = gradients.count
    let products = rowGram(Matrix(gradients))
    let matrix = Matrix(rows: count, columns: count) { row, column in
      products[row, column] / Double(count) + (row == column ? lambda : 0)
    }
    var last = [Double](repeating: 0, count: count)
    last[count - 1] = 1
    let weights = Cholesky(matrix)?.solve(last) ?? last
    var direction = [Double](repeating: 0, count: sample.gradient.count)
    for (weight, gradient) in zip(weights, gradients) { add(-weight, gradient, to: &direction) }
    return direction
  }

  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    8 * Double(size) * groups.reduce(0) { $0 + Double($1.range.count) }
  }

  public func save(to state: inout OptimizerState) {
    state.append("window", count: gradients.count)
    if !gradients.isEmpty { state.append("gradients", Matrix(gradients)) }
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    let count = try reader.count("window")
    guard count <= size else { throw OptimizerStateError("\(count) gradients in a window of \(size)") }
    guard count > 0 else {
      gradients = []
      return
    }
    let matrix = try reader.matrix("gradients", rows: count, columns: reader.parameterCount)
    gradients = (0..<count).map { row in (0..<matrix.columns).map { matrix[row, $0] } }
  }
}

/// M-FAC: the empirical Fisher matrix of the last 32 gradients (`GradientWindow`).
public struct Mfac: FisherFamilySettings {
  public static let name = "m-fac"
  public static let title = "M-FAC, a matrix of the last 32 gradients"
  public static let family = OptimizerFamily.general
  public static let defaultSteps = 400

  /// λ in (ħω)², η in ħω, since Δ is in 1/ħω, and the bound.
  public var family = FisherFamily(learningRate: 0.05, lambda: 1e-2)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: GradientWindow(), damping: ConstantDamping(family.lambda), length: family.length)
  }
}
