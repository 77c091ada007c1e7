import Ch00Lanes

/// A matrix W [rows × columns] stored for products with panels: four rows side by side, column after column.
///
/// A *panel* is a list of `Lanes32`, one a feature: a matrix [features × 32 walkers]. The product W · panel is what every
/// layer of a network does for 32 walkers at once; it runs at the speed of the multiply-add units, because a weight is
/// broadcast to 32 walkers and 16 sums stay in registers.
public struct PackedWeights: Sendable {
  public let rows: Int
  public let columns: Int
  /// Rows rounded up to a multiple of four: what a panel must have room for that takes the product. The extra rows are 0.
  public var paddedRows: Int { (rows + 3) / 4 * 4 }
  @usableFromInline var storage: ContiguousArray<SIMD4<Double>>

  /// - Parameter element: the weight at (row, column).
  public init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) rows and \(columns) columns")
    self.rows = rows
    self.columns = columns
    storage = []
    storage.reserveCapacity((rows + 3) / 4 * columns)
    for block in stride(from: 0, to: rows, by: 4) {
      for column in 0..<columns {
        var four = SIMD4<Double>()
        for row in block..<min(block + 4, rows) { four[row - block] = element(row, column) }
        storage.append(four)
      }
    }
  }

  public subscript(row: Int, column: Int) -> Double { storage[row / 4 * columns + column][row % 4] }
}

/// C = C₀ + W B for one panel: C[r] = C₀[r] + Σ_k W[r, k] B[k], r < paddedRows.
///
/// - Parameters:
///   - b: holds the panel B, `columns` long, from index `bStart` on.
///   - start: the panel C₀, at least `paddedRows` long.
///   - c: receives C from index `cStart` on.
/// - Complexity: 64 · rows · columns floating-point operations, at the processor's peak for the sizes of this book.
@inline(never)
public func panelProduct(
  _ w: PackedWeights, _ b: ContiguousArray<Lanes32>, at bStart: Int = 0,
  from start: ContiguousArray<Lanes32>,
  into c: inout ContiguousArray<Lanes32>, at cStart: Int = 0
) {
  let rows = w.paddedRows
  precondition(bStart >= 0 && bStart + w.columns <= b.count, "panel B ends before \(bStart) + \(w.columns)")
  precondition(rows <= start.count, "panel C₀ has \(start.count) rows, \(rows) needed")
  precondition(cStart >= 0 && cStart + rows <= c.count, "panel C ends before \(cStart) + \(rows)")
  w.storage.withUnsafeBufferPointer { w4 in
    b.withUnsafeBufferPointer { b in
      start.withUnsafeBufferPointer { c0 in
        c.withUnsafeMutableBufferPointer { c in
          guard let w4 = w4.baseAddress, let b = b.baseAddress else { return }
          guard let c0 = c0.baseAddress, let c = c.baseAddress else { return }
          panelKernel(w4, b + bStart, c0, c + cStart, columns: w.columns, rows: w.rows)
        }
      }
    }
  }
}

/// C += W B for one panel.
@inline(never)
public func addPanelProduct(
  _ w: PackedWeights, _ b: ContiguousArray<Lanes32>, at bStart: Int = 0,
  to c: inout ContiguousArray<Lanes32>, at cStart: Int = 0
) {
  let rows = w.paddedRows
  precondition(bStart >= 0 && bStart + w.columns <= b.count, "panel B ends before \(bStart) + \(w.columns)")
  precondition(cStart >= 0 && cStart + rows <= c.count, "panel C ends before \(cStart) + \(rows)")
  w.storage.withUnsafeBufferPointer { w4 in
    b.withUnsafeBufferPointer { b in
      c.withUnsafeMutableBufferPointer { c in
        guard let w4 = w4.baseAddress, let b = b.baseAddress, let c = c.baseAddress else { return }
        panelKernel(w4, b + bStart, c + cStart, c + cStart, columns: w.columns, rows: w.rows)
      }
    }
  }
}

