/// The lowest level that a Lanczos iteration found, with what is known of its error.
public struct LanczosResult: Sendable {
  /// Why the iteration ended.
  public enum Stop: Sendable {
    /// The estimated error of the level fell below the tolerance.
    case converged
    /// The Krylov space closed: the level is exact, but the lowest only among those that the start vector contains.
    case invariantSubspace
    /// The allowed number of products was used up; the level lies above the true one by about `error`.
    case iterationLimit
  }

  /// The level, an upper bound of the lowest eigenvalue (up to rounding), in units of H.
  public var value: Double
  /// Its unit vector, shape [n]; empty where it was not asked for.
  public var vector: [Double]
  /// ‖Hx - value·x‖, in units of H: an eigenvalue lies within this distance. Measured on the vector where it was asked
  /// for, else by recurrence.
  public var residual: Double
  /// Estimate of value - eigenvalue, in units of H: residual² over the distance to the next level seen, and never more
  /// than the residual.
  public var error: Double
  /// Products H·x that were needed for the value (the vector costs as many again).
  public var iterations: Int
  /// Why the iteration ended.
  public var stop: Stop

  /// False where the iteration limit came before the tolerance was reached.
  public var isConverged: Bool { stop != .iterationLimit }

  /// A result as it is; nothing is checked.
  public init(value: Double, vector: [Double], residual: Double, error: Double, iterations: Int, stop: Stop) {
    self.value = value
    self.vector = vector
    self.residual = residual
    self.error = error
    self.iterations = iterations
    self.stop = stop
  }
}

/// Three-term recurrence of Lanczos: an orthonormal basis of the Krylov space, of which only two vectors are kept.
///
///     β_k v_{k+1} = H v_k - α_k v_k - β_{k-1} v_{k-1},      α_k = v_k·H v_k
struct LanczosRecurrence {
  var current: [Double]
  private var previous: [Double]
  private var image: [Double]
  private var lastBeta = 0.0

  /// - Parameter start: any vector but zero; for zero, the vector of equal components is taken.
  init(start: [Double]) {
    let length = norm(start)
    let flat = 1 / Double(max(start.count, 1)).squareRoot()
    current = length > 0 ? start.map { $0 / length } : [Double](repeating: flat, count: start.count)
    previous = [Double](repeating: 0, count: start.count)
    image = previous
  }

  /// Replaces v_k by v_{k+1}; where β vanishes the vector is left unscaled, and the iteration must end.
  mutating func advance(_ apply: (_ x: [Double], _ y: inout [Double]) -> Void) -> (alpha: Double, beta: Double) {
    apply(current, &image)
    let alpha = dot(current, image)
    let count = current.count
    let lastBeta = lastBeta
    precondition(image.count == count, "the operator made \(image.count) components of \(count)")
    // Unsafe: one pass over three vectors without checks of their indices. All have `count` components: two were made
    // so, and the caller's operator may have changed the third, which the precondition finds out.
    image.withUnsafeMutableBufferPointer { w in
      current.withUnsafeBufferPointer { v in
        previous.withUnsafeBufferPointer { u in
          for i in 0..<count { w[i] -= alpha * v[i] + lastBeta * u[i] }
        }
      }
    }
    let beta = norm(image)
    if beta > 0 {
      scale(&image, by: 1 / beta)
    }
    // previous ← current ← image; the oldest array becomes the next product's.
    swap(&previous, &current)
    swap(&current, &image)
    self.lastBeta = beta
    return (alpha, beta)
  }
}

