import Ch01LinearAlgebra

/// The eigenvalues of a real matrix that need not be symmetric, by rising real part.
///
/// Those of a symmetric matrix are real whatever noise is in it; chapter 1's `SymmetricEigen` finds them. A mean of Ψ⁻¹ĤΨ has real
/// ones in expectation alone, and two levels that are equal come out as a pair a ± ib as often as not. So the reduction goes to
/// a Hessenberg matrix (zero below the first subdiagonal), and QR steps with complex shifts leave a triangle whose diagonal they are.
///
/// - Parameter matrix: [n, n]; another shape stops the program.
/// - Returns: n values. NaN where an entry is not finite, or after 60 n steps, which has not been seen.
/// - Complexity: O(n³).
public func eigenvalues(of matrix: Matrix) -> [(real: Double, imaginary: Double)] {
  let n = matrix.rows
  precondition(matrix.columns == n, "a square matrix expected, got \(n) × \(matrix.columns)")
  var h = (0..<n).map { i in (0..<n).map { Complex(matrix[i, $0]) } }
  let size = matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
  guard size.isFinite else { return [(real: Double, imaginary: Double)](repeating: (.nan, .nan), count: n) }

  // To Hessenberg form: each rotation clears one entry.
  for k in 0..<max(n - 2, 0) {
    for i in stride(from: n - 1, to: k + 1, by: -1) {
      guard let rotation = Rotation(h[i - 1][k], h[i][k]) else { continue }
      rotation.apply(&h, rows: i - 1, columns: 0..<n)
      rotation.applyAdjoint(&h, columns: i - 1, rows: 0..<n)
    }
  }

  // QR steps on the last block that has not fallen apart.
  var last = n - 1
  var steps = 0
  while last > 0 {
    var first = last
    while first > 0 {
      let scale = h[first][first].magnitude + h[first - 1][first - 1].magnitude
      if h[first][first - 1].magnitude <= 0x1p-52 * (scale > 0 ? scale : size) { break }
      first -= 1
    }
    if first == last {
      last -= 1
      continue
    }
    steps += 1
    if steps > 60 * n { return [(real: Double, imaginary: Double)](repeating: (.nan, .nan), count: n) }
    // Wilkinson's shift: the eigenvalue of the last 2 × 2 block that is nearer to its corner; now and then another one.
    let (a, b, c, d) = (h[last - 1][last - 1], h[last - 1][last], h[last][last - 1], h[last][last])
    let half = 0.5 * (a - d)
    let root = (half * half + b * c).squareRoot
    let (one, two) = (d + half + root, d + half - root)
    var shift = (one - d).magnitude < (two - d).magnitude ? one : two
    if steps % 11 == 10 { shift = shift + Complex(h[last][last - 1].magnitude) }
    for i in first...last { h[i][i] = h[i][i] - shift }
    var rotations: [Rotation?] = []
    for k in first..<last {
      let rotation = Rotation(h[k][k], h[k + 1][k])
      rotation?.apply(&h, rows: k, columns: k..<(last + 1))
      rotations.append(rotation)
    }
    for (k, rotation) in zip(first..<last, rotations) {
      rotation?.applyAdjoint(&h, columns: k, rows: first..<(min(k + 1, last) + 1))
    }
    for i in first...last { h[i][i] = h[i][i] + shift }
  }
  return (0..<n).map { (real: h[$0][$0].real, imaginary: h[$0][$0].imaginary) }.sorted { $0.real < $1.real }
}

/// A rotation of two neighbouring rows that clears the second one's entry.
private struct Rotation {
  let c: Complex
  let s: Complex

  /// nil where there is nothing to clear.
  init?(_ a: Complex, _ b: Complex) {
    let norm = (a.square + b.square).squareRoot()
    guard norm > 0, b.square > 0 else { return nil }
    (c, s) = ((1 / norm) * a, (1 / norm) * b)
  }

  /// (x, y) ← (c̄ x + s̄ y, -s x + c y) for the rows k and k + 1.
  func apply(_ h: inout [[Complex]], rows k: Int, columns: Range<Int>) {
    for j in columns {
      let (x, y) = (h[k][j], h[k + 1][j])
      h[k][j] = c.conjugate * x + s.conjugate * y
      h[k + 1][j] = c * y - s * x
    }
  }

  /// The adjoint from the right, on the columns k and k + 1.
  func applyAdjoint(_ h: inout [[Complex]], columns k: Int, rows: Range<Int>) {
    for i in rows {
      let (x, y) = (h[i][k], h[i][k + 1])
      h[i][k] = c * x + s * y
      h[i][k + 1] = c.conjugate * y - s.conjugate * x
    }
  }
}

/// a + ib: the little that `eigenvalues` needs.
private struct Complex {
  var real: Double
  var imaginary = 0.0

  init(_ real: Double, _ imaginary: Double = 0) { (self.real, self.imaginary) = (real, imaginary) }

  var conjugate: Complex { Complex(real, -imaginary) }
  var square: Double { real * real + imaginary * imaginary }
  var magnitude: Double { square.squareRoot() }
  /// The root with a real part that is not negative.
  var squareRoot: Complex {
    let size = magnitude
    let real = (0.5 * (size + self.real)).squareRoot()
    let imaginary = (0.5 * max(size - self.real, 0)).squareRoot()
    return Complex(real.isNaN ? 0 : real, self.imaginary < 0 ? -imaginary : imaginary)
  }

  static func + (x: Complex, y: Complex) -> Complex { Complex(x.real + y.real, x.imaginary + y.imaginary) }
  static func - (x: Complex, y: Complex) -> Complex { Complex(x.real - y.real, x.imaginary - y.imaginary) }
  static func * (x: Double, y: Complex) -> Complex { Complex(x * y.real, x * y.imaginary) }
  static func * (x: Complex, y: Complex) -> Complex {
    Complex(x.real * y.real - x.imaginary * y.imaginary, x.real * y.imaginary + x.imaginary * y.real)
  }
}
