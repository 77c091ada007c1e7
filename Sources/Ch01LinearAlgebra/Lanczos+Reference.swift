/// Lowest levels of a symmetric operator, the plain way: the whole basis is kept and every new vector is made
/// orthogonal to it.
///
/// This is the version to read first and to test against. Each product extends an orthonormal basis v₁ … v_k of the
/// Krylov space; H projected on it is a small matrix whose lowest levels (Ritz values) fall towards those of H. Where
/// the space closes (the next vector vanishes) a new direction is drawn, so that multiple levels and unlucky starts are
/// found in the end.
///
/// - Parameter levels: how many, at least 1; fewer come back where the operator has fewer dimensions.
/// - Parameter start: the first vector, n numbers; zero means (1, 1, …, 1).
/// - Parameter tolerance: on the residual norms ‖Hx - value·x‖ of all wanted levels.
/// - Returns: the levels, ascending. One of several equal levels may be missing while the space has not closed.
/// - Complexity: O(n·k) memory, O(n·k²) time beside k products.
package func lanczosReference(
  levels: Int = 1, start: [Double], tolerance: Double = 1e-9, iterationLimit: Int = 500,
  operator apply: (_ x: [Double], _ y: inout [Double]) -> Void
) -> [LanczosResult] {
  precondition(levels > 0 && tolerance > 0 && !start.isEmpty, "levels, tolerance and dimension must be positive")
  let dimension = start.count
  var basis: [[Double]] = []
  var images: [[Double]] = []
  var candidate = norm(start) > 0 ? start : [Double](repeating: 1, count: dimension)
  var draws = Directions()
  var scale = 0.0
  while true {
    // Gram-Schmidt twice: once is not enough where the vector nearly vanishes.
    var length = norm(candidate)
    let original = length
    for _ in 0..<2 {
      for v in basis {
        let overlap = dot(v, candidate)
        for i in 0..<dimension { candidate[i] -= overlap * v[i] }
      }
    }
    length = norm(candidate)
    let closed = length <= 1e-13 * max(scale, original)
    if closed {
      candidate = draws.next(dimension)
      continue
    }
    basis.append(candidate.map { $0 / length })
    var image = [Double](repeating: 0, count: dimension)
    apply(basis[basis.count - 1], &image)
    images.append(image)
    scale = max(scale, norm(image))

    // Rayleigh-Ritz: levels of the projected matrix, vectors back in the large space.
    let size = basis.count
    let last = size == dimension || size >= iterationLimit
    if size % 8 == 0 || last {
      var projected = Matrix(rows: size, columns: size)
      for i in 0..<size { for j in 0...i { projected[i, j] = dot(basis[i], images[j]) } }
      for i in 0..<size { for j in 0..<i { projected[j, i] = projected[i, j] } }
      let ritz = SymmetricEigen(projected)
      let found = (0..<min(levels, size)).map { level -> LanczosResult in
        var vector = [Double](repeating: 0, count: dimension)
        var rest = vector
        for k in 0..<size {
          let weight = ritz.vectors[k, level]
          for i in 0..<dimension {
            vector[i] += weight * basis[k][i]
            rest[i] += weight * (images[k][i] - ritz.values[level] * basis[k][i])
          }
        }
        let residual = norm(rest)
        return LanczosResult(
          value: ritz.values[level], vector: vector, residual: residual, error: residual, iterations: size,
          stop: residual <= tolerance ? .converged : size == dimension ? .invariantSubspace : .iterationLimit)
      }
      if last || (found.count == levels && found.allSatisfy { $0.residual <= tolerance }) { return found }
    }
    candidate = image
  }
}

/// Directions without structure, the same in every run: a linear congruential generator.
private struct Directions {
  var state: UInt64 = 1
  mutating func next(_ count: Int) -> [Double] {
    (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(Int64(bitPattern: state)) * 0x1p-63
    }
  }
}