/// C = C₀ + W B for one panel in single precision: C[r] = C₀[r] + Σ_k W[r, k] B[k], r < paddedRows.
///
/// In this file because a debug build, which compiles files one by one, specialises a generic kernel only for its own.
///
/// - Parameters:
///   - b: holds the panel B, `columns` long, from index `bStart` on.
///   - start: the panel C₀, at least `paddedRows` long.
///   - c: receives C from index `cStart` on, `paddedRows` long.
/// - Complexity: 64 · rows · columns floating-point operations.
@inline(never)
public func panelProduct(
  _ w: SinglePackedWeights, _ b: ContiguousArray<SingleLanes32>, at bStart: Int,
  from start: ContiguousArray<SingleLanes32>, into c: inout ContiguousArray<SingleLanes32>, at cStart: Int = 0
) {
  let rows = w.paddedRows
  precondition(bStart >= 0 && bStart + w.columns <= b.count, "panel B ends before \(bStart) + \(w.columns)")
  precondition(
    rows <= start.count && cStart >= 0 && cStart + rows <= c.count,
    "panels of \(start.count) and \(c.count) rows, \(rows) needed from \(cStart) on")
  w.storage.withUnsafeBufferPointer { w4 in
    b.withUnsafeBufferPointer { b in
      start.withUnsafeBufferPointer { c0 in
        c.withUnsafeMutableBufferPointer { c in
          guard let w4 = w4.baseAddress, let b = b.baseAddress else { return }
          guard let c0 = c0.baseAddress, let c = c.baseAddress else { return }
          panelKernel(w4, b + bStart, c0, c + cStart, columns: w.columns, rows: w.rows)
        }
      }
    }
  }
}

#if AVX512
/// What a weight is multiplied with: the numbers of 32 walkers, in either precision.
private protocol PanelRow {
  associatedtype Scalar: SIMDScalar

  /// self += x·y.
  mutating func addProduct(_ x: Scalar, _ y: Self)
}
extension Lanes32: PanelRow {}
extension SingleLanes32: PanelRow {}

/// 4 rows × 32 walkers: of 32 registers, 16 are sums in double precision and 8 in single precision.
@inline(__always)
private func panelKernel<Row: PanelRow>(
  _ w: UnsafePointer<SIMD4<Row.Scalar>>, _ b: UnsafePointer<Row>, _ c0: UnsafePointer<Row>,
  _ c: UnsafeMutablePointer<Row>, columns: Int, rows: Int
) {
  var w = w
  var row = 0
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
@inline(__always)
private func panelKernel(
  _ w: UnsafePointer<SIMD4<Double>>, _ b: UnsafePointer<Lanes32>, _ c0: UnsafePointer<Lanes32>,
  _ c: UnsafeMutablePointer<Lanes32>, columns: Int, rows: Int
) {
  panelKernel(
    w, UnsafeRawPointer(b).assumingMemoryBound(to: Lanes.self),
    UnsafeRawPointer(c0).assumingMemoryBound(to: Lanes.self),
    UnsafeMutableRawPointer(c).assumingMemoryBound(to: Lanes.self), columns: columns, rows: rows)
}

@inline(__always)
private func panelKernel(
  _ w: UnsafePointer<SIMD4<Float>>, _ b: UnsafePointer<SingleLanes32>, _ c0: UnsafePointer<SingleLanes32>,
  _ c: UnsafeMutablePointer<SingleLanes32>, columns: Int, rows: Int
) {
  panelKernel(
    w, UnsafeRawPointer(b).assumingMemoryBound(to: SingleLanes32.Half.self),
    UnsafeRawPointer(c0).assumingMemoryBound(to: SingleLanes32.Half.self),
    UnsafeMutableRawPointer(c).assumingMemoryBound(to: SingleLanes32.Half.self), columns: columns, rows: rows)
}

/// 4 rows × one vector of walkers, as often as 32 walkers need it.
///
/// A vector is two registers, so that eight sums keep two multiply-add units busy (with NEON it is four): 8 of 16 AVX2
/// registers, 16 of 32 NEON registers. A processor with fewer registers than sums would spill them at every step.
@inline(__always)
private func panelKernel<Vector: SIMD>(
  _ w: UnsafePointer<SIMD4<Vector.Scalar>>, _ b: UnsafePointer<Vector>, _ c0: UnsafePointer<Vector>,
  _ c: UnsafeMutablePointer<Vector>, columns: Int, rows: Int
) where Vector.Scalar: FloatingPoint {
  let groups = 32 / Vector.scalarCount
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
