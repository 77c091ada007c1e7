import Ch00Lanes
import Ch02AutomaticDifferentiation

/// ℓ = ln|Σ_d det M^d| as a jet, and its sensitivities, without ever dividing by a determinant.
///
/// In a sum one of the determinants may vanish while ψ does not; then M⁻¹ is infinite and the cofactor det M · M⁻¹ is
/// not. Here determinants and cofactors come from Laplace's expansion, row by row over sets S of columns:
///
///     F[S] = Σ_{j∈S} ± M_{|S|-1, j} F[S∖j]      minors of the first |S| rows
///     B[S] = Σ_{j∈S} ± M_{n-|S|, j} B[S∖j]      minors of the last |S| rows
///     cofactor_ij = Σ_{|S|=i, j∉S} ± F[S] B[rest]
///
/// Sums and products only, so jets go through by the product rule and everything is finite. Rows are first divided by
/// the largest entry that they have in any of the matrices, which keeps products within range and drops out of
/// derivatives.
///
/// - Complexity: O(n 2ⁿ) jet products a determinant, where elimination takes O(n³): of use for few particles only,
///   and so `largestSize` is 10.
struct MinorExpansion: Sendable {
  /// Particles up to which sums of determinants are offered.
  static let largestSize = 10

  let size: Int
  let determinants: Int
  let coordinates: Int
  let order: JetOrder
  private let components: Int
  /// M^d with scaled rows, as [determinant][row][column][component].
  private var scaled: ContiguousArray<Lanes32>
  /// Minors of the first and of the last rows, as [set][component].
  private var first: ContiguousArray<Lanes32>
  private var last: ContiguousArray<Lanes32>
  private var reciprocalScale: ContiguousArray<Lanes32>
  /// ψ and 1/ψ as jets, for scaled rows.
  private var psi: ContiguousArray<Lanes32>
  private var reciprocalPsi: ContiguousArray<Lanes32>
  private var cofactor: ContiguousArray<Lanes32>
  private var quotient: ContiguousArray<Lanes32>
  private var minor: ContiguousArray<Lanes32>

  init(size n: Int, determinants: Int, coordinates: Int, order: JetOrder) {
    precondition(n <= MinorExpansion.largestSize, "minors of \(n) rows are too many")
    size = n
    self.determinants = determinants
    self.coordinates = coordinates
    self.order = order
    components = order.components(coordinates: coordinates)
    scaled = ContiguousArray(repeating: .zero, count: determinants * n * n * components)
    first = ContiguousArray(repeating: .zero, count: (1 << n) * components)
    last = first
    reciprocalScale = ContiguousArray(repeating: .zero, count: n)
    psi = ContiguousArray(repeating: .zero, count: components)
    reciprocalPsi = psi
    cofactor = psi
    quotient = psi
    minor = psi
  }

  /// - Parameters:
  ///   - m: M^d as [component][row][column].
  ///   - logPsi: the jet of ℓ.
  mutating func evaluate(
    _ m: [ContiguousArray<Lanes32>], sign: inout Lanes32, logPsi: inout ContiguousArray<Lanes32>
  ) {
    var logScale = Lanes32.zero
    for row in 0..<size {
      var largest = Lanes32.zero
      for d in 0..<determinants {
        for column in 0..<size {
          largest = largest.zip(m[d][row * size + column]) {
            $0.replacing(with: $1.magnitude, where: $1.magnitude .> $0)
          }
        }
      }
      // A row of zeros is left as it is: ψ = 0.
      largest = largest.map { $0.replacing(with: 1, where: $0 .== 0) }
      logScale += largest.map(Lanes.log)
      reciprocalScale[row] = Lanes32(repeating: 1) / largest
    }
    for c in 0..<components { psi[c] = .zero }
    for d in 0..<determinants {
      for row in 0..<size {
        for column in 0..<size {
          for c in 0..<components {
            scaled[entry(d, row, column) + c] =
              m[d][c * size * size + row * size + column] * reciprocalScale[row]
          }
        }
      }
      expandFirst(d)
      let whole = ((1 << size) - 1) * components
      for c in 0..<components { psi[c] += first[whole + c] }
    }
    sign = psi[0].map { Lanes(repeating: 1).withSign(of: $0).replacing(with: 0, where: $0 .== 0) }
    logPsi[0] = psi[0].map { Lanes.log($0.magnitude) } + logScale
    guard order > .value else { return }
    let reciprocal = Lanes32(repeating: 1) / psi[0]
    var squares = Lanes32.zero
    for k in 1...coordinates {
      logPsi[k] = psi[k] * reciprocal
      squares.addProduct(logPsi[k], logPsi[k])
    }
    if order == .laplacian { logPsi[coordinates + 1] = psi[coordinates + 1] * reciprocal - squares }
  }

