import Ch00Lanes

extension LU {
  /// sign det A and ln |det A|: (0, -∞) for a singular matrix, (1, 0) for one without rows, NaN for one that is not
  /// finite.
  /// - Complexity: O(n).
  public var logDeterminant: (sign: Double, logMagnitude: Double) {
    guard oneNorm.isFinite else { return (.nan, .nan) }
    return factors.diagonal.reduce((permutationSign, 0)) { so, pivot in
      guard pivot != 0 else { return (0, -.infinity) }
      return (pivot < 0 ? -so.0 : pivot > 0 ? so.0 : .nan, so.1 + Double.log(abs(pivot)))
    }
  }

  /// An estimate of 1/κ₁(A) = 1/(‖A‖₁ ‖A⁻¹‖₁), between 0 (singular) and 1; 1 for a matrix without rows, NaN for
  /// one that is not finite.
  ///
  /// Solutions of A x = b lose about -log₁₀ of it in digits. ‖A⁻¹‖₁ is sought as the largest ‖A⁻¹x‖₁ over ‖x‖₁ = 1, a
  /// convex function whose maximum is at a corner e_j: Hager's ascent from corner to corner, with Higham's extra vector
  /// against cancellation (N. J. Higham, ACM TOMS 14, 381, 1988). The result is never below 1/κ₁ but for rounding, and
  /// rarely above three times it.
  ///
  /// - Complexity: about 20 n² operations.
  public var reciprocalCondition: Double {
    let n = factors.rows
    guard n > 0 else { return 1 }
    guard oneNorm.isFinite else { return .nan }
    var best = 0.0
    var x = [Double](repeating: 1 / Double(n), count: n)
    for _ in 0..<5 {
      guard let y = solve(x) else { return 0 }
      let length = y.reduce(0) { $0 + abs($1) }
      guard length.isFinite else { return 0 }
      best = max(best, length)
      guard let slope = solveTransposed(y.map { $0 < 0 ? -1 : 1 }) else { return 0 }
      let corner = slope.indices.max { abs(slope[$0]) < abs(slope[$1]) } ?? 0
      // At a maximum no corner promises more than where we stand.
      if abs(slope[corner]) <= dot(slope, x) { break }
      x = [Double](repeating: 0, count: n)
      x[corner] = 1
    }
    let alternating = (0..<n).map { (i: Int) -> Double in
      (i % 2 == 0 ? 1 : -1) * (1 + Double(i) / Double(max(n - 1, 1)))
    }
    guard let y = solve(alternating) else { return 0 }
    best = max(best, 2 * y.reduce(0) { $0 + abs($1) } / Double(3 * n))
    return min(1, 1 / best / oneNorm)
  }
}
