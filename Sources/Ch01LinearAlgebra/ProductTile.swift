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

// Unsafe: sums in registers at the processor's peak (pointers 141 GFLOP/s, checked indices 119). The caller has packed
// steps · 4 and steps · 32 numbers, and C has 4 rows of 32 at the target.
/// - Parameters:
///   - a: `rows` numbers a step.
///   - b: `columns` numbers a step.
///   - c: the tile, row after row at a distance of `stride`.
func addTile(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, steps: Int, to c: UnsafeMutablePointer<Double>, stride: Int
) {
  let b = UnsafeRawPointer(b).assumingMemoryBound(to: Lanes32.self)
  var s0 = Lanes32.zero
  var s1 = Lanes32.zero
  var s2 = Lanes32.zero
  var s3 = Lanes32.zero
  var a = a
  for k in 0..<steps {
    let y = b[k]
    s0.addProduct(a[0], y)
    s1.addProduct(a[1], y)
    s2.addProduct(a[2], y)
    s3.addProduct(a[3], y)
    a += 4
  }
  add(s0, to: c)
  add(s1, to: c + stride)
  add(s2, to: c + 2 &* stride)
  add(s3, to: c + 3 &* stride)
}

@inline(__always) private func add(_ s: Lanes32, to c: UnsafeMutablePointer<Double>) {
  // Unsafe: 32 neighbouring numbers, a row of the tile.
  add(s.a, to: c)
  add(s.b, to: c + 8)
  add(s.c, to: c + 16)
  add(s.d, to: c + 24)
}

#else

/// - Parameters:
///   - a: `rows` numbers a step.
///   - b: `columns` numbers a step.
///   - c: the tile, row after row at a distance of `stride`.
func addTile(
  _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, steps: Int, to c: UnsafeMutablePointer<Double>, stride: Int
) {
  // Unsafe: sums in registers at the processor's peak. The caller has packed steps · rows and steps · columns numbers,
  // and C has `rows` rows of `columns` at the target.
  let b = UnsafeRawPointer(b).assumingMemoryBound(to: Lanes.self)
  var a = a
  var s0 = Lanes.zero
  var s1 = Lanes.zero
  #if !arch(x86_64) || NATIVE_SIMD
  var s2 = Lanes.zero
  var s3 = Lanes.zero
  #endif
  #if arch(x86_64) && NATIVE_SIMD
  var s4 = Lanes.zero
  var s5 = Lanes.zero
  #endif
  for k in 0..<steps {
    let y = b[k]
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
  add(s0, to: c)
  add(s1, to: c + stride)
  // Unsafe: the other rows of the tile, as many as `ProductTile.rows` says for this processor.
  #if !arch(x86_64) || NATIVE_SIMD
  add(s2, to: c + 2 &* stride)
  add(s3, to: c + 3 &* stride)
  #endif
  #if arch(x86_64) && NATIVE_SIMD
  add(s4, to: c + 4 &* stride)
  add(s5, to: c + 5 &* stride)
  #endif
}

#endif

@inline(__always) private func add(_ s: Lanes, to c: UnsafeMutablePointer<Double>) {
  // Unsafe: eight neighbouring numbers in a row of the tile.
  storeLanes(loadLanes(c) + s, c)
}
