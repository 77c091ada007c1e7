import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient
import Ch08KFAC
import Ch12DecisionalGradientDescent

/// G ≈ A₀ ⊗ B₁ + A₁ ⊗ B₀ for one block of parameters, and its damped inverse.
///
///     M_i = ∂_i Σ_m e_m ⊗ ā_m = Σ_m ∂_ie_m ⊗ ā_m + e_m ⊗ ∂_iā_m
///
///     A₀ = E[āāᵀ]      B₀ = E[eeᵀ]      A₁ = Σ_i E[∂_iā ∂_iāᵀ]      B₁ = Σ_i E[∂_ie ∂_ieᵀ]
///
/// The product rule makes two products of one. What is left out are different particles, m ≠ m', and the mixed terms
/// E[ā ∂_iāᵀ] ⊗ E[∂_ie eᵀ], odd under reflection. The first is a loss: each e_m grows like 1/r where two particles are close,
/// and ∂_ie_m like 1/r². In M_i the large parts of two close particles cancel; B₁ adds their squares, which have no mean
/// under |ψ|² (page 13's figure).
///
/// - Source: this book's; a sum of Kronecker products for networks whose derivatives are compared is in Dangel, Müller and
///   Zeinhofer, arXiv:2405.15603.
public struct KroneckerSum: Sendable {
  /// A₀, B₀.
  public var values: KroneckerFactors
  /// A₁, B₁.
  public var slopes: KroneckerFactors

  /// Factors as they are; shapes are not checked.
  public init(values: KroneckerFactors, slopes: KroneckerFactors) { (self.values, self.slopes) = (values, slopes) }

  /// The sum as a matrix, for tests: index (row of X, column of X) as in `solve`, row-major.
  public var matrix: Matrix {
    let (a0, b0, a1, b1) = (values.activities, values.sensitivities, slopes.activities, slopes.sensitivities)
    let (n, m) = (a0.rows, b0.rows)
    return Matrix(rows: n * m, columns: n * m) { p, q in
      let (i, j, k, l) = (p / n, p % n, q / n, q % n)
      return b1[i, k] * a0[j, l] + b0[i, k] * a1[j, l]
    }
  }

  /// X with (B₁ + γ/π) X (A₀ + γπ) + B₀ X A₁ = R.
  ///
  /// Two generalised eigenproblems turn it into a division number by number:
  ///
  ///     A₀ = L_A L_Aᵀ,   L_A⁻¹A₁L_A⁻ᵀ = U Λ Uᵀ          B₀ = L_B L_Bᵀ,   L_B⁻¹B₁L_B⁻ᵀ = V Σ Vᵀ
  ///     X = L_B⁻ᵀ V [ (Vᵀ L_B⁻¹ R L_A⁻ᵀ U)_jk / (σ_j + λ_k) ] Uᵀ L_A⁻¹
  ///
  /// - Parameters:
  ///   - r: R, [outputs, inputs (+ 1)].
  ///   - gamma: γ; where all factors vanish the damped matrix is γ². π² = (tr A₀ · dim B)/(tr B₁ · dim A).
  /// - Returns: X, the shape of R; nil where the damped factors are not positive.
  /// - Complexity: O(n³ + m³ + n m (n + m)) for factors of n and m rows.
  public func solve(_ r: Matrix, damping gamma: Double) -> Matrix? {
    var (a0, b0, b1) = (values.activities, values.sensitivities, slopes.sensitivities)
    let (n, m) = (a0.rows, b0.rows)
    let ratio = a0.trace * Double(m) / (b1.trace * Double(n))
    let pi = ratio.isFinite && ratio > 0 ? ratio.squareRoot() : 1
    for i in 0..<n { a0[i, i] += gamma * pi }
    for i in 0..<m { b1[i, i] += gamma / pi }
    // B₀ needs an inverse, not a damping: a millionth of its mean.
    let least = 1e-6 * b0.trace / Double(m) + 1e-12
    for i in 0..<m { b0[i, i] += least }
    guard let left = Self.simultaneous(b0, b1), let right = Self.simultaneous(a0, slopes.activities) else { return nil }
    var inner = product(transposed: left.vectors, r) * right.vectors
    for j in 0..<m { for k in 0..<n { inner[j, k] /= left.values[j] + right.values[k] } }
    return left.vectors * product(inner, transposed: right.vectors)
  }

