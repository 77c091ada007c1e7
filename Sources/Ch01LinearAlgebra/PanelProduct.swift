import Ch00Lanes

/// A matrix W [rows × columns] stored for products with panels: four rows side by side, column after column.
///
/// The product W · panel is what every layer of a network does for 32 walkers at once; it runs at the speed of the
/// multiply-add units, because a weight is broadcast to 32 walkers and 16 sums stay in registers.
///
///     let weights = PackedWeights<Lanes32>(rows: 64, columns: 64) { w[$0, $1] }
///     panelProduct(weights, h, from: bias, into: &y)
public struct PackedWeights<Row: PanelRow>: Sendable {
  /// Outputs of the product, without the padding.
  public let rows: Int
  /// Inputs of the product.
  public let columns: Int
  /// Rows rounded up to a multiple of four: what a panel must have room for that takes the product. The extra rows are
  /// 0.
  public var paddedRows: Int { (rows + 3) / 4 * 4 }
  @usableFromInline let storage: ContiguousArray<SIMD4<Row.Scalar>>

  /// W, rounded to the precision of the rows.
  public init(_ elements: StridedElements) {
    (rows, columns) = (elements.rows, elements.columns)
    storage = Row.pack(elements)
  }

  /// The same by a function of row and column.
  /// - Precondition: neither count is negative.
  public init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    let numbers = (0..<rows).flatMap { row in (0..<columns).map { element(row, $0) } }
    self.init(StridedElements(numbers[...], at: 0, rows: rows, columns: columns, rowStride: columns, columnStride: 1))
  }

  /// W_ij, in the precision of the rows. For tests: products read the storage as it lies.
  @inlinable public subscript(row: Int, column: Int) -> Row.Scalar { storage[row / 4 * columns + column][row % 4] }
}

/// A matrix that lies in a list of numbers, upright or transposed, or the sum of two that lie there alike:
///
///     W_ij = x[at + i·rowStride + j·columnStride]        ( + x[at + … + second] )
public struct StridedElements {
  /// Rows of W, whichever way it lies.
  public let rows: Int
  /// Columns of W.
  public let columns: Int
  fileprivate let numbers: ArraySlice<Double>
  fileprivate let (start, rowStride, columnStride): (Int, Int, Int)
  fileprivate let second: Int?

  /// W, where it lies in a list of numbers; nothing is copied.
  ///
  /// - Parameters:
  ///   - numbers: the list that the matrix lies in.
  ///   - start: the place of W_00, counted from the first number.
  ///   - rows: of W.
  ///   - columns: of W.
  ///   - rowStride: numbers from W_00 to W_10.
  ///   - columnStride: numbers from W_00 to W_01.
  ///   - second: how far behind the first matrix the other one begins; nil for none.
  /// - Precondition: counts and strides are not negative, and all elements are among the numbers.
  public init(
    _ numbers: ArraySlice<Double>, at start: Int, rows: Int, columns: Int, rowStride: Int, columnStride: Int,
    plus second: Int? = nil
  ) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    precondition(start >= 0 && rowStride >= 0 && columnStride >= 0 && (second ?? 0) >= 0, "negative places")
    let last = start + (rows - 1) * rowStride + (columns - 1) * columnStride + (second ?? 0)
    precondition(rows == 0 || columns == 0 || last < numbers.count, "the matrix ends beyond \(numbers.count) numbers")
    (self.numbers, self.start, self.second) = (numbers, start, second)
    (self.rows, self.columns, self.rowStride, self.columnStride) = (rows, columns, rowStride, columnStride)
  }
}

/// C = C₀ + W B for one panel: C[r] = C₀[r] + Σ_k W[r, k] B[k], r < paddedRows.
///
/// - Parameters:
///   - w: W, packed.
///   - b: holds the panel B, `columns` long, from index `bStart` on.
///   - bStart: the first row of B.
///   - start: the panel C₀, at least `paddedRows` long.
///   - c: receives C from index `cStart` on.
///   - cStart: the first row of C.
/// - Complexity: 64 · rows · columns floating-point operations, at the processor's peak for the sizes of this book.
/// - Precondition: the three panels lie within their arrays.
@specialized(where Row == Lanes32)
@specialized(where Row == SingleLanes32)
public func panelProduct<Row>(
  _ w: PackedWeights<Row>, _ b: ContiguousArray<Row>, at bStart: Int = 0, from start: ContiguousArray<Row>,
  into c: inout ContiguousArray<Row>, at cStart: Int = 0
) {
  Row.multiply(w.storage, b, at: bStart, from: start, into: &c, at: cStart, columns: w.columns, rows: w.rows)
}

