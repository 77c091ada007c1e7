import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation
import Ch04DeterminantAnsatz
import Ch06VariationalMonteCarlo
import Ch07NaturalGradient

/// Δ of Fisher's metric, solved over walkers: MinSR, and SPRING where there is a prior.
///
///     (F + λ) Δ = -g + λ μ d          Δ = μ d - ½ Ōᵀ (T + λ/4)⁻¹ (ε̄ + 2 μ Ō d)
///
/// The two are one equation: `MetricDirection(.whole(FisherMetric()), prior: Prior(μ, mean: .lastDirection))` is the left
/// form. d is the last Δ before its length was decided.
///
/// - Source: Goldshlager, Abrahamsen, Lin, arXiv:2401.10190 (SPRING). Their λ is a quarter of this one, and their direction
///   twice as long, since they work with S = F/4.
public struct KernelDirection: Direction {
  /// μ.
  public enum Momentum: Sendable, Equatable {
    /// The same at every step.
    case fixed(Double)
    /// PRIME-SR's, from how much of the leading eigenvectors of T is left from step to step.
    case automatic
  }

  /// μ.
  public var momentum: Momentum
  /// The last Δ.
  private var last: [Double]?
  /// The leading eigenvectors of the last T, in columns, where μ is automatic.
  private var basis: Matrix?

  /// A μ outside of [0, 1] stops the program.
  public init(_ momentum: Momentum = .fixed(0)) {
    if case .fixed(let mu) = momentum { precondition((0...1).contains(mu), "μ must lie between 0 and 1, got \(mu)") }
    self.momentum = momentum
  }

  public var diagnostics: [Diagnostic] { momentum == .fixed(0) ? [] : [.mu] }

  /// The kernel's.
  public func estimatedBytes(of groups: [ParameterGroup], walkers: Int) -> Double {
    WalkerKernel.estimatedBytes(walkers: walkers, hasEigenvectors: momentum == .automatic)
  }

  /// - Complexity: T, and O(n³) for n walkers: n³/3 by Cholesky, 8 n³ for the eigenvectors of the automatic μ.
  public mutating func direction(
    _ sample: Sample, previous: [Double]?, lambda: Double, report: inout Diagnostics
  ) -> [Double] {
    let kernel = WalkerKernel(sample)
    if previous == nil { last = nil }
    let mu = weight(kernel)
    var energies = kernel.energies
    if let last, mu > 0 { add(2 * mu, kernel.push(last), to: &energies) }
    var direction = kernel.pull(kernel.solve(energies, shift: 0.25 * lambda)).map { -0.5 * $0 }
    if let last, mu > 0 { add(mu, last, to: &direction) }
    if momentum != .fixed(0) {
      last = direction
      report[.mu] = mu
    }
    return direction
  }

  /// μ of this step.
  private mutating func weight(_ kernel: WalkerKernel) -> Double {
    switch momentum {
    case .fixed(let mu): return mu
    case .automatic:
      let found = AutomaticMomentum(kernel.matrix, after: basis)
      basis = found.basis
      return last == nil ? 0 : found.mu
    }
  }

  public func save(to state: inout OptimizerState) {
    state.append("last_direction", last)
    guard momentum == .automatic else { return }
    state.append("basis_walkers", count: basis?.rows ?? 0)
    state.append("basis_vectors", count: basis?.columns ?? 0)
    if let basis { state.append("basis", basis) }
  }

  public mutating func restore(from reader: inout StateReader) throws(OptimizerStateError) {
    last = try reader.list("last_direction", count: reader.parameterCount)
    guard momentum == .automatic else { return }
    let (rows, columns) = (try reader.count("basis_walkers"), try reader.count("basis_vectors"))
    guard rows < 1 << 24, columns <= rows, (rows == 0) == (columns == 0) else {
      throw OptimizerStateError("\(columns) vectors of \(rows) walkers are no basis")
    }
    basis = rows == 0 ? nil : try reader.matrix("basis", rows: rows, columns: columns)
  }
}

/// PRIME-SR's μ: large where many eigenvalues carry T, or the leading eigenvectors are those of the last sample.
///
///     α = (Σt)²/Σt²            how many of T's eigenvalues t carry it
///     b = ‖VᵀV'‖_F / √min(⌈α⌉, ⌈α'⌉)          what the leading eigenvectors V have in common with the last step's V'
///     μ = 1 - (1 - √b) (1 - (α/r)^{1/4})       r the rank of T
///
/// Walker b of one step is compared with walker b of the next: of use as long as a walker stays near where it was.
///
/// - Source: Wang and Liu, arXiv:2604.18357, algorithm 2.
public struct AutomaticMomentum: Sendable {
  /// μ, from 0 to 1; 0 where there is nothing to compare with.
  public let mu: Double
  /// V, [walkers, ⌈α⌉].
  public let basis: Matrix

  /// μ for this kernel.
  ///
  /// - Parameters:
  ///   - kernel: T.
  ///   - previous: V'; nil at the first step, and ignored where it has other walkers.
  public init(_ kernel: Matrix, after previous: Matrix?) {
    let eigen = SymmetricEigen(kernel)
    let count = kernel.rows
    let largest = eigen.values.last ?? 0
    let kept = eigen.values.filter { $0 > Double(count) * 2.2e-16 * largest }
    let (sum, squares) = (kept.reduce(0, +), kept.reduce(0) { $0 + $1 * $1 })
    guard squares > 0, sum.isFinite else {
      mu = 0
      basis = Matrix(rows: count, columns: 1)
      return
    }
    let share = sum * sum / squares
    let leading = min(count, max(1, Int(share.rounded(.up))))
    let basis = Matrix(rows: count, columns: leading) { eigen.vectors[$0, count - 1 - $1] }
    self.basis = basis
    guard let previous, previous.rows == count else {
      mu = 0
      return
    }
    let overlap = product(transposed: basis, previous)
    let common = overlap.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let b = min(1, common / Double(min(leading, previous.columns)).squareRoot())
    let quarter = (share / Double(kept.count)).squareRoot().squareRoot()
    mu = min(1, max(0, 1 - (1 - b.squareRoot()) * (1 - quarter)))
  }
}
