/// The symmetric tridiagonal matrix that Lanczos builds, and what is asked of it: its lowest levels, one vector.
///
///     T = | α₀ β₀       |
///         | β₀ α₁ β₁    |        diagonal α, k numbers; offDiagonal β, k - 1 numbers (more are ignored)
///         |    β₁ α₂ …  |
///
/// Bisection on the Sturm sequence costs O(k) a digit and needs no vectors, where a full diagonalisation costs O(k²) to
/// O(k³); it is called every few iterations, so that matters.
struct LanczosTridiagonal {
  var diagonal: [Double] = []
  var offDiagonal: [Double] = []

  var count: Int { diagonal.count }

  /// Number of eigenvalues below `shift`: the negative pivots of the factorisation of T - shift.
  func levels(below shift: Double) -> Int {
    var negative = 0
    var pivot = 1.0
    for k in 0..<count {
      let coupling = k == 0 ? 0 : offDiagonal[k - 1] * offDiagonal[k - 1]
      pivot = diagonal[k] - shift - coupling / pivot
      // An exact zero would divide by zero below; a tiny pivot of either sign counts the same levels.
      if pivot == 0 { pivot = -Double.leastNormalMagnitude }
      if pivot < 0 { negative += 1 }
    }
    return negative
  }

  /// An interval of rounding width with eigenvalue number `level` (0 is the lowest) in it.
  func bracket(level: Int) -> (lower: Double, upper: Double) {
    precondition((0..<count).contains(level), "level \(level) of a matrix of \(count) rows")
    // Gershgorin's circles hold the whole spectrum.
    var lower = Double.infinity
    var upper = -Double.infinity
    for k in 0..<count {
      let radius = (k > 0 ? abs(offDiagonal[k - 1]) : 0) + (k + 1 < count ? abs(offDiagonal[k]) : 0)
      lower = min(lower, diagonal[k] - radius)
      upper = max(upper, diagonal[k] + radius)
    }
    let width = 4 * Double.ulpOfOne * max(abs(lower), abs(upper), Double.leastNormalMagnitude)
    lower -= width
    upper += width
    while upper - lower > width {
      let middle = lower + 0.5 * (upper - lower)
      if middle <= lower || middle >= upper { break }
      if levels(below: middle) > level { upper = middle } else { lower = middle }
    }
    return (lower, upper)
  }

  /// Unit eigenvector of the lowest level by inverse iteration.
  ///
  /// The shift is the lower end of the bracket: T - shift is then positive definite, and its factorisation needs no
  /// pivots.
  func lowestVector(below shift: Double) -> [Double] {
    // Not below 1e-200, so that dividing by a pivot of the zero matrix does not overflow.
    let scale = max(abs(shift), diagonal.reduce(0) { max($0, abs($1)) }, 1e-200)
    let floor = Double.ulpOfOne * scale
    var pivots = [Double](repeating: 0, count: count)
    for k in 0..<count {
      let coupling = k == 0 ? 0 : offDiagonal[k - 1] * offDiagonal[k - 1] / pivots[k - 1]
      pivots[k] = max(diagonal[k] - shift - coupling, floor)
    }
    var x = [Double](repeating: 1, count: count)
    for _ in 0..<4 {
      for k in 1..<max(count, 1) { x[k] -= offDiagonal[k - 1] / pivots[k - 1] * x[k - 1] }
      for k in 0..<count { x[k] /= pivots[k] }
      for k in stride(from: count - 2, through: 0, by: -1) { x[k] -= offDiagonal[k] / pivots[k] * x[k + 1] }
      // Divide by the largest component first: squares of 1/ε overflow nothing.
      let largest = x.reduce(0) { max($0, abs($1)) }
      for k in 0..<count { x[k] /= largest }
      let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for k in 0..<count { x[k] /= length }
    }
    return x
  }
}