// The kernels, compiled for both precisions in this file: a debug build compiles files one by one, and a generic
// function only for what its own file makes of it.

extension Lanes32 {
  /// W in double precision, four rows side by side.
  public static func pack(_ elements: StridedElements) -> ContiguousArray<SIMD4<Double>> { packed(elements) }

  /// C = C₀ + W B in double precision.
  public static func multiply(
    _ w: ContiguousArray<SIMD4<Double>>, _ b: Panel, at bStart: Int, from c0: Panel, into c: inout Panel,
    at cStart: Int, columns: Int, rows: Int
  ) {
    multiplyPanel(w, b, bStart, c0, &c, cStart, columns, rows)
  }
}

extension SingleLanes32 {
  /// W rounded to single precision, four rows side by side.
  public static func pack(_ elements: StridedElements) -> ContiguousArray<SIMD4<Float>> { packed(elements) }

  /// C = C₀ + W B in single precision.
  public static func multiply(
    _ w: ContiguousArray<SIMD4<Float>>, _ b: Panel, at bStart: Int, from c0: Panel, into c: inout Panel, at cStart: Int,
    columns: Int, rows: Int
  ) {
    multiplyPanel(w, b, bStart, c0, &c, cStart, columns, rows)
  }
}

@inline(__always)
private func packed<Scalar: SIMDScalar & BinaryFloatingPoint>(
  _ w: StridedElements
) -> ContiguousArray<SIMD4<Scalar>> {
  let blocks = (w.rows + 3) / 4
  var storage = ContiguousArray(repeating: SIMD4<Scalar>(), count: blocks * w.columns)
  // Unsafe: indices that are not checked, for speed: a direction is packed for every product with a metric. Row < w.rows and
  // column < w.columns are places among the numbers, as the initialiser of `StridedElements` has found.
  w.numbers.withUnsafeBufferPointer { numbers in
    storage.withUnsafeMutableBufferPointer { storage in
      for block in 0..<blocks {
        for column in 0..<w.columns {
          let at = w.start &+ 4 &* block &* w.rowStride &+ column &* w.columnStride
          var four = SIMD4<Scalar>()
          for row in 0..<min(4, w.rows &- 4 &* block) {
            let place = at &+ row &* w.rowStride
            four[row] = Scalar(w.second.map { numbers[place] + numbers[place &+ $0] } ?? numbers[place])
          }
          storage[block &* w.columns &+ column] = four
        }
      }
    }
  }
  return storage
}

@inline(__always)
private func multiplyPanel<Row: PanelRow>(
  _ w: ContiguousArray<SIMD4<Row.Scalar>>, _ b: Row.Panel, _ bStart: Int, _ c0: Row.Panel, _ c: inout Row.Panel,
  _ cStart: Int, _ columns: Int, _ rows: Int
) {
  let padded = (rows + 3) / 4 * 4
  precondition(rows >= 0 && columns >= 0 && padded / 4 * columns <= w.count, "the weights have no such shape")
  precondition(bStart >= 0 && bStart + columns <= b.count, "panel B ends beyond its array")
  precondition(padded <= c0.count, "panel C₀ ends beyond its array")
  precondition(cStart >= 0 && cStart + padded <= c.count, "panel C ends beyond its array")
  // Unsafe: pointers run at 141 GFLOP/s, arrays with checked indices at 119 (64 × 128 × 512). The weights and the three
  // panels end within their arrays: the preconditions, here because `multiply` is public.
  w.withUnsafeBufferPointer { w in
    b.withUnsafeBufferPointer { b in
      c0.withUnsafeBufferPointer { c0 in
        c.withUnsafeMutableBufferPointer { c in
          guard let w = w.baseAddress, let b = b.baseAddress else { return }
          guard let c0 = c0.baseAddress, let c = c.baseAddress else { return }
          productKernel(w, b + bStart, c0, c + cStart, columns: columns, rows: rows)
        }
      }
    }
  }
}

