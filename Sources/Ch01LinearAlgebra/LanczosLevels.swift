/// The lowest level of a symmetric operator H that is not one of those found already.
///
/// Known levels are lifted out of the way: the iteration sees H + s Σ_i v_i v_iᵀ, whose levels are those of H with the
/// known ones raised by s. A level that is there twice is found twice, once for each of its vectors, where a single Lanczos
/// iteration sees only the one that its start vector contains.
///
///     let first = lanczosLowestLevel(start: a, operator: h)
///     let second = lanczosLowestLevel(after: [first], spread: 100, start: b, operator: h)
///     let both = rayleighRitz([first, second], operator: h)
///
/// A vector v_i that is off by δ raises the next levels by about s δ²; ``rayleighRitz(_:operator:)`` takes that out.
///
/// - Parameters:
///   - known: the levels below, all of them, with their vectors.
///   - spread: s, larger than the distance of the wanted level from the lowest; in units of H, at most the width of its
///     spectrum, or the iteration takes longer.
///   - start: as ``lanczosLowestLevel(start:tolerance:iterationLimit:wantsVector:operator:)``; for a level that may be
///     multiple another one than for those before it.
///   - tolerance: wanted absolute error of the level.
///   - iterationLimit: the most products of the first pass.
///   - wantsVector: whether the second pass is run.
///   - apply: y ← H x.
/// - Complexity: that of the plain iteration, and O(n) for each known level and product.
public func lanczosLowestLevel(
  after known: [LanczosResult], spread: Double, start: [Double], tolerance: Double = 1e-10, iterationLimit: Int = 2000,
  wantsVector: Bool = true, operator apply: (_ x: [Double], _ y: inout [Double]) -> Void
) -> LanczosResult {
  precondition(known.allSatisfy { $0.vector.count == start.count }, "the known levels must come with their vectors")
  var start = start
  for level in known { add(-dot(level.vector, start), level.vector, to: &start) }
  return lanczosLowestLevel(
    start: start, tolerance: tolerance, iterationLimit: iterationLimit, wantsVector: wantsVector
  ) { x, y in
    apply(x, &y)
    for level in known { add(spread * dot(level.vector, x), level.vector, to: &y) }
  }
}

/// The best approximations to levels of H among all mixtures of some vectors: eigenvalues of the small matrix v_i·H v_j.
///
/// - Parameter levels: with vectors, nearly orthonormal, such as ``lanczosLowestLevel(after:spread:start:tolerance:iterationLimit:wantsVector:operator:)``
///   finds one after the other.
/// - Parameter apply: y ← H x.
/// - Returns: as many levels, ascending, with residuals measured on their vectors, and as error the largest of those of `levels`.
/// - Complexity: a product for each of k levels, O(n k²), and memory for k more vectors.
public func rayleighRitz(
  _ levels: [LanczosResult], operator apply: (_ x: [Double], _ y: inout [Double]) -> Void
) -> [LanczosResult] {
  guard let n = levels.first?.vector.count else { return [] }
  // Gram-Schmidt first: the vectors are orthogonal to about the root of their energies' errors.
  var basis: [[Double]] = []
  for level in levels {
    var vector = level.vector
    for v in basis { add(-dot(v, vector), v, to: &vector) }
    scale(&vector, by: 1 / norm(vector))
    basis.append(vector)
  }
  var images = [[Double]](repeating: [Double](repeating: 0, count: n), count: levels.count)
  for k in basis.indices { apply(basis[k], &images[k]) }
  let small = Matrix(rows: levels.count, columns: levels.count) { i, j in
    0.5 * (dot(basis[i], images[j]) + dot(basis[j], images[i]))
  }
  let ritz = SymmetricEigen(small)
  return levels.indices.map { k in
    var vector = [Double](repeating: 0, count: n)
    var rest = vector
    for i in basis.indices {
      add(ritz.vectors[i, k], basis[i], to: &vector)
      add(ritz.vectors[i, k], images[i], to: &rest)
    }
    let value = ritz.values[k]
    add(-value, vector, to: &rest)
    let residual = norm(rest)
    var result = levels[k]
    result.value = value
    result.vector = vector
    result.residual = residual
    result.error = levels.reduce(0) { max($0, $1.error) }
    return result
  }
}
