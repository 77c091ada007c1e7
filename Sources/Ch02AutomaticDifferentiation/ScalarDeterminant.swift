/// det A of a square matrix, with right derivatives also where A is singular.
///
///     determinant(of: [[x, 1], [1, x]])       // x² - 1
///
/// Gaussian elimination with complete pivoting on plain values: det A = ± Π pivots. Complete rather than partial,
/// because elimination divides by every pivot but the last, and complete pivoting brings the smallest one to the end:
/// where A has rank n - 1, as at the node of a wave function, the determinant is 0 and its gradient, the adjugate,
/// comes out to full precision. Where the remainder is exactly zero earlier, its determinant is taken without
/// divisions.
///
/// - Parameter matrix: shape [n][n]; the empty matrix has determinant 1, rows of another length stop the program.
/// - Complexity: O(n³); O(n⁴) where the rank is less than n - 1.
@inlinable
public func determinant<S: DifferentiableScalar>(of matrix: [[S]]) -> S {
  let elimination = Elimination(matrix)
  let product = elimination.pivots.reduce(S(elimination.sign), *)
  return elimination.remainder.isEmpty ? product : product * divisionFreeDeterminant(of: elimination.remainder)
}

/// Sign of det A and ln|det A|, which neither over- nor underflows.
///
/// - Parameter matrix: shape [n][n]; rows of another length stop the program.
/// - Returns: sign ±1; for a singular matrix sign 0 and the constant -∞, since a logarithm has no derivative there.
/// - Complexity: O(n³).
@inlinable
public func signAndLogDeterminant<S: DifferentiableScalar>(of matrix: [[S]]) -> (sign: Double, logMagnitude: S) {
  let elimination = Elimination(matrix)
  guard elimination.remainder.isEmpty, elimination.pivots.allSatisfy({ $0.value != 0 }) else {
    return (0, S(-Double.infinity))
  }
  var sign = elimination.sign
  var logMagnitude: S = 0
  for pivot in elimination.pivots {
    if pivot.value < 0 { sign = -sign }
    logMagnitude += S.log(S.abs(pivot))
  }
  return (sign, logMagnitude)
}

/// det A by products and sums alone (Bird's algorithm).
///
///     X₁ = A,  X_{k+1} = μ(X_k) A,  det A = (-1)ⁿ⁻¹ (X_n)₁₁
///
/// where μ(X) keeps X above the diagonal, drops it below, and has -Σ_{j>i} X_jj on the diagonal. Exactly differentiable
/// everywhere; in floating point it loses more digits to cancellation than elimination does.
///
/// - Parameter matrix: shape [n][n]; the empty matrix has determinant 1, rows of another length stop the program.
/// - Complexity: O(n⁴).
/// - Source: R. S. Bird, A simple division-free algorithm for computing determinants, Inf. Process. Lett. 111 (2011).
@inlinable
public func divisionFreeDeterminant<S: DifferentiableScalar>(of matrix: [[S]]) -> S {
  let n = matrix.count
  precondition(matrix.allSatisfy { $0.count == n }, "a determinant needs a square matrix; this one has \(n) rows")
  guard n > 0 else { return 1 }
  var x = matrix
  for _ in 1..<n {
    var trailing: S = 0
    var factor = x
    for i in x.indices.reversed() {
      for j in 0..<i { factor[i][j] = 0 }
      factor[i][i] = -trailing
      trailing += x[i][i]
    }
    for i in 0..<n {
      for j in 0..<n {
        x[i][j] = (i..<n).reduce(0) { $0 + factor[i][$1] * matrix[$1][j] }
      }
    }
  }
  return n.isMultiple(of: 2) ? -x[0][0] : x[0][0]
}

/// A matrix brought to upper triangular form as far as its pivots' plain values are not zero.
@usableFromInline
struct Elimination<S: DifferentiableScalar> {
  /// Parity of the exchanges of rows and columns.
  @usableFromInline var sign = 1.0
  @usableFromInline var pivots: [S] = []
  /// What is left when all of it is zero in value; empty for a regular matrix, and for one whose rank is n - 1.
  @usableFromInline var remainder: [[S]]

  @inlinable
  init(_ matrix: [[S]]) {
    let n = matrix.count
    precondition(matrix.allSatisfy { $0.count == n }, "a determinant needs a square matrix; this one has \(n) rows")
    remainder = matrix
    while let pivot = bringLargestToFront() {
      pivots.append(pivot)
      let first = remainder.removeFirst()
      for i in remainder.indices {
        let factor = remainder[i].removeFirst() / pivot
        for j in remainder[i].indices { remainder[i][j] -= factor * first[j + 1] }
      }
    }
  }

  /// Exchanges rows and columns so that the largest value stands at [0][0]; `nil` if that could not be divided by.
  @inlinable
  mutating func bringLargestToFront() -> S? {
    var (row, column, largest) = (0, 0, 0.0)
    for i in remainder.indices {
      for j in remainder.indices where !(remainder[i][j].value.magnitude <= largest) {
        (row, column, largest) = (i, j, remainder[i][j].value.magnitude)
      }
    }
    // The last pivot is never a divisor, so it may be zero.
    guard remainder.count == 1 || largest != 0 else { return nil }
    if row != 0 {
      remainder.swapAt(0, row)
      sign = -sign
    }
    if column != 0 {
      for i in remainder.indices { remainder[i].swapAt(0, column) }
      sign = -sign
    }
    return remainder[0][0]
  }
}