#if AVX512
/// 4 rows × 32 walkers in double precision, 8 rows in single precision: 16 of 32 registers are sums either way. Eight sums
/// would hide the latency of a multiply-add as well, but loads would then come as fast as multiply-adds.
@inline(__always)
private func productKernel<Row: PanelRow>(
  _ w: UnsafePointer<SIMD4<Row.Scalar>>, _ b: UnsafePointer<Row>, _ c0: UnsafePointer<Row>,
  _ c: UnsafeMutablePointer<Row>, columns: Int, rows: Int
) {
  // Unsafe: row + 3 is below the padded number of rows, k below that of columns, and w advances by as many; all checked
  // above.
  var w = w
  var row = 0
  while MemoryLayout<Row.Scalar>.size == 4, row &+ 8 <= rows {
    // Unsafe: eight rows are two blocks of weights, `columns` each.
    var s0 = c0[row]
    var s1 = c0[row &+ 1]
    var s2 = c0[row &+ 2]
    var s3 = c0[row &+ 3]
    var s4 = c0[row &+ 4]
    var s5 = c0[row &+ 5]
    var s6 = c0[row &+ 6]
    var s7 = c0[row &+ 7]
    let next = w + columns
    for k in 0..<columns {
      let (x, z) = (w[k], next[k])
      let y = b[k]
      s0.addProduct(x[0], y)
      s1.addProduct(x[1], y)
      s2.addProduct(x[2], y)
      s3.addProduct(x[3], y)
      s4.addProduct(z[0], y)
      s5.addProduct(z[1], y)
      s6.addProduct(z[2], y)
      s7.addProduct(z[3], y)
    }
    c[row] = s0
    c[row &+ 1] = s1
    c[row &+ 2] = s2
    c[row &+ 3] = s3
    c[row &+ 4] = s4
    c[row &+ 5] = s5
    c[row &+ 6] = s6
    c[row &+ 7] = s7
    w += 2 &* columns
    row &+= 8
  }
  while row < rows {
    var s0 = c0[row]
    var s1 = c0[row &+ 1]
    if rows &- row <= 2 {
      // The orbitals' last rows: half a block of weights is zero.
      for k in 0..<columns {
        let x = w[k]
        s0.addProduct(x[0], b[k])
        s1.addProduct(x[1], b[k])
      }
      c[row] = s0
      c[row &+ 1] = s1
      c[row &+ 2] = c0[row &+ 2]
      c[row &+ 3] = c0[row &+ 3]
      return
    }
    // Unsafe: the other two rows of four, within the same padded panels.
    var s2 = c0[row &+ 2]
    var s3 = c0[row &+ 3]
    for k in 0..<columns {
      let x = w[k]
      let y = b[k]
      s0.addProduct(x[0], y)
      s1.addProduct(x[1], y)
      s2.addProduct(x[2], y)
      s3.addProduct(x[3], y)
    }
    c[row] = s0
    c[row &+ 1] = s1
    c[row &+ 2] = s2
    c[row &+ 3] = s3
    w += columns
    row &+= 4
  }
}
#else
/// 4 rows × one vector of walkers, as often as 32 walkers need it.
///
/// A vector is two registers, so that eight sums keep two multiply-add units busy (with NEON it is four): 8 of 16 AVX2
/// registers, 16 of 32 NEON registers. A processor with fewer registers than sums would spill them at every step.
@inline(__always)
private func productKernel<Row: PanelRow>(
  _ w: UnsafePointer<SIMD4<Row.Scalar>>, _ b: UnsafePointer<Row>, _ c0: UnsafePointer<Row>,
  _ c: UnsafeMutablePointer<Row>, columns: Int, rows: Int
) {
  // Unsafe: a row of 32 walkers as `groups` registers. row + 3 is below the padded number of rows, k below that of
  // columns, and w advances by as many; all checked above.
  typealias Vector = Row.Vector
  let groups = 32 / Vector.scalarCount
  let b = UnsafeRawPointer(b).assumingMemoryBound(to: Vector.self)
  let c0 = UnsafeRawPointer(c0).assumingMemoryBound(to: Vector.self)
  let c = UnsafeMutableRawPointer(c).assumingMemoryBound(to: Vector.self)
  var w = w
  var row = 0
  while row < rows {
    for group in 0..<groups {
      let at = groups &* row &+ group
      var s0 = c0[at]
      var s1 = c0[at &+ groups]
      var s2 = c0[at &+ 2 &* groups]
      var s3 = c0[at &+ 3 &* groups]
      for k in 0..<columns {
        let x = w[k]
        let y = b[groups &* k &+ group]
        s0 = multiplyAdd(y, Vector(repeating: x[0]), s0)
        s1 = multiplyAdd(y, Vector(repeating: x[1]), s1)
        s2 = multiplyAdd(y, Vector(repeating: x[2]), s2)
        s3 = multiplyAdd(y, Vector(repeating: x[3]), s3)
      }
      c[at] = s0
      c[at &+ groups] = s1
      c[at &+ 2 &* groups] = s2
      c[at &+ 3 &* groups] = s3
    }
    w += columns
    row &+= 4
  }
}
#endif
