extension Matrix {
  /// A + B, element by element; two shapes that differ stop the program.
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    var sum = a
    sum += b
    return sum
  }

  /// A - B, element by element; two shapes that differ stop the program.
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    var difference = a
    difference -= b
    return difference
  }

  /// A ← A + B; two shapes that differ stop the program.
  public static func += (a: inout Matrix, b: Matrix) { add(1, b, to: &a) }
  /// A ← A - B; two shapes that differ stop the program.
  public static func -= (a: inout Matrix, b: Matrix) { add(-1, b, to: &a) }

  /// α A, element by element.
  public static func * (factor: Double, a: Matrix) -> Matrix {
    var scaled = a
    scaled *= factor
    return scaled
  }

  /// A ← α A, without new memory unless another copy shares A's.
  public static func *= (a: inout Matrix, factor: Double) {
    // Unsafe: the vector kernels take pointers; the count is the buffer's own.
    a.storage.withUnsafeMutableBufferPointer { a in
      guard let base = a.baseAddress else { return }
      scale(base, by: factor, count: a.count)
    }
  }

  /// -A, element by element.
  public static prefix func - (a: Matrix) -> Matrix { -1 * a }
}

/// B += α A.
/// - Precondition: A and B have the same shape.
public func add(_ α: Double, _ a: Matrix, to b: inout Matrix) {
  precondition(a.rows == b.rows && a.columns == b.columns, "\(a.rows) × \(a.columns) added to \(b.rows) × \(b.columns)")
  // Unsafe: the vector kernels take pointers; equal shapes, the precondition, make A's count that of B too.
  a.storage.withUnsafeBufferPointer { a in
    b.storage.withUnsafeMutableBufferPointer { b in
      guard let from = a.baseAddress, let to = b.baseAddress else { return }
      add(α, from, to: to, count: a.count)
    }
  }
}

extension Matrix {
  /// ‖A‖_F = √(Σᵢⱼ a_ij²), for a symmetric matrix the root of the sum of squared eigenvalues.
  public var frobeniusNorm: Double { norm(storage) }

  /// max |a_ij|; 0 without elements, NaN if an element is.
  public var largestMagnitude: Double { Ch01LinearAlgebra.largestMagnitude(storage) }

  /// ‖A‖₁ = max over columns of Σᵢ |a_ij|; 0 without elements, NaN if an element is.
  public var oneNorm: Double {
    var sums = [Double](repeating: 0, count: columns)
    for i in 0..<rows {
      for j in 0..<columns { sums[j] += abs(storage[i * columns + j]) }
    }
    return Ch01LinearAlgebra.largestMagnitude(sums)
  }
}
