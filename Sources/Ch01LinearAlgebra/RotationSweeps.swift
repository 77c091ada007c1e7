import Ch00Lanes

/// Plane rotations of neighbouring rows, gathered in sweeps that run upwards, and applied to a matrix many at a time.
///
///     row i+1 ← s · row i + c · row i+1,    row i ← c · row i - s · row i+1
///
/// Applied one by one each rotation would read and write two rows for six operations an element. Here the matrix is cut
/// into strips of 32 columns that stay in the cache while all gathered sweeps pass, and within a sweep the row that two
/// successive rotations share stays in registers.
struct RotationSweeps {
  private let size: Int
  /// Columns rounded up to whole lanes, and never a multiple of 4096 bytes, at which a column would fall on few cache
  /// lines.
  private let stride: Int
  private var elements: ContiguousArray<Double>
  /// (cosine, sine) of the gathered rotations.
  private var rotations: ContiguousArray<SIMD2<Double>> = []
  private var sweeps: [Sweep] = []
  private var firstOfSweep = 0
  private var lowestRow = 0

  private struct Sweep {
    /// The upper row of the last rotation, and the number of rotations.
    var top: Int
    var count: Int
  }

  /// The square matrix that will be rotated.
  init(_ matrix: Matrix) {
    size = matrix.rows
    let padded = (matrix.columns + 7) / 8 * 8
    stride = padded % 64 == 0 ? padded + 8 : padded
    elements = ContiguousArray(repeating: 0, count: size * stride)
    for i in 0..<size {
      for j in 0..<size { elements[i * stride + j] = matrix.storage[i * size + j] }
    }
  }

  /// Rows in this order.
  func rows(_ order: [Int]) -> Matrix {
    Matrix(rows: size, columns: size) { i, j in elements[order[i] * stride + j] }
  }

  /// Adds a rotation of rows `row` and `row + 1`; within a sweep, the row above the previous one's.
  mutating func append(row: Int, cosine: Double, sine: Double) {
    rotations.append(SIMD2(cosine, sine))
    lowestRow = row
  }

  mutating func endSweep() {
    let count = rotations.count - firstOfSweep
    precondition(
      count == 0 || lowestRow >= 0 && lowestRow + count < size,
      "a sweep of \(count) rotations up to row \(lowestRow) leaves the \(size) rows")
    if count > 0 { sweeps.append(Sweep(top: lowestRow, count: count)) }
    firstOfSweep = rotations.count
    // Enough sweeps to pay for bringing a strip into the cache.
    if rotations.count > 24 * size { flush() }
  }

  /// Applies what has been gathered.
  mutating func flush() {
    guard !rotations.isEmpty else { return }
    // Unsafe: strips of columns go to the kernels as pointers. A sweep's rows top ... top + count are below `size`,
    // which `endSweep` checks; column + 32 ≤ stride, or column + 8, since stride is a multiple of 8.
    elements.withUnsafeMutableBufferPointer { elements in
      rotations.withUnsafeBufferPointer { rotations in
        guard let base = elements.baseAddress, let first = rotations.baseAddress else { return }
        var column = 0
        while column < stride {
          var rotation = first
          let wide = column + 32 <= stride
          for sweep in sweeps {
            let row = base + (sweep.top + sweep.count) * stride + column
            if wide {
              rotateUpwardsBy32(row, stride: stride, rotation, count: sweep.count)
            } else {
              rotateUpwardsBy8(row, stride: stride, rotation, count: sweep.count)
            }
            rotation += sweep.count
          }
          column += wide ? 32 : 8
        }
      }
    }
    rotations.removeAll(keepingCapacity: true)
    sweeps.removeAll(keepingCapacity: true)
    firstOfSweep = 0
  }
}

private func rotateUpwardsBy32(
  _ lowest: UnsafeMutablePointer<Double>, stride: Int, _ rotations: UnsafePointer<SIMD2<Double>>, count: Int
) {
  // Unsafe: 32 neighbouring columns of count + 1 rows, which the caller has found in the matrix.
  var row = lowest
  var x0 = loadLanes(row)
  var x1 = loadLanes(row + 8)
  var x2 = loadLanes(row + 16)
  var x3 = loadLanes(row + 24)
  for k in 0..<count {
    let above = row - stride
    let c = Lanes(repeating: rotations[k].x)
    let s = Lanes(repeating: rotations[k].y)
    let y0 = loadLanes(above)
    let y1 = loadLanes(above + 8)
    let y2 = loadLanes(above + 16)
    let y3 = loadLanes(above + 24)
    storeLanes(multiplyAdd(c, x0, s * y0), row)
    storeLanes(multiplyAdd(c, x1, s * y1), row + 8)
    storeLanes(multiplyAdd(c, x2, s * y2), row + 16)
    storeLanes(multiplyAdd(c, x3, s * y3), row + 24)
    x0 = c * y0 - s * x0
    x1 = c * y1 - s * x1
    x2 = c * y2 - s * x2
    x3 = c * y3 - s * x3
    row = above
  }
  storeLanes(x0, row)
  storeLanes(x1, row + 8)
  storeLanes(x2, row + 16)
  storeLanes(x3, row + 24)
}

private func rotateUpwardsBy8(
  _ lowest: UnsafeMutablePointer<Double>, stride: Int, _ rotations: UnsafePointer<SIMD2<Double>>, count: Int
) {
  // Unsafe: 8 neighbouring columns of count + 1 rows, which the caller has found in the matrix.
  var row = lowest
  var x = loadLanes(row)
  for k in 0..<count {
    let above = row - stride
    let c = rotations[k].x
    let s = rotations[k].y
    let y = loadLanes(above)
    storeLanes(multiplyAdd(x, c, y * s), row)
    x = y * c - x * s
    row = above
  }
  storeLanes(x, row)
}