/// Lowest level of a symmetric operator H in O(n) memory: Lanczos without reorthogonalisation, in one pass or two.
///
/// Rounding lets orthogonality go as soon as a level has converged, and copies of that level then appear; the lowest
/// one stays right (Paige 1976), which is all that is asked here. The vector is not kept along the way: a second pass
/// repeats the recurrence, bit for bit, and sums x = Σ s_k v_k, where s is the lowest vector of the tridiagonal matrix.
/// Four vectors in all, where a stored basis of 150 vectors of 4 million numbers would be 5 GB.
///
///     let free = lanczosLowestLevel(start: [1, 1, 1]) { x, y in for i in 0..<3 { y[i] = Double(i) * x[i] } }
///     // free.value is 0 up to rounding, free.vector is ±(1, 0, 0)
///
/// - Parameter start: the vector to begin with, shape [n], n > 0; it must not be orthogonal to the wanted one. Zero
///   means (1, 1, …, 1).
/// - Parameter tolerance: wanted absolute error of the level, in its units; must be positive.
/// - Parameter iterationLimit: the most products of the first pass; must be positive. A limit reached is a result
///   (`stop`), not an error.
/// - Parameter wantsVector: whether the second pass is run.
/// - Parameter apply: y ← H x. It finds garbage in y and overwrites it.
/// - Complexity: O(n) a product beside the product itself; about ½√(spread/gap)·ln(1/error) products, where spread is the
///   width of the spectrum and gap the distance to the second level.
/// - Source: C. Lanczos 1950.
public func lanczosLowestLevel(
  start: [Double], tolerance: Double = 1e-10, iterationLimit: Int = 2000, wantsVector: Bool = true,
  operator apply: (_ x: [Double], _ y: inout [Double]) -> Void
) -> LanczosResult {
  precondition(!start.isEmpty, "an operator on no dimensions has no levels")
  precondition(
    tolerance > 0 && iterationLimit > 0, "tolerance \(tolerance) and limit \(iterationLimit) must be positive")
  var recurrence = LanczosRecurrence(start: start)
  var projected = LanczosTridiagonal()
  var result = LanczosResult(
    value: 0, vector: [], residual: .infinity, error: .infinity, iterations: 0, stop: .iterationLimit)
  var largest = 0.0
  var weights: [Double] = []
  // First pass: extend the projection until its lowest level has settled.
  for iteration in 1...iterationLimit {
    let (alpha, beta) = recurrence.advance(apply)
    projected.diagonal.append(alpha)
    largest = max(largest, abs(alpha) + beta)
    // What is left after removing two directions is rounding noise where it is this small. n iterations prove nothing:
    // on a wide spectrum orthogonality is gone by then.
    let closed = beta <= 8 * Double.ulpOfOne * largest
    if closed || iteration == iterationLimit || iteration % 4 == 0 {
      let lowest = projected.bracket(level: 0)
      weights = projected.lowestVector(below: lowest.lower)
      result.value = lowest.upper
      result.iterations = iteration
      result.residual = beta * abs(weights[iteration - 1])
      result.error = result.residual
      if iteration > 1 {
        let gap = projected.bracket(level: 1).lower - lowest.upper
        if gap > 0 { result.error = min(result.residual, result.residual * result.residual / gap) }
      }
      if closed {
        result.stop = .invariantSubspace
      } else if result.error <= tolerance && iteration >= 8 {
        result.stop = .converged
      }
      if result.stop != .iterationLimit { break }
    }
    projected.offDiagonal.append(beta)
  }
  guard wantsVector else { return result }
  // Second pass: the same basis again, summed with the weights that are known now.
  result.vector = [Double](repeating: 0, count: start.count)
  recurrence = LanczosRecurrence(start: start)
  for iteration in 0..<result.iterations {
    add(weights[iteration], recurrence.current, to: &result.vector)
    if iteration + 1 < result.iterations { _ = recurrence.advance(apply) }
  }
  let length = norm(result.vector)
  if length > 0 { scale(&result.vector, by: 1 / length) }
  // What is said of the residual holds for the vector that is returned: one more product.
  var image = [Double](repeating: 0, count: start.count)
  apply(result.vector, &image)
  add(-result.value, result.vector, to: &image)
  result.residual = norm(image)
  return result
}
