import Ch00Lanes

// Matrix times vector. Every element of the matrix is used once, so beyond the caches the speed is that of the memory.

extension Matrix {
  /// A x, [m × n] times [n], shape [m]; other shapes stop the program.
  /// - Complexity: 2 m n operations.
  public static func * (a: Matrix, x: [Double]) -> [Double] {
    var y = [Double](repeating: 0, count: a.rows)
    multiply(a, x, into: &y)
    return y
  }
}

/// Aᵀ x, [m × n] transposed times [m], shape [n]; other shapes stop the program.
/// - Complexity: 2 m n operations.
public func product(transposed a: Matrix, _ x: [Double]) -> [Double] {
  var y = [Double](repeating: 0, count: a.columns)
  multiply(transposed: a, x, into: &y)
  return y
}

/// y = A x, [m × n] times [n], without new memory; other shapes stop the program.
/// - Complexity: 2 m n operations.
public func multiply(_ a: Matrix, _ x: [Double], into y: inout [Double]) {
  precondition(
    a.columns == x.count && a.rows == y.count, "\(y.count) = \(a.rows) × \(a.columns) times \(x.count) is not defined")
  // Unsafe: the kernels load eight lanes from rows of A. x has a.columns components and y has a.rows: the precondition.
  a.storage.withUnsafeBufferPointer { a in
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        guard let a = a.baseAddress, let x = x.baseAddress, let y = y.baseAddress else {
          return y.update(repeating: 0)
        }
        multiply(a, x, into: y)
      }
    }
  }

  func multiply(_ elements: UnsafePointer<Double>, _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>) {
    // Unsafe: row i < a.rows begins at i · n and has n elements; so has x.
    let n = a.columns
    var i = 0
    while i + 4 <= a.rows {
      dotFour(elements + i * n, stride: n, x, count: n, into: y + i)
      i += 4
    }
    while i < a.rows {
      y[i] = dot(elements + i * n, x, count: n)
      i += 1
    }
  }
}

/// y = Aᵀ x, [m × n] transposed times [m], without new memory; other shapes stop the program.
/// - Complexity: 2 m n operations.
public func multiply(transposed a: Matrix, _ x: [Double], into y: inout [Double]) {
  precondition(
    a.rows == x.count && a.columns == y.count,
    "\(y.count) = (\(a.rows) × \(a.columns))ᵀ times \(x.count) is not defined")
  // Unsafe: the kernels load eight lanes from rows of A and of y. Row i < a.rows has n elements; so has y: the
  // precondition.
  a.storage.withUnsafeBufferPointer { elements in
    y.withUnsafeMutableBufferPointer { y in
      y.update(repeating: 0)
      guard let base = elements.baseAddress, let y = y.baseAddress else { return }
      let n = a.columns
      var i = 0
      while i + 4 <= a.rows {
        addFour(x[i], x[i + 1], x[i + 2], x[i + 3], base + i * n, stride: n, to: y, count: n)
        i += 4
      }
      while i < a.rows {
        add(x[i], base + i * n, to: y, count: n)
        i += 1
      }
    }
  }
}

/// Four rows times x: x is read once for all four.
private func dotFour(
  _ a: UnsafePointer<Double>, stride: Int, _ x: UnsafePointer<Double>, count n: Int,
  into y: UnsafeMutablePointer<Double>
) {
  // Unsafe: eight lanes at a time of four rows. j + 8 ≤ n, then j < n, stay in x and in the four rows that the caller
  // has.
  let a1 = a + stride
  let a2 = a1 + stride
  let a3 = a2 + stride
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  var s2 = Lanes.zero
  var s3 = Lanes.zero
  var j = 0
  while j &+ 8 <= n {
    let xj = loadLanes(x + j)
    s0 = multiplyAdd(loadLanes(a + j), xj, s0)
    s1 = multiplyAdd(loadLanes(a1 + j), xj, s1)
    s2 = multiplyAdd(loadLanes(a2 + j), xj, s2)
    s3 = multiplyAdd(loadLanes(a3 + j), xj, s3)
    j &+= 8
  }
  var t0 = s0.laneSum
  var t1 = s1.laneSum
  var t2 = s2.laneSum
  var t3 = s3.laneSum
  while j < n {
    t0 = multiplyAdd(a[j], x[j], t0)
    t1 = multiplyAdd(a1[j], x[j], t1)
    t2 = multiplyAdd(a2[j], x[j], t2)
    t3 = multiplyAdd(a3[j], x[j], t3)
    j &+= 1
  }
  y[0] = t0
  y[1] = t1
  y[2] = t2
  y[3] = t3
}

/// y += x₀ a₀ + x₁ a₁ + x₂ a₂ + x₃ a₃ for four rows a: y is read and written once for all four.
private func addFour(
  _ x0: Double, _ x1: Double, _ x2: Double, _ x3: Double, _ a: UnsafePointer<Double>, stride: Int,
  to y: UnsafeMutablePointer<Double>, count n: Int
) {
  // Unsafe: eight lanes at a time of four rows. j + 8 ≤ n, then j < n, stay in y and in the four rows that the caller
  // has.
  let a1 = a + stride
  let a2 = a1 + stride
  let a3 = a2 + stride
  var j = 0
  while j &+ 8 <= n {
    var s = loadLanes(y + j)
    s = multiplyAdd(loadLanes(a + j), x0, s)
    s = multiplyAdd(loadLanes(a1 + j), x1, s)
    s = multiplyAdd(loadLanes(a2 + j), x2, s)
    s = multiplyAdd(loadLanes(a3 + j), x3, s)
    storeLanes(s, y + j)
    j &+= 8
  }
  while j < n {
    var s = multiplyAdd(a[j], x0, y[j])
    s = multiplyAdd(a1[j], x1, s)
    s = multiplyAdd(a2[j], x2, s)
    y[j] = multiplyAdd(a3[j], x3, s)
    j &+= 1
  }
}
