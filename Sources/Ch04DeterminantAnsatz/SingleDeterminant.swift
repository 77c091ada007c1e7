import Ch00Lanes
import Ch01LinearAlgebra
import Ch02AutomaticDifferentiation

/// ℓ = ln|det M| as a jet, and its sensitivity ∂ℓ/∂M = M⁻ᵀ as a jet, for one determinant.
///
/// With N = M⁻¹ and Q_k = N ∂_k M:
///
///     ∂_k ℓ = tr Q_k                         Δℓ = tr(N ΔM) - Σ_k tr Q_k²
///     ∂_k N = -Q_k N                         ΔN = -N ΔM N + 2 Σ_k Q_k² N
///
/// Where det M vanishes so does ψ: a node, where ln|ψ| has no derivative and none of this is finite. Sums of
/// determinants are another matter, see `MinorExpansion`.
///
/// - Complexity: O(n³) a coordinate and walker.
struct SingleDeterminant: Sendable {
  let size: Int
  let coordinates: Int
  let order: JetOrder
  /// N, and Q_k behind it.
  var inverse: ContiguousArray<Lanes32>
  var q: ContiguousArray<Lanes32>
  var product: ContiguousArray<Lanes32>
  var elimination: ContiguousArray<Lanes32>

  init(size n: Int, coordinates: Int, order: JetOrder) {
    size = n
    self.coordinates = coordinates
    self.order = order
    inverse = ContiguousArray(repeating: .zero, count: n * n)
    q = ContiguousArray(repeating: .zero, count: coordinates * n * n)
    product = inverse
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
      multiplySmall(inverse, 0, m, (k + 1) * n2, size: size, into: &q, k * n2)
      var trace = Lanes32.zero
      for i in 0..<size { trace += q[k * n2 + i * size + i] }
      logPsi[k + 1] = trace
    }
    guard order == .laplacian else { return }
    var laplacian = traceOfProduct(inverse, 0, m, (coordinates + 1) * n2, size: size)
    for k in 0..<coordinates { laplacian -= traceOfProduct(q, k * n2, q, k * n2, size: size) }
    logPsi[coordinates + 1] = laplacian
  }

  /// ∂ℓ/∂M as [component][row][column], after `evaluate`.
  mutating func sensitivities(_ m: ContiguousArray<Lanes32>, into e: inout ContiguousArray<Lanes32>) {
    let (n, n2) = (size, size * size)
    for i in 0..<n { for j in 0..<n { e[i * n + j] = inverse[j * n + i] } }
    guard order > .value else { return }
    var laplacian = ContiguousArray(repeating: Lanes32.zero, count: order == .laplacian ? n2 : 0)
    for k in 0..<coordinates {
      multiplySmall(q, k * n2, inverse, 0, size: n, into: &product, 0)
      for i in 0..<n { for j in 0..<n { e[(k + 1) * n2 + i * n + j] = -product[j * n + i] } }
      guard order == .laplacian else { continue }
      let qn = product
      multiplySmall(q, k * n2, qn, 0, size: n, into: &product, 0)
      for i in 0..<n2 { laplacian[i].addProduct(2, product[i]) }
    }
    guard order == .laplacian else { return }
    multiplySmall(inverse, 0, m, (coordinates + 1) * n2, size: n, into: &product, 0)
    let nm = product
    multiplySmall(nm, 0, inverse, 0, size: n, into: &product, 0)
    for i in 0..<n {
      for j in 0..<n { e[(coordinates + 1) * n2 + i * n + j] = laplacian[j * n + i] - product[j * n + i] }
    }
  }
}
