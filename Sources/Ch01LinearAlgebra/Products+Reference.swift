// The products by their definition. They are what the fast ones must agree with, and the place to look up what an index
// means; at 256³ they take fifty to a hundred times as long.

/// (A B)_ij = Σ_k a_ik b_kj, [m × k] times [k × n]; other shapes stop the program.
/// - Complexity: 2 m k n operations.
public func referenceProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
  precondition(
    a.columns == b.rows, "the product of \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns) is not defined")
  let (x, y) = (a.elements, b.elements)
  return Matrix(rows: a.rows, columns: b.columns) { i, j in
    var sum = 0.0
    for k in 0..<a.columns { sum += x[i * a.columns + k] * y[k * b.columns + j] }
    return sum
  }
}

/// (Aᵀ B)_ij = Σ_k a_ki b_kj, [k × m] transposed times [k × n]; other shapes stop the program.
/// - Complexity: 2 m k n operations.
public func referenceProduct(transposed a: Matrix, _ b: Matrix) -> Matrix {
  precondition(
    a.rows == b.rows, "the product of (\(a.rows) × \(a.columns))ᵀ and \(b.rows) × \(b.columns) is not defined")
  let (x, y) = (a.elements, b.elements)
  return Matrix(rows: a.columns, columns: b.columns) { i, j in
    var sum = 0.0
    for k in 0..<a.rows { sum += x[k * a.columns + i] * y[k * b.columns + j] }
    return sum
  }
}

/// (A Bᵀ)_ij = Σ_k a_ik b_jk, [m × k] times [n × k] transposed; other shapes stop the program.
/// - Complexity: 2 m k n operations.
public func referenceProduct(_ a: Matrix, transposed b: Matrix) -> Matrix {
  precondition(
    a.columns == b.columns, "the product of \(a.rows) × \(a.columns) and (\(b.rows) × \(b.columns))ᵀ is not defined")
  let (x, y) = (a.elements, b.elements)
  return Matrix(rows: a.rows, columns: b.rows) { i, j in
    var sum = 0.0
    for k in 0..<a.columns { sum += x[i * a.columns + k] * y[j * b.columns + k] }
    return sum
  }
}

/// (A x)_i = Σ_j a_ij x_j, [m × n] times [n]; other shapes stop the program.
/// - Complexity: 2 m n operations.
public func referenceProduct(_ a: Matrix, _ x: [Double]) -> [Double] {
  precondition(a.columns == x.count, "\(a.rows) × \(a.columns) times \(x.count) components is not defined")
  return (0..<a.rows).map { i in (0..<a.columns).reduce(0) { $0 + a[i, $1] * x[$1] } }
}

/// (Aᵀ x)_j = Σ_i a_ij x_i, [m × n] transposed times [m]; other shapes stop the program.
/// - Complexity: 2 m n operations.
public func referenceProduct(transposed a: Matrix, _ x: [Double]) -> [Double] {
  precondition(a.rows == x.count, "(\(a.rows) × \(a.columns))ᵀ times \(x.count) components is not defined")
  return (0..<a.columns).map { j in (0..<a.rows).reduce(0) { $0 + a[$1, j] * x[$1] } }
}
