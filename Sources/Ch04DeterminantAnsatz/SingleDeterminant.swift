import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// ℓ = ln|det M| as a jet, and its sensitivity ∂ℓ/∂M = M⁻ᵀ as a jet, for one determinant.
///
/// With N = M⁻¹ and R_k = ∂_k M · N:
///
///     ∂_k ℓ = tr R_k                         Δℓ = tr(ΔM · N) - Σ_k tr R_k²
///     ∂_k N = -N R_k                         ΔN = N (2 Σ_k R_k² - ΔM N)
///
/// N ∂_k M would have the same traces, but not the same digits. Orbitals that training has made alike are M = Φ W with a
/// W that hardly has an inverse: it drops out of R_k, and N ∂_k M has entries as large as its condition number, which
/// cancel in the trace. For the same reason N comes from an elimination that solves M N = 1 column by column: M N - 1 is
/// small then, N M - 1 need not be.
///
/// Where det M vanishes so does ψ: a node, where ln|ψ| has no derivative and none of this is finite. Sums of
/// determinants are another matter, see `MinorExpansion`.
///
/// - Complexity: O(n³) a coordinate and walker.
struct SingleDeterminant: Sendable {
  let size: Int
  let coordinates: Int
  let order: JetOrder
  /// N.
  var inverse: ContiguousArray<Lanes32>
  /// R_k, one after the other.
  var rates: ContiguousArray<Lanes32>
  var product: ContiguousArray<Lanes32>
  /// 2 Σ_k R_k² - ΔM N.
  var curvature: ContiguousArray<Lanes32>
  var elimination: ContiguousArray<Lanes32>

  init(size n: Int, coordinates: Int, order: JetOrder) {
    size = n
    self.coordinates = coordinates
    self.order = order
    inverse = ContiguousArray(repeating: .zero, count: n * n)
    rates = ContiguousArray(repeating: .zero, count: coordinates * n * n)
    product = inverse
    curvature = inverse
    elimination = ContiguousArray(repeating: .zero, count: 2 * n * n)
  }

  /// - Parameters:
  ///   - m: M as [component][row][column].
  ///   - logPsi: the jet of ℓ.
  mutating func evaluate(
    _ m: ContiguousArray<Lanes32>, sign: inout Lanes32, logPsi: inout ContiguousArray<Lanes32>
  ) {
    let n2 = size * size
    inverses(of: m, size: size, into: &inverse, sign: &sign, logMagnitude: &logPsi[0], workspace: &elimination)
    guard order > .value else { return }
    for k in 0..<coordinates {
      multiplySmall(m, (k + 1) * n2, inverse, 0, size: size, into: &rates, k * n2)
      var trace = Lanes32.zero
      for i in 0..<size { trace += rates[k * n2 + i * size + i] }
      logPsi[k + 1] = trace
    }
    guard order == .laplacian else { return }
    var laplacian = traceOfProduct(inverse, 0, m, (coordinates + 1) * n2, size: size)
    for k in 0..<coordinates { laplacian -= traceOfProduct(rates, k * n2, rates, k * n2, size: size) }
    logPsi[coordinates + 1] = laplacian
  }

  /// ∂ℓ/∂M as [component][row][column], after `evaluate`.
  mutating func sensitivities(_ m: ContiguousArray<Lanes32>, into e: inout ContiguousArray<Lanes32>) {
    let (n, n2) = (size, size * size)
    for i in 0..<n { for j in 0..<n { e[i * n + j] = inverse[j * n + i] } }
    guard order > .value else { return }
    for i in 0..<n2 { curvature[i] = .zero }
    for k in 0..<coordinates {
      multiplySmall(inverse, 0, rates, k * n2, size: n, into: &product, 0)
      for i in 0..<n { for j in 0..<n { e[(k + 1) * n2 + i * n + j] = -product[j * n + i] } }
      guard order == .laplacian else { continue }
      multiplySmall(rates, k * n2, rates, k * n2, size: n, into: &product, 0)
      for i in 0..<n2 { curvature[i].addProduct(2, product[i]) }
    }
    guard order == .laplacian else { return }
    multiplySmall(m, (coordinates + 1) * n2, inverse, 0, size: n, into: &product, 0)
    for i in 0..<n2 { curvature[i] -= product[i] }
    multiplySmall(inverse, 0, curvature, 0, size: n, into: &product, 0)
    for i in 0..<n { for j in 0..<n { e[(coordinates + 1) * n2 + i * n + j] = product[j * n + i] } }
  }
}
