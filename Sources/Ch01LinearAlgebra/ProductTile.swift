import Ch00Lanes

/// The innermost step of every matrix product: a tile of C that stays in registers while a row of A and a column of B
/// pass.
///
///     C[r, j] += Σ_k a[k, r] b[k, j]        r < rows, j < columns
///
/// a and b are packed, so that step k reads `rows` and `columns` neighbouring numbers. How large a tile pays depends on
/// the registers: enough sums to hide the latency of a fused multiply-add (8 to 10 on processors of 2025), few enough
/// that none is spilled, and as square as that allows, since a step loads rows + columns numbers for rows · columns
/// sums.
enum ProductTile {
  #if AVX512
  // 32 registers of 8: 16 sums, 4 of b.
  static var rows: Int { 4 }
  static var columns: Int { 32 }
  #elseif arch(x86_64) && NATIVE_SIMD
  // 16 registers of 4: 12 sums, 2 of b.
  static var rows: Int { 6 }
  static var columns: Int { 8 }
  #elseif arch(x86_64)
  // 16 registers of 2: 8 sums, 4 of b.
  static var rows: Int { 2 }
  static var columns: Int { 8 }
  #else
  // 32 registers of 2: 16 sums, 4 of b.
  static var rows: Int { 4 }
  static var columns: Int { 8 }
  #endif
}

#if AVX512
private typealias TileRow = Lanes32
#else
private typealias TileRow = Lanes
#endif

// Unsafe: the caller has packed steps · rows and steps · columns numbers, and C has `rows` rows of `columns` at the
// target.
/// - Parameters:
///   - a: `rows` numbers a step.
///   - b: `columns` numbers a step.
///   - c: the tile, row after row at a distance of `stride`.
///   - overwriting: whether C is the sum, whatever stood there, and not increased by it.
func addTile(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, steps: Int, to c: UnsafeMutablePointer<Double>, stride: Int,
  overwriting: Bool
) {
  let b = UnsafeRawPointer(b).assumingMemoryBound(to: TileRow.self)
  addTile(a, steps: steps, to: c, stride: stride, overwriting: overwriting) { b[$0] }
}

// Unsafe: as above, but for `b`, of which row k has `columns` numbers at k · distance; the panel has room for steps ·
// columns.
/// The same with b as it lies in its matrix. It is packed on the way, while the multiplier is busy.
func addTile(
  _ a: UnsafePointer<Double>, packing b: UnsafePointer<Double>, distance: Int, into panel: UnsafeMutablePointer<Double>,
  steps: Int, to c: UnsafeMutablePointer<Double>, stride: Int, overwriting: Bool
) {
  let panel = UnsafeMutableRawPointer(panel).assumingMemoryBound(to: TileRow.self)
  addTile(a, steps: steps, to: c, stride: stride, overwriting: overwriting) { k in
    let row = load(b + k &* distance)
    panel[k] = row
    return row
  }
}

#if AVX512

@inline(__always)
private func addTile(
  _ a: UnsafePointer<Double>, steps: Int, to c: UnsafeMutablePointer<Double>, stride: Int, overwriting: Bool,
  _ b: (_ step: Int) -> TileRow
) {
  // Unsafe: sums in registers at the processor's peak (pointers 141 GFLOP/s, checked indices 119). a has four numbers a
  // step, C four rows.
  var s0 = TileRow.zero
  var s1 = TileRow.zero
  var s2 = TileRow.zero
  var s3 = TileRow.zero
  var a = a
  for k in 0..<steps {
    let y = b(k)
    s0.addProduct(a[0], y)
    s1.addProduct(a[1], y)
    s2.addProduct(a[2], y)
    s3.addProduct(a[3], y)
    a += 4
  }
  add(s0, to: c, overwriting)
  add(s1, to: c + stride, overwriting)
  add(s2, to: c + 2 &* stride, overwriting)
  add(s3, to: c + 3 &* stride, overwriting)
}

@inline(__always) private func load(_ b: UnsafePointer<Double>) -> TileRow {
  // Unsafe: 32 neighbouring numbers of a row of B, which the caller has found.
  TileRow(loadLanes(b), loadLanes(b + 8), loadLanes(b + 16), loadLanes(b + 24))
}

@inline(__always) private func add(_ s: TileRow, to c: UnsafeMutablePointer<Double>, _ overwriting: Bool) {
  // Unsafe: 32 neighbouring numbers, a row of the tile.
  add(s.a, to: c, overwriting)
  add(s.b, to: c + 8, overwriting)
  add(s.c, to: c + 16, overwriting)
  add(s.d, to: c + 24, overwriting)
}

#else

@inline(__always)
private func addTile(
  _ a: UnsafePointer<Double>, steps: Int, to c: UnsafeMutablePointer<Double>, stride: Int, overwriting: Bool,
  _ b: (_ step: Int) -> TileRow
) {
  // Unsafe: sums in registers at the processor's peak. a has as many numbers a step, and C as many rows, as
  // `ProductTile.rows` says for this processor.
  var a = a
  var s0 = TileRow.zero
  var s1 = TileRow.zero
  #if !arch(x86_64) || NATIVE_SIMD
  var s2 = TileRow.zero
  var s3 = TileRow.zero
  #endif
  #if arch(x86_64) && NATIVE_SIMD
  var s4 = TileRow.zero
  var s5 = TileRow.zero
  #endif
  for k in 0..<steps {
    let y = b(k)
    s0 = multiplyAdd(y, a[0], s0)
    s1 = multiplyAdd(y, a[1], s1)
    #if !arch(x86_64) || NATIVE_SIMD
    s2 = multiplyAdd(y, a[2], s2)
    s3 = multiplyAdd(y, a[3], s3)
    #endif
    #if arch(x86_64) && NATIVE_SIMD
    s4 = multiplyAdd(y, a[4], s4)
    s5 = multiplyAdd(y, a[5], s5)
    #endif
    a += ProductTile.rows
  }
  add(s0, to: c, overwriting)
  add(s1, to: c + stride, overwriting)
  #if !arch(x86_64) || NATIVE_SIMD
  add(s2, to: c + 2 &* stride, overwriting)
  add(s3, to: c + 3 &* stride, overwriting)
  #endif
  #if arch(x86_64) && NATIVE_SIMD
  add(s4, to: c + 4 &* stride, overwriting)
  add(s5, to: c + 5 &* stride, overwriting)
  #endif
}

// Unsafe: eight neighbouring numbers of a row of B, which the caller has found.
@inline(__always) private func load(_ b: UnsafePointer<Double>) -> TileRow { loadLanes(b) }

#endif

@inline(__always) private func add(_ s: Lanes, to c: UnsafeMutablePointer<Double>, _ overwriting: Bool) {
  // Unsafe: eight neighbouring numbers in a row of the tile.
  storeLanes(overwriting ? s : loadLanes(c) + s, c)
}