  /// ∂ℓ/∂M^d = cofactor / ψ as [component][row][column], after `evaluate`.
  mutating func sensitivities(into e: inout [ContiguousArray<Lanes32>]) {
    let full = (1 << size) - 1
    invertPsi()
    for d in 0..<determinants {
      expandFirst(d)
      expandLast(d)
      for row in 0..<size {
        for column in 0..<size {
          for c in 0..<components { cofactor[c] = .zero }
          for set in 0...full where set.nonzeroBitCount == row && set & (1 << column) == 0 {
            let rest = full ^ set ^ (1 << column)
            addProduct(
              MinorExpansion.sign(set, column, rest), first, set * components, last, rest * components, to: &cofactor, 0
            )
          }
          for c in 0..<components { quotient[c] = .zero }
          addProduct(1, cofactor, 0, reciprocalPsi, 0, to: &quotient, 0)
          for c in 0..<components {
            e[d][c * size * size + row * size + column] = quotient[c] * reciprocalScale[row]
          }
        }
      }
    }
  }

  private func entry(_ d: Int, _ row: Int, _ column: Int) -> Int { ((d * size + row) * size + column) * components }

  private mutating func expandFirst(_ d: Int) {
    for c in 0..<components { first[c] = Lanes32(repeating: c == 0 ? 1 : 0) }
    for set in 1..<(1 << size) {
      let target = set * components
      for c in 0..<components { first[target + c] = .zero }
      let row = set.nonzeroBitCount - 1
      for column in 0..<size where set & (1 << column) != 0 {
        let sign = (set >> (column + 1)).nonzeroBitCount % 2 == 0 ? 1.0 : -1.0
        let smaller = (set ^ (1 << column)) * components
        for c in 0..<components { minor[c] = first[smaller + c] }
        addProduct(sign, scaled, entry(d, row, column), minor, 0, to: &first, target)
      }
    }
  }

  private mutating func expandLast(_ d: Int) {
    for c in 0..<components { last[c] = Lanes32(repeating: c == 0 ? 1 : 0) }
    for set in 1..<(1 << size) {
      let target = set * components
      for c in 0..<components { last[target + c] = .zero }
      let row = size - set.nonzeroBitCount
      for column in 0..<size where set & (1 << column) != 0 {
        let sign = (set & ((1 << column) - 1)).nonzeroBitCount % 2 == 0 ? 1.0 : -1.0
        let smaller = (set ^ (1 << column)) * components
        for c in 0..<components { minor[c] = last[smaller + c] }
        addProduct(sign, scaled, entry(d, row, column), minor, 0, to: &last, target)
      }
    }
  }

  /// Parity of the permutation that lists the columns of `set`, then `column`, then those of `rest`.
  private static func sign(_ set: Int, _ column: Int, _ rest: Int) -> Double {
    var inversions = (set >> (column + 1)).nonzeroBitCount + (rest & ((1 << column) - 1)).nonzeroBitCount
    var remaining = set
    while remaining != 0 {
      let s = remaining.trailingZeroBitCount
      inversions += (rest & ((1 << s) - 1)).nonzeroBitCount
      remaining &= remaining - 1
    }
    return inversions % 2 == 0 ? 1 : -1
  }

  /// r = 1/ψ:  ∂_k r = -r² ∂_k ψ,  Δr = -r² Δψ + 2 r³ Σ_k (∂_k ψ)²
  private mutating func invertPsi() {
    let r = Lanes32(repeating: 1) / psi[0]
    reciprocalPsi[0] = r
    guard order > .value else { return }
    var squares = Lanes32.zero
    for k in 1...coordinates {
      reciprocalPsi[k] = -(r * r * psi[k])
      squares.addProduct(psi[k], psi[k])
    }
    if order == .laplacian {
      let c = coordinates + 1
      reciprocalPsi[c] = r * r * (2 * (r * squares) - psi[c])
    }
  }

  /// z += s x y as jets.
  private func addProduct(
    _ s: Double, _ x: ContiguousArray<Lanes32>, _ xStart: Int, _ y: ContiguousArray<Lanes32>, _ yStart: Int,
    to z: inout ContiguousArray<Lanes32>, _ zStart: Int
  ) {
    // Unsafe: unchecked indices, for speed. A jet has `components` numbers, n + 2 at most; starts are those of a
    // determinant's entry, of a set below 2ⁿ or 0, and `init` made each array for all of them.
    let (n, order) = (coordinates, order)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        z.withUnsafeMutableBufferPointer { z in
          let x0 = s * x[xStart]
          let y0 = y[yStart]
          z[zStart].addProduct(x0, y0)
          guard order > .value else { return }
          var cross = Lanes32.zero
          for k in 1..<(n &+ 1) {
            let xk = s * x[xStart &+ k]
            let yk = y[yStart &+ k]
            z[zStart &+ k].addProduct(x0, yk)
            z[zStart &+ k].addProduct(xk, y0)
            cross.addProduct(xk, yk)
          }
          guard order == .laplacian else { return }
          let c = n &+ 1
          z[zStart &+ c].addProduct(x0, y[yStart &+ c])
          z[zStart &+ c].addProduct(s * x[xStart &+ c], y0)
          z[zStart &+ c].addProduct(2, cross)
        }
      }
    }
  }
}