  /// V with VᵀPV = 1 and VᵀQV = diag(values), for a positive P.
  private static func simultaneous(_ p: Matrix, _ q: Matrix) -> (vectors: Matrix, values: [Double])? {
    let eigen = SymmetricEigen(p)
    guard eigen.converged, let least = eigen.values.first, least > 0 else { return nil }
    let n = p.rows
    // P^{-½} in place of L⁻¹: the same up to a rotation.
    let scaled = Matrix(rows: n, columns: n) { eigen.vectors[$0, $1] / eigen.values[$1].squareRoot() }
    let inner = product(transposed: scaled, q * scaled)
    let second = SymmetricEigen(inner)
    guard second.converged else { return nil }
    return (scaled * second.vectors, second.values.map { max($0, 0) })
  }
}

/// Δ = -(Σ of two Kronecker products ≈ G)⁻¹ g, layer by layer: KFAC's anatomy with the decision metric.
///
/// Factors are exponential averages over steps, with weight min(1 - 1/(k+1), 0.9) on the past, as in KFAC.
public struct KroneckerSumDirection: Direction {
  private var sums: [KroneckerSum] = []
  private var steps = 0

  /// No averages yet.
  public init() {}

  public var order: JetOrder { .gradient }

  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    average(sample)
    return solve(sample.gradient.map { -$0 }, 0..<sample.gradient.count, sample.parameterGroups, lambda)
  }

  /// Takes the sample into the averages.
  private mutating func average(_ sample: Sample) {
    let (values, slopes) = (sample.derivatives.moments(.expand), sample.derivatives.mixedMoments(.expand))
    let past = min(1 - 1 / Double(steps + 1), 0.9)
    steps += 1
    let present = zip(values, slopes).map { value, slope in
      KroneckerSum(
        values: KroneckerFactors(activities: value.activities, sensitivities: value.sensitivities),
        slopes: KroneckerFactors(activities: slope.activities, sensitivities: slope.sensitivities))
    }
    guard sums.count == present.count else {
      sums = present
      return
    }
    for i in sums.indices {
      sums[i].values.average(present[i].values, past: past)
      sums[i].slopes.average(present[i].slopes, past: past)
    }
  }

  /// The inverse applied to a vector over a range of whole groups; the vector itself where factors are not positive.
  private func solve(_ v: [Double], _ range: Range<Int>, _ groups: [ParameterGroup], _ lambda: Double) -> [Double] {
    var result = v
    for (group, sum) in zip(groups, sums) where range.contains(group.start) {
      let right = group.matrix(v, from: range.lowerBound)
      guard let x = sum.solve(right, damping: lambda.squareRoot()) else { continue }
      group.write(x, into: &result, from: range.lowerBound)
    }
    return result
  }

  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    groups.reduce(0) { bytes, group in
      let (width, outputs) = (Double(group.layout.columns + 1), Double(group.layout.outputs))
      return bytes + 8 * 8 * (width * width + outputs * outputs)
    }
  }

  public func save(to state: inout OptimizerState) {
    state.append("steps", count: steps)
    for (i, sum) in sums.enumerated() {
      state.append("\(i).values", sum.values)
      state.append("\(i).slopes", sum.slopes)
    }
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    steps = try reader.count("steps")
    sums = []
    guard steps > 0 else { return }
    for (i, group) in reader.groups.enumerated() {
      sums.append(
        KroneckerSum(
          values: try reader.factors("\(i).values", of: group), slopes: try reader.factors("\(i).slopes", of: group)))
    }
  }
}

extension KroneckerSumDirection: Preconditioner {
  /// r ↦ (sum of products)⁻¹ r for whole groups. Averages the sample into the factors.
  public mutating func inverse(_ sample: Sample, lambda: Double) -> ([Double], Range<Int>) -> [Double] {
    average(sample)
    let copy = self
    return { r, range in copy.solve(r, range, sample.parameterGroups, lambda) }
  }
}

/// KFAC with the decision metric: two Kronecker products a layer for the direction, the whole of G for the length.
///
/// The talk asks for a Kronecker factorisation of its metric; page 13 shows how far it is from the exact blocks.
public struct KroneckerDGD: SecondOrderSettings {
  public static let name = "kfac-dgd"
  public static let title = "DGD with sums of two Kronecker products for its blocks"
  public static let family = OptimizerFamily.decision
  public static let defaultSteps = 200
  public static let acceptsSeveralStates = false
  public static let hyperparameters = [Hyperparameter.lambda(\Self.damping.lambda)]

  /// λ and its adaptation. One seed of A = 2, V0 = -20 ended 100 steps at 1.8e-3 with 0.1 at the start, at 1.4e-2 with 10.
  public var damping = LevenbergMarquardt(lambda: 0.1)

  public init() {}

  public var optimizer: SecondOrder {
    SecondOrder(
      name: Self.name, direction: KroneckerSumDirection(), damping: damping,
      length: QuadraticModel(DecisionMetric()), judge: ReductionRatio())
  }
}
