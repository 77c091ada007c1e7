import Ch00Lanes

/// sign det M and ln |det M| of 32 matrices at once, a walker in each lane.
///
/// Gaussian elimination with partial pivoting: each lane chooses its own pivot by exchanging rows under a mask. A
/// singular matrix gives sign 0 and -∞; a NaN anywhere in a matrix gives a logarithm of NaN in its lane.
///
/// - Parameters:
///   - matrices: n × n entries, row-major, destroyed.
///   - sign: +1, -1 or 0.
/// - Complexity: ⅔ n³ operations a matrix, and n logarithms, so that nothing over- or underflows.
@inline(never)
package func logDeterminants(
  _ matrices: inout ContiguousArray<Lanes32>, at start: Int = 0, size n: Int, sign: inout Lanes32,
  logMagnitude: inout Lanes32
) {
  precondition(n >= 1 && start >= 0 && start + n * n <= matrices.count, "\(n) × \(n) entries do not fit")
  // Unsafe: eight walkers of each entry as one register, in place. `eliminate` stays within the n × n entries from
  // `start` on, which the precondition finds in the array.
  matrices.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    for group in 0..<4 {
      let m = UnsafeMutableRawPointer(base + start).assumingMemoryBound(to: Lanes.self) + group
      eliminate(m, n, width: n, group, &sign, &logMagnitude)
    }
  }
}

/// sign det M, ln |det M| and M⁻¹ of 32 matrices at once.
///
/// The inverse of a singular matrix is not finite, and says so.
///
/// - Parameters:
///   - matrices: n × n entries, row-major, kept.
///   - inverse: receives n × n entries.
///   - workspace: at least 2 n² long.
/// - Complexity: 3 n³ operations a matrix.
@inline(never)
package func inverses(
  of matrices: ContiguousArray<Lanes32>, at start: Int = 0, size n: Int, into inverse: inout ContiguousArray<Lanes32>,
  at inverseStart: Int = 0, sign: inout Lanes32, logMagnitude: inout Lanes32, workspace: inout ContiguousArray<Lanes32>
) {
  precondition(n >= 1 && start >= 0 && start + n * n <= matrices.count, "\(n) × \(n) entries do not fit")
  precondition(inverseStart >= 0 && inverseStart + n * n <= inverse.count, "no room for \(n) × \(n) entries")
  precondition(workspace.count >= 2 * n * n, "the workspace needs \(2 * n * n) entries, has \(workspace.count)")
  // [M | 1], eliminated to [U | L⁻¹P], then substituted backwards.
  for i in 0..<n {
    for j in 0..<n {
      workspace[i * 2 * n + j] = matrices[start + i * n + j]
      workspace[i * 2 * n + n + j] = Lanes32(repeating: i == j ? 1 : 0)
    }
  }
  // Unsafe: as above; rows and columns below n and 2 n are the 2 n² entries that the precondition asks of the
  // workspace.
  workspace.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    for group in 0..<4 {
      let m = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Lanes.self) + group
      eliminate(m, n, width: 2 * n, group, &sign, &logMagnitude)
      let w = 2 * n
      for row in (0..<n).reversed() {
        let pivot = m[4 * (row * w + row)]
        for column in n..<w {
          var x = m[4 * (row * w + column)]
          for k in row + 1..<n {
            x = multiplyAdd(-m[4 * (row * w + k)], m[4 * (k * w + column)], x)
          }
          m[4 * (row * w + column)] = x / pivot
        }
      }
    }
  }
  for i in 0..<n { for j in 0..<n { inverse[inverseStart + i * n + j] = workspace[i * 2 * n + n + j] } }
}

/// Elimination with row exchanges of n rows, `width` columns, of which the first n are the matrix; eight walkers, one of
/// the four groups of a row. Entry (i, j) is at `m[4 (i·width + j)]`.
@inline(__always)
private func eliminate(
  _ m: UnsafeMutablePointer<Lanes>, _ n: Int, width: Int, _ group: Int, _ sign: inout Lanes32,
  _ logarithm: inout Lanes32
) {
  // Unsafe: a group of lanes is every fourth register, which no array or span of `Lanes32` shows. i < n and j < width ≥
  // n keep 4 (i·width + j) within the entries that both callers have checked.
  let signBit = LaneBits(repeating: 1 << 63)
  var negative = LaneBits()
  var logMagnitude = Lanes()
  var singular = Lanes(repeating: 1)
  for k in 0..<n {
    // Each lane brings its largest entry of column k to row k.
    for r in k &+ 1..<n {
      let larger = m[4 &* (r &* width &+ k)].magnitude .> m[4 &* (k &* width &+ k)].magnitude
      for c in k..<width {
        swapLanes(&m[4 &* (k &* width &+ c)], &m[4 &* (r &* width &+ c)], where: larger)
      }
      negative ^= LaneBits().replacing(with: signBit, where: larger)
    }
    let pivot = m[4 &* (k &* width &+ k)]
    let zero = pivot .== 0
    negative ^= pivot.bitPatterns & signBit
    singular.replace(with: 0, where: zero)
    logMagnitude += Lanes.log(pivot.magnitude)
    let divisor = pivot.replacing(with: 1, where: zero)
    for r in k &+ 1..<n {
      // Divided, not multiplied by a reciprocal: that of a subnormal pivot is infinite, the ratio at most 1.
      let factor = 0 - m[4 &* (r &* width &+ k)] / divisor
      for c in k &+ 1..<width {
        m[4 &* (r &* width &+ c)] = multiplyAdd(
          factor, m[4 &* (k &* width &+ c)], m[4 &* (r &* width &+ c)])
      }
    }
  }
  let signs = Lanes(bitPatterns: singular.bitPatterns | (negative & signBit)) * singular
  switch group {
  case 0: (sign.a, logarithm.a) = (signs, logMagnitude)
  case 1: (sign.b, logarithm.b) = (signs, logMagnitude)
  case 2: (sign.c, logarithm.c) = (signs, logMagnitude)
  default: (sign.d, logarithm.d) = (signs, logMagnitude)
  }
}
