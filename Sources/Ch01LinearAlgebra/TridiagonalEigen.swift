/// Eigenvalues, and on request eigenvectors, of the symmetric matrix with these diagonals.
///
///     let chain = symmetricTridiagonalEigen(diagonal: [2, 2, 2], offDiagonal: [-1, -1])
///     // 2 - √2, 2, 2 + √2
///
/// QL iteration with implicit shifts: T - μ = QL, T ← LQ + μ, carried out by plane rotations that chase one element off
/// the three diagonals from bottom to top. With the shift taken from the top 2 × 2 block, the uppermost off-diagonal
/// element vanishes at third order, in fewer than two steps an eigenvalue.
///
/// - Parameters:
///   - diagonal: T_ii, [n].
///   - offDiagonal: T_{i,i+1}, [n - 1]; empty for n ≤ 1.
///   - wanted: whether eigenvectors are computed too.
/// - Returns: levels in ascending order; NaN with `converged` false where an element is not finite.
/// - Complexity: about 20 n² operations for values; vectors add about 5 n³.
public func symmetricTridiagonalEigen(
  diagonal: [Double], offDiagonal: [Double], vectors wanted: Bool = false
) -> SymmetricEigen {
  precondition(
    offDiagonal.count == max(diagonal.count - 1, 0),
    "a diagonal of \(diagonal.count) has no \(offDiagonal.count) elements beside it")
  let largest = largestMagnitude(diagonal + offDiagonal)
  guard largest.isFinite else { return .failure(size: diagonal.count, vectors: wanted) }
  let unit = max(largest.binade, .leastNormalMagnitude)
  var eigen = symmetricTridiagonalEigen(
    diagonal: diagonal.map { $0 / unit }, offDiagonal: offDiagonal.map { $0 / unit },
    basis: wanted ? .identity(diagonal.count) : nil)
  scale(&eigen.values, by: unit)
  return eigen
}

/// The eigenproblem of B T Bᵀ, where B's columns are the rows of `basis`.
func symmetricTridiagonalEigen(diagonal: [Double], offDiagonal: [Double], basis: Matrix?) -> SymmetricEigen {
  let n = diagonal.count
  var values = diagonal
  var beside = offDiagonal + [0]
  var rotations = basis.map { RotationSweeps($0) }
  guard diagonalize(&values, &beside, &rotations) else { return .failure(size: n, vectors: basis != nil) }
  // Ascending order; equal values keep theirs.
  let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
  let vectors = rotations.map { $0.rows(order).transposed() } ?? Matrix(rows: n, columns: 0)
  return SymmetricEigen(values: order.map { values[$0] }, vectors: vectors, converged: true)
}

/// QL steps until every off-diagonal element is negligible beside its neighbours. False after 50 steps on one
/// eigenvalue.
///
/// Where a matrix of low rank leaves a block of tiny elements, the steps put rounding errors of the whole matrix into
/// it as fast as they take elements out. From the 25th step on, what is negligible beside the whole matrix is dropped
/// too.
private func diagonalize(_ d: inout [Double], _ e: inout [Double], _ rotations: inout RotationSweeps?) -> Bool {
  let n = d.count
  let largest = zip(d, e).reduce(0) { max($0, abs($1.0), abs($1.1)) }
  for top in 0..<n {
    var steps = 0
    while true {
      let floor = steps < 25 ? 1e-290 : 0x1p-53 * largest
      // The block from `top` to `bottom` is the one that does not fall apart yet.
      var bottom = top
      while bottom < n - 1, abs(e[bottom]) > 0x1p-53 * (abs(d[bottom]) + abs(d[bottom + 1])) + floor { bottom += 1 }
      if bottom == top { break }
      if steps == 50 { return false }
      steps += 1
      stepQL(&d, &e, top, bottom, &rotations)
    }
  }
  rotations?.flush()
  return true
}

/// One implicit QL step on rows `top` … `bottom`.
private func stepQL(
  _ d: inout [Double], _ e: inout [Double], _ top: Int, _ bottom: Int, _ rotations: inout RotationSweeps?
) {
  // Wilkinson's shift: the eigenvalue of the top 2 × 2 block that is nearer to its first element.
  let half = (d[top + 1] - d[top]) / (2 * e[top])
  let root = hypotenuse(half, 1)
  var g = d[bottom] - d[top] + e[top] / (half + (half < 0 ? -root : root))
  var sine = 1.0
  var cosine = 1.0
  var shift = 0.0
  var i = bottom - 1
  while i >= top {
    // (g, f) is the column to be rotated: f is the element outside the three diagonals.
    let f = sine * e[i]
    let b = cosine * e[i]
    let r = hypotenuse(f, g)
    e[i + 1] = r
    if r == 0 {
      // The matrix has fallen apart within the step; what is done so far is a similarity.
      d[i + 1] -= shift
      e[bottom] = 0
      rotations?.endSweep()
      return
    }
    sine = f / r
    cosine = g / r
    let p = d[i + 1] - shift
    let q = (d[i] - p) * sine + 2 * cosine * b
    shift = sine * q
    d[i + 1] = p + shift
    g = cosine * q - b
    rotations?.append(row: i, cosine: cosine, sine: sine)
    i -= 1
  }
  rotations?.endSweep()
  d[top] -= shift
  e[top] = g
  e[bottom] = 0
}

/// √(x² + y²), also where the squares would vanish or overflow.
private func hypotenuse(_ x: Double, _ y: Double) -> Double {
  let larger = max(abs(x), abs(y))
  if larger > 1e-140 && larger < 1e140 { return (x * x + y * y).squareRoot() }
  guard larger > 0 else { return 0 }
  return larger * ((x / larger) * (x / larger) + (y / larger) * (y / larger)).squareRoot()
}
